import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Actor } from '../../shared/actor.ts';
import { accountOf } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { isId, newId } from '../../shared/ids.ts';
import { page, type Page, type Tx } from '../../storage/index.ts';
import { type Field, FileFault, type ImportKind, LIMITS } from '../import/index.ts';
import type { ImportsDeps } from './deps.ts';
import { isReady, newFacts, undoableUntil, type Facts, type Given, type Import, type ImportState } from './facts.ts';
import { keptRows, type KeptRow } from './kept.ts';
import { dropFile, keepFile } from './reading.ts';
import { badRows, type BadRow } from './row-store.ts';
import { createRunner } from './runner.ts';
import { changeImport, findEarlier, findImport, insertImport, listImports, type Changes } from './store.ts';

export interface NewImport {
  kind: ImportKind;
  filename: string;
  bytes: Buffer;
  given: Given;
}

/** Files of customers, purchases, invoices and dealings: received, checked, brought in, taken back. */
export interface Imports {
  /**
   * Takes a file; it is read in the background. The import's id.
   * @throws FileFault when it is larger than we read
   */
  receive(actor: Actor, file: NewImport): Promise<string>;
  /** @throws NotFound */
  get(id: string): Promise<Import>;
  list(after: string | null, limit: number): Promise<Page<Import>>;
  /** The last import of the very same file that was finished and not undone. */
  earlier(given: Import): Promise<Import | undefined>;
  /** In the file's order, after that row of the spreadsheet. */
  badRows(id: string, after: number, limit: number): Promise<Page<BadRow>>;
  allBadRows(id: string): AsyncGenerator<BadRow[]>;
  /** What an undo left in, since somebody has changed it. */
  keptRows(given: Import, after: number, limit: number): Promise<Page<KeptRow>>;

  /** Reads the file again with a person's word for its columns, by position. */
  chooseColumns(actor: Actor, id: string, choice: (Field | null)[], decimal: Facts['chosenDecimal']): Promise<void>;
  /** Brings in what was found in order; or goes on with an import that broke off. */
  begin(actor: Actor, id: string): Promise<void>;
  /** Takes back what nobody has changed since. */
  undo(actor: Actor, id: string): Promise<void>;
  /** Throws a file away that has not been imported. */
  discard(actor: Actor, id: string): Promise<void>;

  start(): void;
  stop(): Promise<void>;
  /** Does all that waits, one import after another. */
  runDue(): Promise<void>;
  /** The same until nothing more happens with this one, here or in another process. */
  settle(id: string): Promise<Import>;
}

const PAGE = 500;
const SETTLE_MS = 200;

export function createImports(deps: ImportsDeps): Imports {
  const { storage, clock, audit } = deps;
  const runner = createRunner(deps);

  async function get(id: string): Promise<Import> {
    const found = isId(id) ? await findImport(storage.read, id) : undefined;
    if (!found || found.state === 'receiving') throw new NotFound();
    return found;
  }

  /** Changes the state, or throws Conflict where it is another one meanwhile. */
  async function move(id: string, from: ImportState, changes: Changes, also?: (tx: Tx) => Promise<void>) {
    await storage.transaction(async (tx) => {
      if (!(await changeImport(tx, id, from, changes))) throw new Conflict('imports.error.moved');
      await also?.(tx);
    });
    runner.wake();
  }

  const noted =
    (actor: Actor, action: string, { id, kind }: Import, detail: object) =>
    (tx: Tx) =>
      audit(tx, actor, `imports.${action}`, { kind: 'import', id }, { kind, ...detail });

  return {
    get,

    async receive(actor, { kind, filename, bytes, given }) {
      if (bytes.length > LIMITS.fileBytes) throw tooLarge();
      const id = newId(clock);
      await storage.transaction((tx) =>
        insertImport(tx, {
          id,
          kind,
          filename,
          fingerprint: createHash('sha256').update(bytes).digest('hex'),
          state: 'receiving',
          facts: JSON.stringify(newFacts(given, actor)),
          ...NO_ROWS,
          created_by: accountOf(actor),
          created_at: timestamp(clock),
          finished_at: null,
          forgotten_at: null,
        }),
      );
      await keepFile(storage, id, bytes);
      await move(id, 'receiving', { state: 'reading' });
      return id;
    },

    async list(after, limit) {
      const rows = await listImports(storage.read, isId(after) ? after : null, limit + 1);
      return page(rows, limit, ({ id }) => id);
    },

    earlier: (given) => findEarlier(storage.read, given),

    async badRows(id, after, limit) {
      return page(await badRows(storage.read, id, after, limit + 1), limit, ({ row }) => String(row));
    },

    async *allBadRows(id) {
      for (let after = 0; ;) {
        const rows = await badRows(storage.read, id, after, PAGE);
        if (rows.length === 0) return;
        yield rows;
        after = rows.at(-1)?.row ?? 0;
      }
    },

    keptRows: (given, after, limit) => keptRows(deps, given, after, limit),

    async chooseColumns(actor, id, choice, decimal) {
      const { facts } = await get(id);
      const chosen = { ...facts, actor, choice, chosenDecimal: decimal };
      await move(id, 'checked', { state: 'reading', facts: chosen, ...NO_ROWS });
    },

    async begin(actor, id) {
      const given = await get(id);
      const again = given.state === 'failed' && given.facts.failedIn === 'importing';
      if (given.state !== 'checked' && !again) throw new Conflict('imports.error.moved');
      if (!isReady(given)) throw new Conflict('imports.error.nothing');
      const facts = { ...given.facts, actor, fault: null, failedIn: null };
      const changes: Changes = { state: 'importing', facts, ...(again ? {} : { rows_done: 0 }) };
      const { new: added, update: updated } = given.rows;
      await move(id, given.state, changes, noted(actor, 'started', given, { count: added + updated }));
    },

    async undo(actor, id) {
      const given = await get(id);
      if (!isUndoable(given, timestamp(clock))) throw new Conflict('imports.error.tooLate');
      const facts = { ...given.facts, actor, fault: null, failedIn: null };
      const again = given.facts.failedIn === 'undoing';
      const changes: Changes = { state: 'undoing', facts, ...(again ? {} : { rows_done: 0 }) };
      await move(
        id,
        given.state,
        changes,
        noted(actor, 'undone', given, { count: given.rows.new + given.rows.update }),
      );
    },

    async discard(actor, id) {
      const given = await get(id);
      if (given.state !== 'checked') throw new Conflict('imports.error.moved');
      await move(id, 'checked', { state: 'discarded' }, noted(actor, 'discarded', given, {}));
      await dropFile(storage, id);
    },

    start: () => runner.start(),
    stop: () => runner.stop(),
    runDue: () => runner.runDue(),
    async settle(id) {
      for (;;) {
        await runner.runDue();
        const given = await get(id);
        if (given.state !== 'reading' && given.state !== 'importing' && given.state !== 'undoing') return given;
        await setTimeout(SETTLE_MS);
      }
    },
  };
}

const NO_ROWS = {
  rows_total: 0,
  rows_bad: 0,
  rows_new: 0,
  rows_update: 0,
  rows_same: 0,
  rows_done: 0,
  rows_kept: 0,
};

function tooLarge(): FileFault {
  return new FileFault('import.file.tooLarge', { megabytes: LIMITS.fileBytes / 1024 / 1024 });
}

/** For a day after it was finished; one that broke off at any time. */
export function isUndoable(given: Import, now: string): boolean {
  if (given.forgottenAt !== null) return false;
  if (given.state === 'failed') return given.facts.failedIn !== 'reading';
  const until = undoableUntil(given);
  return given.state === 'done' && until !== null && now < until;
}
