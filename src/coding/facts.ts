import { NotFound } from '../shared/errors.ts';
import type { Tx } from '../storage/index.ts';
import { numberOf } from './auditing/rules.ts';
import type { Books } from './books.ts';
import type { Facts } from './giving-rules.ts';
import { currentOfSome, subjectsOf } from './store.ts';
import { tasksOfSome } from './task-store.ts';
import type { Place } from './desk-store.ts';

/** What has to be known of answers that are coded, in their order. Throws NotFound where one has no words to code. */
export async function factsOf(tx: Tx, books: Books, places: Place[]): Promise<Facts[]> {
  const ids = places.map((each) => each.responseId);
  const subjects = new Map((await subjectsOf(tx, ids)).map((each) => [each.id, each]));
  const tasks = Map.groupBy(await tasksOfSome(tx, ids), (task) => task.response_id);
  const given = Map.groupBy(await currentOfSome(tx, ids), ({ responseId }) => responseId);
  const found: Facts[] = [];
  for (const { responseId, questionKey } of places) {
    const subject = subjects.get(responseId);
    const theirs = tasks.get(responseId) ?? [];
    const task = theirs.find((each) => each.question_key === questionKey);
    const book = subject && (await books.of(tx, subject.programmeId));
    if (!subject || !task || !book) throw new NotFound('coding.error.noWords');
    const current = (given.get(responseId) ?? []).filter((each) => each.coderKind === 'colleague');
    found.push({ subject, task, book, current, number: numberOf(theirs) });
  }
  return found;
}
