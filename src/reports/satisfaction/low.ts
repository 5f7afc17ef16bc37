import { seeded } from '../../coding/index.ts';
import { addDays, addMonths, dayIn } from '../../shared/dates.ts';
import { othersFirst } from '../../shared/others-first.ts';
import { underLease, type Job } from '../../scheduler/index.ts';
import type { Schema } from '../../storage/index.ts';
import type { InsightDeps } from '../deps.ts';
import { EVERYBODY } from './filter.ts';
import { goesWith, toldApart, type ByScore, type LowScore } from './low-rules.ts';
import * as store from './low-store.ts';
import { createItems } from './items.ts';
import { sumsIn } from './span-store.ts';
import { spansOf } from './spans.ts';
import { keepState, stateOf } from './state-store.ts';
import type { Sum } from './sums.ts';

const LEASE = 'satisfaction themes';
const STATE = 'themes';
const SEED = 20261122;

type Found = LowScore & { questionKey: string; codeId: string };

/** Which themes go with low scores: worked out anew once a day, and after what was counted has changed much. */
export function createLow({ storage, clock, leases, accounts }: InsightDeps) {
  const items = createItems(storage);

  async function workOut(from: string, to: string): Promise<void> {
    const sums = await items.listOf(await sumsIn(storage.read, 'low', spansOf({ from, to }), EVERYBODY));
    const found: Found[] = [];
    for (const each of pairsOf(talliesOf(sums))) {
      const told = goesWith(each.carrying, each.others, seeded(SEED));
      if (told) found.push({ ...told, questionKey: each.questionKey, codeId: each.codeId });
      await othersFirst();
    }
    const rows = toldApart(found).map((each) => rowOf(each, from, to));
    await storage.backgroundTransaction((tx) => store.replaceLow(tx, rows));
  }

  /** How many answers in words have been read, by colleagues or by the engine. */
  async function read(): Promise<number> {
    const all = await items.listOf(await sumsIn(storage.read, 'code', [ALL_MONTHS], EVERYBODY));
    return all.reduce((total, { item, coded, rest }) => (item === '' ? total + coded + rest : total), 0);
  }

  const work: Job = async () => {
    const to = dayIn((await accounts.company()).timeZone, clock.now());
    const from = addDays(addMonths(to, -12), 1);
    const due = `${to} ${magnitude(await read())}`;
    if ((await stateOf(storage.read, STATE)) === due) return;
    await underLease(leases, LEASE, async () => {
      await workOut(from, to);
      await storage.backgroundTransaction((tx) => keepState(tx, STATE, due));
    });
  };
  return { work };
}

const ALL_MONTHS = { from: 'm', to: 'm9999' };

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

/** How many who answered a question and gave a score speak of a code; '' stands for all of them. */
export interface Tally {
  questionKey: string;
  codeId: string;
  score: number;
  n: number;
}

/** As `folding.ts` counts them: under the question, the score and the code. */
const talliesOf = (sums: Sum[]): Tally[] =>
  sums.map(({ topic, item, n }) => {
    const [score, codeId = ''] = item.split(' ');
    return { questionKey: topic, codeId, score: Number(score), n };
  });

/** For each code of a question: the scores of those who speak of it, and of the others who answered that question. */
export function pairsOf(
  tallies: Tally[],
): { questionKey: string; codeId: string; carrying: ByScore; others: ByScore }[] {
  const byQuestion = Map.groupBy(tallies, (row) => row.questionKey);
  return [...byQuestion].flatMap(([questionKey, rows]) => {
    const byCode = Map.groupBy(rows, (row) => row.codeId);
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
