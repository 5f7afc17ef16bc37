import type { Everyone } from '../../coding/index.ts';
import { postStratify, wilson } from '../../shared/statistics.ts';
import { columnsOf, labelled, type Columns } from '../estimate-columns.ts';
import { sharesByWeight } from '../estimate-rules.ts';
import type { CodedShare, LeavingFigures } from '../leaving-rules.ts';
import { trustIn } from '../rules.ts';
import type { Grounds } from '../sums/figures.ts';
import type { StratumSums } from '../sums/sums.ts';

/** Shares as if everybody who was asked had answered as those do who had been customers as long and were worth as much. */
export interface Weighted {
  /** By the id of a first-level code. */
  shares: Map<string, CodedShare>;
  /** As many answers of equal weight would say as much. */
  effective: number;
  /** Reasons whose weighted share is more than 5 points from the plain one. */
  differing: string[];
}

/** Further apart than that a plain share does not speak for those who did not answer. */
const TOO_FAR = 0.05;

/** A stratum with the weight of each of its answers; answers are counted, or read and estimated. */
interface WeightedStratum {
  name: string;
  sums: StratumSums;
  weight: number;
  answers: number;
}

/**
 * Post-stratified by tenure and value, from those who were asked: `postStratify`. Estimated shares are estimated by weight.
 * Null under 10 known reasons, and before any audit.
 */
export function weightedShares(grounds: Grounds, figures: LeavingFigures): Weighted | null {
  const { basis, base } = figures;
  if (trustIn(base) === 'too_few' || basis === 'unverified') return null;
  const columns = columnsOf(grounds.codes);
  const strata = weighed(grounds, basis !== 'counted');
  const effective = kish(strata);
  const values = basis === 'counted' ? counted(strata, columns, effective) : estimated(strata, columns, grounds);
  const answers = sum(strata.map((each) => each.answers));
  const shares = new Map(columns.ids.flatMap((id, i) => (values[i] ? [[id, values[i]] as const] : [])));
  const differing = figures.reasons
    .filter(({ codeId, coded }) => Math.abs((shares.get(codeId)?.share ?? coded.share) - coded.share) > TOO_FAR)
    .map(({ codeId }) => codeId);
  // Of the answers that were read, some know no reason.
  return { shares, effective: effective * Math.min(1, base / answers), differing };
}

function weighed({ sums }: Grounds, isEstimated: boolean): WeightedStratum[] {
  const strata = [...sums.strata].map(([name, each]) => {
    const known = sum([...each.codes.values()].map((code) => code.known - (isEstimated ? code.knownRead : 0)));
    return { name, sums: each, answers: known + (isEstimated ? each.read : 0) };
  });
  const weights = postStratify(
    strata.map(({ sums: { asked }, answers }) => ({ population: asked, answered: answers })),
  );
  return strata.map((each, i) => ({ ...each, weight: weights[i] ?? 1 }));
}

const sum = (values: number[]): number => values.reduce((total, each) => total + each, 0);

/** Of answers that share their weight with all of their stratum. */
function kish(strata: WeightedStratum[]): number {
  const squares = sum(strata.map(({ weight, answers }) => weight * weight * answers));
  return squares > 0 ? sum(strata.map(({ weight, answers }) => weight * answers)) ** 2 / squares : 0;
}

function counted(strata: WeightedStratum[], columns: Columns, effective: number): CodedShare[] {
  const byReason = knownBy(strata, columns, false);
  const total = sum(byReason);
  return byReason.map((each) => {
    const share = total > 0 ? each / total : 0;
    return { ...wilson(share * effective, effective), share };
  });
}

/** The weight of those whose main reason is known, by first-level reason. */
function knownBy(strata: WeightedStratum[], { ids, of }: Columns, isEstimated: boolean): number[] {
  const found = ids.map(() => 0);
  for (const { sums, weight } of strata)
    for (const [code, { known, knownRead }] of sums.codes) {
      const column = of.get(code);
      if (column !== undefined && column < ids.length)
        found[column]! += weight * (known - (isEstimated ? knownRead : 0));
    }
  return found;
}

function estimated(strata: WeightedStratum[], columns: Columns, { drawn }: Grounds): CodedShare[] {
  const exact = knownBy(strata, columns, true);
  const everyone = everyoneBy(strata, columns);
  const weights = new Map(strata.map(({ name, weight }) => [name, weight]));
  const audited = drawn.audited.map((each) => {
    return { ...labelled(each, columns), amount: weights.get(each.stratum) ?? 1 };
  });
  const isEven = audited.every(({ amount }) => amount === 1);
  const among = sharesByWeight(everyone, isEven ? audited.map(({ amount: _, ...each }) => each) : audited);
  const certain = sum(exact);
  const known = everyone.amount * among.known;
  const part = certain + known > 0 ? known / (certain + known) : 0;
  const of = (i: number, value: number) => (certain > 0 ? (exact[i]! / certain) * (1 - part) : 0) + part * value;
  return among.shares.map(({ share, low, high }, i) => ({
    share: of(i, share),
    low: low === undefined ? null : of(i, low),
    high: high === undefined ? null : of(i, high),
  }));
}

/** What the engine predicts of all that it has read, by weight. */
function everyoneBy(strata: WeightedStratum[], { ids, of }: Columns): Everyone {
  const predicted = new Float64Array(ids.length + 1);
  for (const { sums, weight } of strata)
    for (const [code, { chance }] of sums.codes) predicted[of.get(code) ?? ids.length]! += weight * chance;
  const total = predicted.reduce((all, each) => all + each, 0);
  return {
    count: sum(strata.map(({ sums }) => sums.read)),
    amount: sum(strata.map(({ sums, weight }) => weight * sums.read)),
    predicted: total > 0 ? predicted.map((each) => each / total) : predicted,
  };
}
