import { mergedSince, runningImport, type Customer, type MergeChoices, type Pair } from '../customers/index.ts';
import { cardForBoth, keepLatestWishes, ASK, GREETING } from '../loyalty/index.ts';
import { onTheWay } from '../mailer/index.ts';
import { subjectsOf } from '../privacy/index.ts';
import { joinConversations, openForBoth, WINBACK_LETTER } from '../recovery/index.ts';
import { endSecondCall, endSecondCalm } from '../reports/index.ts';
import { TELLING } from '../retention/index.ts';
import { repeating } from '../scheduler/index.ts';
import type { Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { addMinutes } from '../shared/dates.ts';
import { Conflict, type Result } from '../shared/errors.ts';
import { countRows, createHooks, moveRows, type Hook, type Tx } from '../storage/index.ts';
import type { MergingDeps } from './deps.ts';
import { ALL_ROWS, MOVED_ROWS, TOLD } from './rows.ts';

/** Whose record went into whose. */
export interface MergedRecords {
  keptId: string;
  otherId: string;
  at: string;
}

export interface Merging {
  /**
   * Two records of one person become one, in one transaction: all that hangs on the other one is the kept one's from then on,
   * and its reference, its address and the links that were sent lead there. Field errors name what nobody chose between.
   * @throws Conflict where something stands in the way
   */
  merge(actor: Actor, pair: Pair, choices: MergeChoices): Promise<Result<Customer>>;
  /** Runs in the same transaction when two records became one. */
  onMerged(hook: Hook<MergedRecords>): void;
  /** How much of what moves with a record, by table; tables with none are missing. */
  holdings(id: string): Promise<{ table: (typeof TOLD)[number]; count: number }[]>;
  /** What was written to a record while it was being merged follows it. */
  work(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

const EVERY_MS = 60_000;
/** Nobody who had begun to write before is still at it after so long. */
const SWEPT_MINUTES = 15;
/** What may not come twice. What a colleague has written in a case still goes to the same person. */
const WITHDRAWN = [GREETING, ASK, TELLING, WINBACK_LETTER];

export function createMerging(deps: MergingDeps): Merging {
  const { storage, clock, logger, customers } = deps;
  const merged = createHooks<MergedRecords>();

  async function sweep(): Promise<void> {
    for (const { id, reference, keptId } of await mergedSince(
      storage.read,
      addMinutes(timestamp(clock), -SWEPT_MINUTES),
    )) {
      if (keptId === null) continue;
      await storage.transaction(async (tx) => {
        await customers.carryOver(tx, { id, reference }, keptId);
        await carryRest(deps, tx, id, keptId);
      });
    }
  }

  const background = repeating(EVERY_MS, logger, 'background work of merging failed', sweep);
  return {
    async merge(actor, pair, choices) {
      // An address that nobody may write to says so for the whole person.
      const refusing = await areRefused(deps, [pair.keptId, pair.otherId]);
      const done = await storage.transaction(async (tx) => {
        const made = await mergeIn(deps, tx, actor, { pair, choices, refusing });
        if (made.ok) await merged.tell(tx, { keptId: pair.keptId, otherId: pair.otherId, at: timestamp(clock) });
        return made;
      });
      return done.ok ? { ok: true, value: await customers.get(pair.keptId) } : done;
    },
    onMerged: merged.on,
    async holdings(id) {
      const found = [];
      for (const table of TOLD) {
        const rows = ALL_ROWS.find((each) => each.table === table);
        const count = rows ? await countRows(storage.read, rows, id) : 0;
        if (count > 0) found.push({ table, count });
      }
      return found;
    },
    work: sweep,
    start: background.start,
    stop: background.stop,
  };
}

interface Told {
  pair: Pair;
  choices: MergeChoices;
  /** An address of theirs is one that they do not want to be written to at. */
  refusing: boolean;
}

async function mergeIn(deps: MergingDeps, tx: Tx, actor: Actor, told: Told): Promise<Result<void>> {
  const { customers } = deps;
  const { kept, other } = await customers.pairOf(tx, told.pair);
  await refuseWhileBusy(tx, kept.id, other.id);
  const records = await customers.mergeRecords(tx, actor, { kept, other }, told.choices);
  if (!records.ok) return records;
  await joinConversations({ cases: deps.recovery.cases, clock: deps.clock }, tx, actor, [kept.id, other.id]);
  await withdraw(deps, tx, other.id);
  await carryRest(deps, tx, other.id, kept.id);
  const wishes = [kept, other].some(({ unsubscribedAt }) => unsubscribedAt !== null);
  if (wishes || told.refusing) await keepWish(deps, tx, kept.id);
  for (const topic of records.value.refused) await customers.refuse(tx, kept.id, topic, 'merged');
  await customers.touched(tx, [kept.id, other.id]);
  return { ok: true, value: undefined };
}

/** Nobody could say what became of it, or there would be two of what is one. */
async function refuseWhileBusy(tx: Tx, keptId: string, otherId: string): Promise<void> {
  if (await runningImport(tx)) throw new Conflict('merging.error.importing');
  const waiting = await onTheWay(tx, await subjectsOf(tx, [keptId, otherId]));
  if (waiting.some(({ state }) => state === 'sending')) throw new Conflict('merging.error.sending');
  const open = await openForBoth(tx, keptId, otherId);
  if (open) throw new Conflict(`merging.error.open.${open}`);
  if (await cardForBoth(tx, keptId, otherId)) throw new Conflict('merging.error.open.card');
}

/** What would come to the same person a second time does not leave. */
async function withdraw({ mailer }: MergingDeps, tx: Tx, otherId: string): Promise<void> {
  const waiting = await onTheWay(tx, await subjectsOf(tx, [otherId]));
  for (const kind of WITHDRAWN) {
    const ids = waiting.filter((mail) => mail.kind === kind).map((mail) => mail.subject_id);
    if (ids.length > 0) await mailer.cancelQueued(tx, kind, ids);
  }
}

async function carryRest({ clock, invitations }: MergingDeps, tx: Tx, otherId: string, keptId: string): Promise<void> {
  const now = timestamp(clock);
  await invitations.mergeInto(tx, otherId, keptId);
  await keepLatestWishes(tx, otherId, keptId, now);
  await endSecondCalm(tx, otherId, keptId, now);
  await endSecondCall(tx, otherId, keptId, now);
  await moveRows(tx, MOVED_ROWS, otherId, keptId);
}

/** Who wanted no letters on one of the records gets none on both. */
async function keepWish({ customers }: MergingDeps, tx: Tx, keptId: string): Promise<void> {
  if (!(await customers.unsubscribe(tx, keptId, 'merged'))) await customers.quieten(tx, keptId);
}

/** An address that came back is only that; one from which somebody complained, or asked us to stop, is a wish. */
async function areRefused({ storage, customers, bounces }: MergingDeps, ids: string[]): Promise<boolean> {
  const people = [...(await customers.findMany(storage.read, ids)).values()];
  const known = [...new Set(people.map(({ email }) => email))].filter((address) => address !== '');
  const found = await Promise.all(known.map((address) => bounces.suppressions.find(address)));
  return found.some((row) => row !== undefined && (row.kind === 'complaint' || row.kind === 'person'));
}
