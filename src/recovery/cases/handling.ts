import { accountOf, type Actor } from '../../shared/actor.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { momentAt } from '../../shared/zones.ts';
import type { Tx } from '../../storage/index.ts';
import { ANSWER_MAIL } from '../mail/rules.ts';
import { asCase, findNumber, type CaseChange } from './case-store.ts';
import { runHooks, type CaseContext } from './context.ts';
import type { RecoveryCase } from './interface.ts';
import { insertTags, removeTag } from './tag-store.ts';
import { hasNote } from './thread-store.ts';
import { workingMinutesLater } from './working-time.ts';

export interface Handling {
  /** Somebody else's from now on, or nobody's (null). @throws Conflict where it was handed over meanwhile */
  handOver(actor: Actor, caseId: string, from: string | null, to: string | null, word: string): Promise<void>;
  /** Out of sight until work begins on that day. @returns when that is */
  snooze(actor: Actor, caseId: string, day: string): Promise<string>;
  wake(actor: Actor, caseId: string): Promise<void>;
  write(actor: Actor, caseId: string, words: string): Promise<void>;
  /** For programs, which ask again when they heard nothing: by its reference a note stands once. @returns whether it is new */
  writeOnce(actor: Actor, caseId: string, words: string, reference: string): Promise<boolean>;
  /** A tag that it has stays as it is, and so does one that it has not when it is taken off. @throws Conflict where it is closed */
  tag(actor: Actor, caseId: string, tag: string, has: boolean): Promise<void>;
  /** Puts a duplicate into the other case. @throws NotFound, Conflict where they are not of one customer */
  merge(actor: Actor, caseId: string, intoNumber: number): Promise<RecoveryCase>;
}

/** What is done with a case beside putting it right. */
export function createHandling(context: CaseContext): Handling {
  const { deps, hooks, need, now, change, tell } = context;
  const { storage } = deps;

  async function openCase(tx: Tx, caseId: string): Promise<RecoveryCase> {
    const theCase = await need(tx, caseId);
    if (theCase.closedAt !== null) throw new Conflict('cases.error.closed');
    return theCase;
  }

  async function merge(tx: Tx, actor: Actor, caseId: string, intoNumber: number): Promise<RecoveryCase> {
    const duplicate = await openCase(tx, caseId);
    const row = await findNumber(tx, intoNumber);
    if (!row) throw new NotFound();
    const into = asCase(row);
    if (!mayMerge(duplicate, into)) throw new Conflict('cases.error.merge');
    const ended = { next_step: null, next_due_at: null, awaiting: 0, snoozed_until: null };
    const closed = { state: 'closed' as const, closed_at: now(), closed_by: accountOf(actor) };
    const expected = { open: true, revision: duplicate.revision };
    await change(tx, caseId, expected, { ...ended, ...closed, merged_into_id: into.id });
    await context.write(tx, actor, caseId, { kind: 'mergedInto', detail: { number: into.number } });
    const joined = { kind: 'mergedIn', words: duplicate.words, detail: { number: duplicate.number } };
    await context.write(tx, actor, into.id, joined);
    await change(tx, into.id, { open: true }, answerOf(duplicate, into));
    await tell(tx, actor, duplicate, 'caseMerged');
    await runHooks(hooks.merged, tx, await need(tx, caseId));
    return into;
  }

  return {
    async handOver(actor, caseId, from, to, word) {
      await storage.transaction(async (tx) => {
        const theCase = await openCase(tx, caseId);
        if (theCase.ownerId !== from) throw new Conflict('cases.error.changed');
        await give(context, tx, actor, theCase, { to, word });
      });
    },
    snooze: (actor, caseId, day) => storage.transaction((tx) => sleep(context, tx, actor, caseId, { day })),
    async wake(actor, caseId) {
      await storage.transaction(async (tx) => {
        await change(tx, caseId, { open: true }, { snoozed_until: null });
        await context.write(tx, actor, caseId, { kind: 'woken' });
      });
    },
    async write(actor, caseId, words) {
      await storage.transaction(async (tx) => {
        await need(tx, caseId);
        await context.write(tx, actor, caseId, { kind: 'note', words });
        await change(tx, caseId, {}, {});
      });
    },
    writeOnce: (actor, caseId, words, reference) =>
      storage.transaction(async (tx) => {
        await need(tx, caseId);
        // Whoever sends the same at the same moment comes after.
        await change(tx, caseId, {}, {});
        if (await hasNote(tx, caseId, reference)) return false;
        await context.write(tx, actor, caseId, { kind: 'note', words, detail: { reference } });
        return true;
      }),
    async tag(actor, caseId, tag, has) {
      await storage.transaction(async (tx) => {
        await openCase(tx, caseId);
        const done = has ? tagCase(context, tx, actor, caseId, { tag }) : untagCase(context, tx, actor, caseId, tag);
        if (await done) await change(tx, caseId, { open: true }, {});
      });
    },
    merge: (actor, caseId, number) => storage.transaction((tx) => merge(tx, actor, caseId, number)),
  };
}

interface Given {
  to: string | null;
  word?: string;
  /** Done with several at once. */
  many?: string;
}

/** Somebody else's from now on, or nobody's. */
export async function give(
  context: CaseContext,
  tx: Tx,
  actor: Actor,
  theCase: RecoveryCase,
  { to, word = '', many }: Given,
): Promise<void> {
  await context.change(tx, theCase.id, { open: true, ownerId: theCase.ownerId }, { owner_id: to });
  const detail = { fromId: theCase.ownerId, toId: to, ...(many !== undefined && { many }) };
  const kind = to === null ? 'released' : theCase.ownerId === null ? 'takenUp' : 'handedOver';
  await context.write(tx, actor, theCase.id, { kind, words: word, detail });
  await context.tell(tx, actor, theCase, 'caseHandedOver');
  await runHooks(context.hooks.handedOver, tx, await context.need(tx, theCase.id));
}

/** Out of sight until work begins on that day. @returns when that is */
export async function sleep(
  { deps, need, change, write }: CaseContext,
  tx: Tx,
  actor: Actor,
  caseId: string,
  { day, many }: { day: string; many?: string },
): Promise<string> {
  const { snoozedUntil: before } = await need(tx, caseId);
  const place = await deps.accounts.companyIn(tx);
  const until = workingMinutesLater(place, momentAt(place.timeZone, { day, minutes: 0 }), 0);
  await change(tx, caseId, { open: true }, { snoozed_until: until });
  await write(tx, actor, caseId, { kind: 'snoozed', detail: { day, before, ...(many !== undefined && { many }) } });
  return until;
}

/** @returns whether it did not have that tag */
export async function tagCase(
  { write }: CaseContext,
  tx: Tx,
  actor: Actor,
  caseId: string,
  detail: { tag: string; many?: string },
): Promise<boolean> {
  if (!(await insertTags(tx, caseId, detail.tag))) return false;
  await write(tx, actor, caseId, { kind: 'tagged', detail });
  return true;
}

/** @returns whether it had that tag */
export async function untagCase({ write }: CaseContext, tx: Tx, actor: Actor, caseId: string, tag: string) {
  if (!(await removeTag(tx, caseId, tag))) return false;
  await write(tx, actor, caseId, { kind: 'untagged', detail: { tag } });
  return true;
}

/** Both open, of one kind, and of one customer or of somebody whom we could not place. */
function mayMerge(duplicate: RecoveryCase, into: RecoveryCase): boolean {
  const same = duplicate.customerId === into.customerId || duplicate.customerId === null;
  return duplicate.id !== into.id && into.closedAt === null && duplicate.kind === into.kind && same;
}

/** A letter of the duplicate that waits for an answer waits with the other case now, unless something is due there sooner. */
function answerOf({ nextStep, nextDueAt }: RecoveryCase, into: RecoveryCase): CaseChange {
  if (nextStep !== ANSWER_MAIL || nextDueAt === null) return {};
  const isSooner = into.nextDueAt !== null && into.nextDueAt < nextDueAt && !into.awaiting;
  return isSooner ? {} : { next_step: ANSWER_MAIL, next_due_at: nextDueAt, look_at: nextDueAt, awaiting: 0 };
}
