import {
  answersNeeded,
  estimateShares,
  FEW_AUDITED,
  MARGIN,
  moneyShares,
  type Audited,
  type EstimatedShare,
  type Everyone,
} from '../coding/index.ts';
import { columnsOf, everyoneIn, labelled, type Columns } from './estimate-columns.ts';
import type { Code, Estimate, ReadAnswers, ReasonEstimate } from './estimate.ts';

/**
 * Main reasons of answers that people have not all coded: from a random audit and the engine's chances, by
 * prediction-powered inference with one lambda for the table (`estimateShares`); counts and money are whole numbers that add up.
 * @param unit money is given in multiples of so many minor units where its total is one
 */
export function estimateReasons(read: ReadAnswers, codes: Code[], unit: number): Estimate {
  const columns = columnsOf(codes);
  const audited = read.audited.map((each) => labelled(each, columns));
  const everyone = everyoneIn(read, columns);
  const all = estimateShares(everyone, audited, 'one');
  const among = amongKnown(all, everyone, audited);
  const known = Math.round(read.count * among.known);
  const counts = wholeParts(among.shares, known);
  const money = moneyOf(read, columns, audited, all, unit);
  const reasons = columns.ids.map((id, i): [string, ReasonEstimate] => {
    const { share, low = null, high = null } = among.shares[i]!;
    return [id, { count: counts[i]!, share, low, high, ...money[i]! }];
  });
  return {
    basis: all[0]!.basis as Estimate['basis'],
    read: read.count,
    audited: audited.length,
    waiting: read.waiting,
    known,
    knownOf: read.count * among.known,
    reasons: new Map(reasons),
    unknown: { count: read.count - known, lostMinor: money.at(-1)!.lostMinor },
    needed: (part) => neededFor(among, read.count, audited.length, part),
  };
}

/** The same for answers that count by a weight each: shares of those who know, without counts and money. */
export function sharesByWeight(everyone: Everyone, audited: Audited[]): AmongKnown {
  return amongKnown(estimateShares(everyone, audited, 'one'), everyone, audited);
}

/** Shares of those who know, and how many they are of all. */
interface AmongKnown {
  shares: EstimatedShare[];
  known: number;
}

/**
 * Shares of those who know their reason. Each who does not is given to the reasons as those who know are: the mean is then the
 * ratio, and its residuals over the part that knows are those of a ratio (linearised, as for a domain in survey sampling).
 */
function amongKnown(all: EstimatedShare[], everyone: Everyone, audited: Audited[]): AmongKnown {
  const reasons = all.slice(0, -1);
  const known = 1 - all.at(-1)!.share;
  if (known === 1 || known <= 0) return { shares: reasons, known: Math.max(0, known) };
  const seen = reasons.map(({ share, cases }) => (audited.length === 0 || cases > 0 ? share : 0));
  const total = seen.reduce((sum, each) => sum + each, 0);
  const parts = seen.map((each) => (total > 0 ? each / total : 0));
  const given = (row: ArrayLike<number>): Float64Array => {
    const unknown = row[parts.length]!;
    const shared = new Float64Array(parts.length);
    for (let i = 0; i < parts.length; i++) shared[i] = row[i]! + parts[i]! * unknown;
    return shared;
  };
  // Most know: theirs stay as they are, which a page with some hundred of them two dozen times is quicker for.
  const asGiven = (row: ArrayLike<number>): ArrayLike<number> => (row[parts.length] === 0 ? row : given(row));
  const shares = estimateShares(
    { ...everyone, predicted: given(everyone.predicted) },
    audited.map((each) => ({ ...each, labels: asGiven(each.labels), predictions: asGiven(each.predictions) })),
    'one',
  );
  return { shares: shares.map((each) => ({ ...each, ...wider(each, 1 / known) })), known };
}

function wider({ share, low, high }: EstimatedShare, times: number): { low?: number; high?: number } {
  if (low === undefined || high === undefined) return {};
  return { low: Math.max(0, share - (share - low) * times), high: Math.min(1, share + (high - share) * times) };
}

const wholeParts = (shares: EstimatedShare[], total: number): number[] =>
  moneyShares(shares, total).map(({ amount }) => amount);

type Money = Pick<ReasonEstimate, 'lostMinor' | 'lost'>;

/** What each reason cost, and last those who do not know: rows that add up to what all who were read were worth. */
function moneyOf(
  read: ReadAnswers,
  columns: Columns,
  audited: Audited[],
  byAnswers: EstimatedShare[],
  unit: number,
): Money[] {
  const everyone = everyoneIn(read, columns, 'minor');
  const weighed = audited.map((each, i) => ({ ...each, amount: read.audited[i]!.lostMinor }));
  const worth = weighed.reduce((sum, { amount }) => sum + amount, 0);
  // Shares of nothing, or of less, are no shares: then money follows the answers.
  const sound = everyone.amount > 0 && (audited.length === 0 || worth > 0);
  const shares = sound ? estimateShares(everyone, weighed, 'one') : byAnswers;
  const step = read.lostMinor % unit === 0 ? unit : 1;
  const possible = possibleMoney(weighed, shares.length, read.lostMinor);
  return moneyShares(shares, read.lostMinor / step).map(({ amount, low = NaN, high = NaN }, i) => ({
    lostMinor: amount * step,
    // Credits can make a share of money lie outside 0 to 1, which has no such interval.
    lost: sound && low <= high ? within(low * step, high * step, amount * step, possible[i]!) : null,
  }));
}

/** What is known of each row for sure: no less than was found in the audit, no more than what was not found elsewhere. */
function possibleMoney(audited: { labels: ArrayLike<number>; amount: number }[], rows: number, totalMinor: number) {
  // With credits the rest may be worth less than nothing.
  if (audited.some(({ amount }) => amount < 0))
    return Array.from({ length: rows }, () => [-Infinity, Infinity] as const);
  const found = new Float64Array(rows);
  for (const { labels, amount } of audited) for (let i = 0; i < rows; i++) found[i]! += labels[i]! * amount;
  const all = found.reduce((sum, each) => sum + each, 0);
  return Array.from(found, (each) => [each, totalMinor - (all - each)] as const);
}

function within(low: number, high: number, amount: number, [least, most]: readonly [number, number]) {
  return { lowMinor: Math.min(amount, Math.max(low, least)), highMinor: Math.max(amount, Math.min(high, most)) };
}

function neededFor({ shares, known }: AmongKnown, count: number, audited: number, part: number): number {
  const left = count - audited;
  if (left === 0 || part === 0) return 0;
  const margin = (MARGIN * Math.max(known, 0)) / part;
  const widest = Math.max(
    ...shares.map(({ share, cases, effective }) =>
      audited > 0
        ? answersNeeded({ share: cases > 0 ? share : 0, effective, audited, count }, margin)
        : neededFromNothing(share, count, margin),
    ),
  );
  return Math.min(left, Math.max(widest, FEW_AUDITED - audited));
}

/** Before any audit nobody knows what the predictions are good for: as many as without them. */
function neededFromNothing(share: number, count: number, margin: number): number {
  if (count < 2) return count;
  return 1 + answersNeeded({ share, effective: 1 / (1 - 1 / count), audited: 1, count }, margin);
}
