import { accountOf, type Actor } from '../shared/actor.ts';
import type { Audit } from '../shared/audit.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { addDays } from '../shared/dates.ts';
import { Conflict, Invalid, NotFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { codedKeys, type Definition } from '../questionnaires/index.ts';
import type { Storage, Tx } from '../storage/index.ts';
import type { Books } from './books.ts';
import { isOffered, ultimate, type Code, type Codebook } from './codebook.ts';
import type { Mains } from './mains.ts';
import { changeFor, undoOf, type Coding, type CodingChange } from './rules.ts';
import * as codings from './store.ts';
import * as tasks from './task-store.ts';

export interface TimelineEvent {
  customerId: string;
  kind: string;
  accountId?: string | null;
  subjectId?: string;
  detail?: Record<string, string | number>;
}

export interface GivingDeps {
  storage: Storage;
  clock: Clock;
  books: Books;
  mains: Mains;
  audit: Audit<Tx>;
  recordEvents(tx: Tx, events: TimelineEvent[]): Promise<unknown>;
  definitionOf(versionId: string): Promise<Definition | undefined>;
}

/** What a person gives to one answer. */
export interface SaveCoding {
  responseId: string;
  questionKey: string;
  codeIds: string[];
  /** Null for none. Left out, a single code is the main reason, and among several one has to be named. */
  mainCodeId?: string | null;
  /** The revision of the task that was seen; an answer that somebody coded since is refused with Conflict. */
  expected?: number;
}

/** What a program gives to a response; without a question to the first one that has words. */
export interface CodeResponse {
  responseId: string;
  questionKey?: string;
  /** Keys of codes. */
  codes: string[];
  main: string | null;
}

interface Wanted extends Omit<SaveCoding, 'codeIds'> {
  codes: string[];
  by: 'id' | 'key';
}

interface Facts {
  subject: codings.Subject;
  task: tasks.TaskRow;
  book: Codebook;
  /** The colleagues' codings of the response. */
  current: Coding[];
}

const MOST_AT_ONCE = 100;
const UNDO_DAYS = 1;

export function createGiving(deps: GivingDeps) {
  const { storage, clock, books, mains } = deps;

  async function factsOf(tx: Tx, wanted: Wanted[]): Promise<Facts[]> {
    const ids = wanted.map((each) => each.responseId);
    const subjects = new Map((await codings.subjectsOf(tx, ids)).map((each) => [each.id, each]));
    const all = await tasks.tasksOfSome(tx, ids);
    const given = Map.groupBy(await codings.currentOfSome(tx, ids), ({ responseId }) => responseId);
    const found: Facts[] = [];
    for (const { responseId, questionKey } of wanted) {
      const subject = subjects.get(responseId);
      const task = all.find((each) => each.response_id === responseId && each.question_key === questionKey);
      const book = subject && (await books.of(tx, subject.programmeId));
      if (!subject || !task || !book) throw new NotFound('coding.error.noWords');
      const current = (given.get(responseId) ?? []).filter((each) => each.coderKind === 'colleague');
      found.push({ subject, task, book, current });
    }
    return found;
  }

  /** Codes answers of different responses in one transaction. */
  async function give(tx: Tx, actor: Actor, wanted: Wanted[]): Promise<void> {
    const act = { accountId: accountOf(actor), setId: newId(clock), at: timestamp(clock) };
    await codings.lockResponses(
      tx,
      wanted.map((each) => each.responseId),
      act.at,
    );
    const facts = await factsOf(tx, wanted);
    const choices = wanted.map((each, i) => chosen(each, facts[i] as Facts));
    const changes = wanted.map(({ responseId, questionKey }, i) =>
      changeFor((facts[i] as Facts).current, { responseId, questionKey, ...(choices[i] as Choice) }, act),
    );
    await codings.apply(tx, joined(changes), { at: act.at, by: act.setId, newId: () => newId(clock) });
    const state = { state: 'coded', codedAt: act.at, codedBy: act.accountId } as const;
    for (const [key, some] of Map.groupBy(wanted, (each) => each.questionKey)) {
      await tasks.changeTasks(
        tx,
        key,
        some.map((each) => each.responseId),
        state,
      );
    }
    await mains.refresh(
      tx,
      facts.map(({ subject }) => subject),
      act.at,
    );
    await deps.recordEvents(
      tx,
      facts.map(({ subject }) => eventOf(subject, act.accountId)),
    );
  }

  const auditOne = (tx: Tx, actor: Actor, action: string, { responseId, ...detail }: Wanted) =>
    deps.audit(
      tx,
      actor,
      action,
      { kind: 'response', id: responseId },
      {
        question: detail.questionKey,
        codes: detail.codes,
        main: detail.mainCodeId ?? null,
      },
    );

  /** Several answers of one response are coded one after the other: they share one main reason. */
  async function giveAll(tx: Tx, actor: Actor, wanted: Wanted[]): Promise<void> {
    const rounds: Wanted[][] = [];
    for (const each of wanted) {
      const free = rounds.find((round) => !round.some((other) => other.responseId === each.responseId));
      if (free) free.push(each);
      else rounds.push([each]);
    }
    for (const round of rounds) await give(tx, actor, round);
  }

  async function withQuestions(items: CodeResponse[]): Promise<Wanted[]> {
    const open = items.filter((each) => each.questionKey === undefined).map((each) => each.responseId);
    const known = Map.groupBy(await tasks.tasksOfSome(storage.read, open), (task) => task.response_id);
    const subjects = new Map((await codings.subjectsOf(storage.read, open)).map((each) => [each.id, each]));
    const wanted: Wanted[] = [];
    for (const { responseId, questionKey, codes, main } of items) {
      const keys = (known.get(responseId) ?? []).map((task) => task.question_key);
      const versionId = subjects.get(responseId)?.versionId;
      const question = questionKey ?? (await firstOf(keys, versionId));
      if (question === undefined) throw new NotFound('coding.error.noWords');
      wanted.push({ responseId, questionKey: question, codes, mainCodeId: main, by: 'key' });
    }
    return wanted;
  }

  async function firstOf(keys: string[], versionId: string | undefined): Promise<string | undefined> {
    if (keys.length < 2 || versionId === undefined) return keys[0];
    const definition = await deps.definitionOf(versionId);
    return definition ? codedKeys(definition).find((key) => keys.includes(key)) : keys[0];
  }

  async function undo(tx: Tx, actor: Actor, task: tasks.TaskRow): Promise<boolean> {
    const { response_id: responseId, question_key: questionKey } = task;
    const at = timestamp(clock);
    await codings.lockResponses(tx, [responseId], at);
    const [facts] = await factsOf(tx, [{ responseId, questionKey, codes: [], by: 'id' }]);
    const setId = facts?.current.find((each) => each.questionKey === questionKey)?.setId;
    if (!facts || !setId || facts.task.revision !== task.revision) return false;
    const replaced = await codings.withdrawnBy(tx, setId, responseId);
    const change = undoOf(facts.current, replaced, { setId, questionKey }, facts.book);
    const act = newId(clock);
    await codings.apply(tx, change, { at, by: act, newId: () => newId(clock) });
    await tasks.changeTasks(tx, questionKey, [responseId], stateAfterUndo(facts, change));
    await mains.refresh(tx, [facts.subject], at);
    await deps.audit(tx, actor, 'coding.undo', { kind: 'response', id: responseId }, { question: questionKey });
    return true;
  }

  async function codeResponses(actor: Actor, items: CodeResponse[]): Promise<void> {
    if (items.length > MOST_AT_ONCE) throw new Invalid({ codings: { key: 'coding.error.tooMany' } });
    const wanted = await withQuestions(items);
    await storage.transaction(async (tx) => {
      await giveAll(tx, actor, wanted);
      const [only] = wanted;
      if (only && wanted.length === 1) return await auditOne(tx, actor, 'coding.save', only);
      const responses = wanted.map((each) => each.responseId);
      await deps.audit(tx, actor, 'coding.bulk', { kind: 'response' }, { responses });
    });
  }

  return {
    /**
     * Gives codes to an answer in place of those that colleagues gave before, which are kept as history.
     * Throws NotFound, Invalid (fields `code`, `main`), and Conflict where it was coded since `expected`.
     */
    saveCoding: (actor: Actor, { codeIds, ...rest }: SaveCoding): Promise<void> =>
      storage.transaction(async (tx) => {
        const wanted: Wanted = { ...rest, codes: codeIds, by: 'id' };
        await give(tx, actor, [wanted]);
        await auditOne(tx, actor, 'coding.save', wanted);
      }),
    /** The same by keys of codes, for programs: at most 100 at once, all or none. */
    codeResponses,
    codeResponse: (actor: Actor, item: CodeResponse): Promise<void> => codeResponses(actor, [item]),
    /** Takes back what this colleague coded last, within a day. Null where there is nothing, or somebody changed it since. */
    async undoLast(actor: Actor): Promise<{ programmeId: string; responseId: string; questionKey: string } | null> {
      const accountId = accountOf(actor);
      if (accountId === null) return null;
      const since = `${addDays(timestamp(clock).slice(0, 10), -UNDO_DAYS)}T00:00:00.000Z`;
      const task = await tasks.lastCodedBy(storage.read, accountId, since);
      if (!task || !(await storage.transaction((tx) => undo(tx, actor, task)))) return null;
      return { programmeId: task.programme_id, responseId: task.response_id, questionKey: task.question_key };
    },
    /** Puts an open answer aside; false where somebody has coded it. */
    skip: (responseId: string, questionKey: string): Promise<boolean> =>
      storage.transaction((tx) => tasks.skipTask(tx, responseId, questionKey, timestamp(clock))),
  };
}

interface Choice {
  codeIds: string[];
  mainId: string | null;
}

/** Checks the codes that somebody wants to give, follows merges, and settles the main reason. */
function chosen(wanted: Wanted, { task, book, current }: Facts): Choice {
  if (wanted.expected !== undefined && wanted.expected !== task.revision) {
    throw new Conflict('coding.error.codedMeanwhile');
  }
  const carried = new Set(current.filter((each) => each.questionKey === wanted.questionKey).map((each) => each.codeId));
  const find = (name: string) => giveable(book, wanted.by === 'id' ? name : book.byKey.get(name)?.id, carried, name).id;
  const main = wanted.mainCodeId ? find(wanted.mainCodeId) : null;
  const codeIds = [...new Set([...wanted.codes.map(find), ...(main ? [main] : [])])];
  if (codeIds.length === 0) throw new Invalid({ code: { key: 'coding.error.none' } });
  if (wanted.mainCodeId !== undefined) return { codeIds, mainId: main };
  const elsewhere = current.some((each) => each.isMain && each.questionKey !== wanted.questionKey);
  if (elsewhere) return { codeIds, mainId: null };
  if (codeIds.length > 1) throw new Invalid({ main: { key: 'coding.error.noMain' } });
  return { codeIds, mainId: codeIds[0] ?? null };
}

/** A retired code may stay on an answer that has it, but not where others took its place. */
function giveable(book: Codebook, id: string | undefined, carried: ReadonlySet<string>, name: string): Code {
  const code = id === undefined ? undefined : ultimate(book, id);
  if (!code) throw new Invalid({ code: { key: 'coding.error.unknownCode', values: { code: name } } });
  if (isOffered(code) || (carried.has(code.id) && code.splitAt === null)) return code;
  throw new Invalid({ code: { key: 'coding.error.retiredCode', values: { code: code.name.en ?? code.key } } });
}

function joined(changes: CodingChange[]): CodingChange {
  return { withdraw: changes.flatMap((each) => each.withdraw), insert: changes.flatMap((each) => each.insert) };
}

const eventOf = ({ customerId, id }: codings.Subject, accountId: string | null): TimelineEvent => ({
  customerId,
  kind: 'coding.coded',
  accountId,
  subjectId: id,
});

/** Coded as before if it was, unless the words changed or the code was split since: then it waits on the desk. */
function stateAfterUndo({ task, book }: Facts, change: CodingChange): tasks.TaskChanges {
  const back = change.insert.filter((each) => each.questionKey === task.question_key);
  const last = back.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
  const stale =
    back.some((each) => book.byId.get(each.codeId)?.splitAt) || (task.answered_at ?? '') > (last?.createdAt ?? '');
  if (!last || stale) return { state: 'open', codedAt: last?.createdAt ?? null, codedBy: last?.accountId ?? null };
  return { state: 'coded', codedAt: last.createdAt, codedBy: last.accountId };
}
