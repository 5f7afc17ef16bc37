import { accountOf, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { addDays } from '../shared/dates.ts';
import { newId } from '../shared/ids.ts';
import type { Tx } from '../storage/index.ts';
import { lastSecondBy } from './auditing/double-lists-store.ts';
import type { Place } from './desk-store.ts';
import { factsOf } from './facts.ts';
import type { GivingDeps } from './giving.ts';
import { stateAfterUndo } from './giving-rules.ts';
import { undoOf } from './rules.ts';
import * as codings from './store.ts';
import * as tasks from './task-store.ts';

/** What was taken back, and the queue that asks for it again where that is another than the usual one. */
interface Undone extends Place {
  programmeId: string;
  queue: 'audit' | 'second' | null;
}

const UNDO_DAYS = 1;

export function createUndoing({
  storage,
  clock,
  books,
  mains,
  doubles,
  audit,
}: Omit<GivingDeps, 'recordEvents' | 'definitionOf'>) {
  async function undo(tx: Tx, actor: Actor, task: tasks.TaskRow): Promise<boolean> {
    const { response_id: responseId, question_key: questionKey } = task;
    const at = timestamp(clock);
    await codings.lockResponses(tx, [responseId], at);
    const [facts] = await factsOf(tx, books, [{ responseId, questionKey }]);
    const setId = facts?.current.find((each) => each.questionKey === questionKey)?.setId;
    if (!facts || !setId || facts.task.revision !== task.revision) return false;
    const replaced = await codings.withdrawnBy(tx, setId, responseId);
    const change = undoOf(facts.current, replaced, { setId, questionKey }, facts.book);
    await codings.apply(tx, change, { at, by: newId(clock), newId: () => newId(clock) });
    // Whether those before were shown what the engine suggests is not known.
    await tasks.changeTasks(tx, questionKey, [responseId], { ...stateAfterUndo(facts, change), blind: false });
    await doubles.tookBack(tx, { responseId, questionKey }, accountOf(actor));
    await mains.refresh(tx, [facts.subject], at);
    await auditUndo(tx, actor, { responseId, questionKey });
    return true;
  }

  async function undoSecond(tx: Tx, actor: Actor, place: Place): Promise<boolean> {
    await codings.lockResponses(tx, [place.responseId], timestamp(clock));
    if (!(await doubles.tookBack(tx, place, accountOf(actor)))) return false;
    await auditUndo(tx, actor, place);
    return true;
  }

  const auditUndo = (tx: Tx, actor: Actor, { responseId, questionKey: question }: Place) =>
    audit(tx, actor, 'coding.undo', { kind: 'response', id: responseId }, { question });

  async function undoLast(actor: Actor): Promise<Undone | null> {
    const accountId = accountOf(actor);
    if (accountId === null) return null;
    const since = `${addDays(timestamp(clock).slice(0, 10), -UNDO_DAYS)}T00:00:00.000Z`;
    const task = await tasks.lastCodedBy(storage.read, accountId, since);
    const second = await lastSecondBy(storage.read, accountId, since);
    if (second?.second && second.second.at > (task?.coded_at ?? '')) {
      const { responseId, questionKey, programmeId } = second;
      const done = await storage.transaction((tx) => undoSecond(tx, actor, second));
      return done ? { programmeId, responseId, questionKey, queue: 'second' } : null;
    }
    if (!task || !(await storage.transaction((tx) => undo(tx, actor, task)))) return null;
    const { programme_id: programmeId, response_id: responseId, question_key: questionKey } = task;
    return { programmeId, responseId, questionKey, queue: task.inclusion === null ? null : 'audit' };
  }

  return {
    /** Takes back what this colleague coded last, within a day. Null where there is nothing, or somebody changed it since. */
    undoLast,
  };
}
