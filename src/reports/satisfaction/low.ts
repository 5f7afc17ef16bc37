import { seeded } from '../../coding/index.ts';
import { addDays, addMonths, dayIn } from '../../shared/dates.ts';
import type { Job } from '../../scheduler/index.ts';
import type { Schema } from '../../storage/index.ts';
import type { InsightDeps } from '../deps.ts';
import type { Tally } from './folding.ts';
import { goesWith, toldApart, type ByScore, type LowScore } from './low-rules.ts';
import * as store from './low-store.ts';
import { EVERYBODY, sumsIn } from './span-store.ts';
import { lastOf } from './spans.ts';
import { keepState, stateOf } from './state-store.ts';
import { countsIn, type Sums } from './sums.ts';

const LEASE = 'satisfaction themes';
const STATE = 'themes';
const SEED = 20261122;

type Found = LowScore & { questionKey: string; codeId: string };

/** Which themes go with low scores: worked out anew once a day, and after what was counted has changed much. */
export function createLow({ storage, clock, leases, accounts }: InsightDeps) {
  async function workOut(from: string, to: string): Promise<void> {
    const tallies = await talliesIn(from, to);
    const found: Found[] = [];
    for (const each of pairsOf(tallies)) {
      const told = goesWith(each.carrying, each.others, seeded(SEED));
      if (told) found.push({ ...told, questionKey: each.questionKey, codeId: each.codeId });
      await new Promise(setImmediate);
    }
    const rows = toldApart(found).map((each) => rowOf(each, from, to));
    await storage.transaction((tx) => store.replaceLow(tx, rows));
  }

  /** A month at a time, so that nobody waits for them all. */
  async function talliesIn(from: string, to: string): Promise<Tally[]> {
    const sums = new Map<string, Tally>();
    for (let day = from; day <= to; day = addDays(lastOf(day), 1)) {
      for (const row of await store.talliesIn(storage.read, day, lastOf(day) < to ? lastOf(day) : to)) {
        const key = `${row.question_key} ${row.code_id} ${row.score}`;
        const sum = sums.get(key);
        if (sum) sum.n += row.n;
        else sums.set(key, row);
      }
      await new Promise(setImmediate);
    }
    return [...sums.values()];
  }

  const work: Job = async () => {
    const to = dayIn((await accounts.company()).timeZone, clock.now());
    const from = addDays(addMonths(to, -12), 1);
    const due = `${to} ${magnitude(readIn(await sumsIn(storage.read, 'code', [ALL_MONTHS], EVERYBODY)))}`;
    if ((await stateOf(storage.read, STATE)) === due) return;
    const lease = await leases.take(LEASE);
    if (!lease) return;
    try {
      await workOut(from, to);
      await storage.transaction((tx) => keepState(tx, STATE, due));
    } finally {
      await lease.end();
    }
  };
  return { work };
}

const ALL_MONTHS = { from: 'm', to: 'm9999' };

/** How many answers in words have been read, by colleagues or by the engine. */
const readIn = (sums: Sums): number =>
  [...sums.values()].reduce((total, items) => {
    const [, coded, , rest] = countsIn(items, '');
    return total + coded + rest;
  }, 0);

/** Each tenth more is worth working out again before the day is over. */
const magnitude = (n: number): number => (n === 0 ? 0 : Math.round(Math.log(n) / Math.log(1.1)));

function rowOf({ questionKey, codeId, told, ...found }: Found & { told: boolean }, from: string, to: string) {
  const row: Schema['satisfaction_low'] = {
    question_key: questionKey,
    code_id: codeId,
    from_day: from,
    to_day: to,
    ...found,
    told: told ? 1 : 0,
  };
  return row;
}

/** For each code of a question: the scores of those who speak of it, and of the others who answered that question. */
export function pairsOf(
  tallies: Tally[],
): { questionKey: string; codeId: string; carrying: ByScore; others: ByScore }[] {
  const byQuestion = Map.groupBy(tallies, (row) => row.question_key);
  return [...byQuestion].flatMap(([questionKey, rows]) => {
    const byCode = Map.groupBy(rows, (row) => row.code_id);
    const all = countsOf(byCode.get('') ?? []);
    return [...byCode.keys()]
      .filter((codeId) => codeId !== '')
      .toSorted()
      .map((codeId) => {
        const carrying = countsOf(byCode.get(codeId) ?? []);
        const others = all.map((n, i) => n - carrying[i]!) as unknown as ByScore;
        return { questionKey, codeId, carrying, others };
      });
  });
}

function countsOf(rows: Tally[]): ByScore {
  const counts: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  for (const { score, n } of rows) counts[score - 1]! += n;
  return counts;
}
