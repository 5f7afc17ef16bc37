import { Conflict, Invalid } from '../shared/errors.ts';
import { isOffered, ultimate, type Code, type Codebook } from './codebook.ts';
import type { Coding, CodingChange } from './rules.ts';
import type { Subject } from './store.ts';
import type { TaskChanges, TaskRow } from './task-store.ts';

/** What somebody wants to give to one answer. */
export interface Wanted {
  responseId: string;
  questionKey: string;
  codes: string[];
  by: 'id' | 'key';
  /** Null for none. Left out, a single code is the main reason, and among several one has to be named. */
  mainCodeId?: string | null;
  /** The revision of the task that was seen; an answer that somebody coded since is refused with Conflict. */
  expected?: number;
  /** Whether they were not shown what the engine suggests. */
  blind: boolean;
}

/** What has to be known of an answer that is coded. */
export interface Facts {
  subject: Subject;
  task: TaskRow;
  book: Codebook;
  /** The colleagues' codings of the response. */
  current: Coding[];
  /** The permanent random number of the response. */
  number: number;
}

export interface Choice {
  codeIds: string[];
  mainId: string | null;
}

/** Checks the codes that somebody wants to give, follows merges, and settles the main reason. */
export function chosen(wanted: Wanted, { task, book, current }: Facts): Choice {
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

export function joined(changes: CodingChange[]): CodingChange {
  return { withdraw: changes.flatMap((each) => each.withdraw), insert: changes.flatMap((each) => each.insert) };
}

/** Coded as before if it was, unless the words changed or the code was split since: then it waits on the desk. */
export function stateAfterUndo({ task, book }: Facts, change: CodingChange): Omit<TaskChanges, 'blind'> {
  const back = change.insert.filter((each) => each.questionKey === task.question_key);
  const last = back.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
  const stale =
    back.some((each) => book.byId.get(each.codeId)?.splitAt) || (task.answered_at ?? '') > (last?.createdAt ?? '');
  if (!last || stale) return { state: 'open', codedAt: last?.createdAt ?? null, codedBy: last?.accountId ?? null };
  return { state: 'coded', codedAt: last.createdAt, codedBy: last.accountId };
}
