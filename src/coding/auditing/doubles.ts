import { timestamp, type Clock } from '../../shared/clock.ts';
import type { Tx } from '../../storage/index.ts';
import type { Place } from '../desk-store.ts';
import type { Facts } from '../giving-rules.ts';
import { currentOfSome } from '../store.ts';
import type { Codebook } from '../codebook.ts';
import { tasksOfSome, type TaskRow } from '../task-store.ts';
import { waitingAmong } from './double-lists-store.ts';
import * as doubles from './double-store.ts';
import type { Said } from './double-store.ts';
import { asOfNow, isForTwo, isSame, isSplit, numberOf } from './rules.ts';

export type Doubles = ReturnType<typeof createDoubles>;

/** Which answers are coded by two people, and what becomes of that when one is coded, taken back or worded anew. */
export function createDoubles(clock: Clock) {
  return {
    start,
    /** A colleague has coded an answer without being shown any suggestion. */
    async gave(tx: Tx, { task, number, book }: Facts, said: Said): Promise<void> {
      if (task.inclusion === null || !isForTwo(number)) return;
      const place = { responseId: task.response_id, questionKey: task.question_key };
      const known = await doubles.doubleAt(tx, place);
      if (!known) await doubles.addFirst(tx, { ...place, programmeId: task.programme_id, number, said });
      if (known?.state !== 'waiting') return;
      if (known.first.accountId === said.accountId || isSplit(known.first, book))
        return void (await doubles.changeFirst(tx, place, said));
      const agree = isSame(asOfNow(known.first, book), asOfNow(said, book));
      await doubles.addSecond(tx, place, said, agree ? 'agreed' : 'differing');
    },
    /** A colleague takes back what they gave: what somebody else gave is the first then. False where nothing was theirs. */
    async tookBack(tx: Tx, place: Place, accountId: string | null): Promise<boolean> {
      const known = await doubles.doubleAt(tx, place);
      if (!known || accountId === null) return false;
      const { first, second, settledBy } = known;
      if (known.state === 'settled') {
        if (settledBy === accountId) await doubles.unsettle(tx, place);
        return settledBy === accountId;
      }
      if (first.accountId !== accountId && second?.accountId !== accountId) return false;
      await doubles.keepOnly(tx, place, first.accountId === accountId ? second : first);
      return true;
    },
    /** A code was split: who gave it could not say so today, and whoever codes the answer anew is the first. */
    async split(tx: Tx, responseIds: string[], book: Codebook): Promise<void> {
      const waiting = await waitingAmong(tx, responseIds);
      for (const each of waiting.filter(({ first }) => isSplit(first, book))) await doubles.dropWaiting(tx, each);
    },
    /** The words are others now: what one person said of the old ones waits for nobody, and nothing is left to settle. */
    async reworded(tx: Tx, place: Place): Promise<void> {
      const known = await doubles.doubleAt(tx, place);
      if (known?.state === 'waiting') await doubles.keepOnly(tx, place, null);
      if (known?.state === 'differing') await doubles.settle(tx, place, null, timestamp(clock));
    },
  };
}

/** Those that were coded before an audit drew them: what was given then is the first of the two. */
async function start(tx: Tx, responseIds: string[]): Promise<void> {
  const all = Map.groupBy(await tasksOfSome(tx, responseIds), (task) => task.response_id);
  const wanted = [...all].flatMap(([, tasks]) => (isForTwo(numberOf(tasks)) ? tasks.filter(isChecked) : []));
  if (wanted.length === 0) return;
  const given = await currentOfSome(tx, [...new Set(wanted.map((task) => task.response_id))]);
  for (const task of wanted) {
    const place = { responseId: task.response_id, questionKey: task.question_key };
    const own = given.filter((each) => each.coderKind === 'colleague' && isAt(each, place));
    const main = own.find((each) => each.isMain)?.codeId ?? null;
    const said = { codes: own.map((each) => each.codeId), main, accountId: task.coded_by!, at: task.coded_at! };
    const number = numberOf(all.get(task.response_id) ?? []);
    await doubles.addFirst(tx, { ...place, programmeId: task.programme_id, number, said });
  }
}

const isChecked = ({ state, blind, coded_by }: TaskRow): boolean =>
  state === 'coded' && blind === 1 && coded_by !== null;

const isAt = (each: Place, place: Place): boolean =>
  each.responseId === place.responseId && each.questionKey === place.questionKey;
