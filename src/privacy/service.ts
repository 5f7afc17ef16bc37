import { earlierNames, personOf, unfinishedImport } from '../customers/index.ts';
import { repeating } from '../scheduler/index.ts';
import { SYSTEM, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import { createHooks, type Hooks } from '../storage/index.ts';
import type { PrivacyDeps } from './deps.ts';
import { createErasing } from './erasing.ts';
import { createExporting, type Exported } from './exporting.ts';
import { openErasureJournal } from './journal.ts';
import { createKeeping } from './keeping.ts';

/** Whoever else keeps something on them is to forget it, too. */
export interface Erased {
  id: string;
  at: string;
}

export interface Privacy {
  /** Runs in the same transaction when somebody asked to be forgotten; not where a copy is put right. */
  onErased: Hooks<Erased>['on'];
  /** Everything that is held on a customer; written to the audit log. @throws NotFound */
  exported(actor: Actor, id: string): Promise<Exported>;
  /**
   * Takes a customer's identity and words away for good; every total stays as it was. @throws NotFound, and Conflict
   * where an import is not finished or a message to them is just leaving
   */
  erase(actor: Actor, id: string): Promise<void>;
  /** The id of whoever has that reference. @throws NotFound */
  idOf(reference: string): Promise<string>;
  /** Erases again whoever the journal beside the secret names: for the start, and after a restore. */
  prepare(): Promise<void>;
  /** All that is due: what came in while somebody was erased, and words past the time for which they are kept. */
  work(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

const EVERY_MS = 60_000;
/** Nobody who had begun to write before an erasure is still at it after so long. */
const SWEPT_MINUTES = 15;

export function createPrivacy(deps: PrivacyDeps): Privacy {
  const { storage, clock, logger, accounts, customers } = deps;
  const journal = openErasureJournal(deps.erasures);
  const erasing = createErasing(deps);
  const keeping = createKeeping(deps);
  const exporting = createExporting(deps);
  const erased = createHooks<Erased>();
  const now = () => timestamp(clock);

  async function eraseOne(actor: Actor, id: string, at: string, insists: boolean): Promise<boolean> {
    const isGone = await storage.transaction(async (tx) => {
      const person = await personOf(tx, id);
      const names = person ? await earlierNames(tx, person) : [];
      if (!person || !(await erasing.erase(tx, { person, at, insists }))) return false;
      for (const name of names) await erasing.eraseName(tx, { person: name, at, insists });
      await accounts.audit(tx, actor, 'privacy.erased', { kind: 'customer', id });
      if (insists) return true;
      await erased.tell(tx, { id, at });
      // On the disk before the database has it, and only where nothing stood in the way: a later start ends what a crash cut.
      // An older copy knows a record that was merged since as somebody of its own.
      for (const each of [person, ...names]) journal.append({ at, id: each.id });
      return true;
    });
    if (isGone) await storage.scrub();
    return isGone;
  }

  /** Again for those just erased: somebody may have begun to write about them before, and ended after. */
  async function sweep(): Promise<void> {
    const since = addMinutes(now(), -SWEPT_MINUTES);
    const some = journal.all().filter(({ at }) => at >= since);
    for (const { id, at } of some) {
      const person = { id, reference: '', email: '', names: [], refused: false };
      await storage.transaction(async (tx) => {
        if (!(await personOf(tx, id))) await erasing.forget(tx, { person, at, insists: true });
      });
    }
    if (some.length > 0) await storage.scrub();
  }

  const background = repeating(EVERY_MS, logger, 'background work of privacy failed', work);
  async function work(): Promise<void> {
    await sweep();
    await keeping.forgetOld();
  }

  return {
    onErased: erased.on,
    exported: exporting,
    async erase(actor, id) {
      if (!(await personOf(storage.read, id))) throw new NotFound();
      if (await unfinishedImport(storage.read)) throw new Conflict('privacy.error.importing');
      if (!(await eraseOne(actor, id, now(), false))) throw new NotFound();
    },
    async idOf(reference) {
      const customer = await customers.findByReference(reference);
      if (!customer || customer.erasedAt !== null) throw new NotFound();
      return customer.id;
    },
    async prepare() {
      let count = 0;
      for (const { id, at } of journal.all()) {
        // Nearly all are gone already, and whoever starts waits for this.
        if ((await personOf(storage.read, id)) && (await eraseOne(SYSTEM, id, at, true))) count++;
      }
      if (count > 0) logger.warn({ count }, 'customers that this copy still knew were erased again');
    },
    work,
    start: background.start,
    stop: background.stop,
  };
}
