import { sharesOfSums, type AuditedSums, type Basis } from '../../coding/index.ts';
import { adjustedNps, newcombeOf, wilson, type Difference, type Share } from '../../shared/statistics.ts';
import type { CodedShare } from '../leaving-rules.ts';
import { neededFor } from './audit-rules.ts';
import { auditedSums, type Ultimate } from './audited.ts';
import type { Part } from './parts.ts';
import type { Sum } from './sums.ts';

/** Scores that count as good: 4 and 5 of 5. */
export interface GoodShare {
  base: number;
  good: number;
  share: Share | null;
}

const GOOD = ['4', '5'];

export function goodShare(sums: { topic: string; item: string; n: number }[], part: Part): GoodShare {
  const own = sums.filter(({ topic }) => topic === `score ${part}`);
  const base = countOf(own);
  const good = countOf(own.filter(({ item }) => GOOD.includes(item)));
  return { base, good, share: base > 0 ? wilson(good, base) : null };
}

const countOf = (rows: { n: number }[]): number => rows.reduce((total, { n }) => total + n, 0);

/** The change from one share to another; null where one of them has fewer than so many. */
export function changeOf(now: GoodShare, before: GoodShare | null, fewest: number): Difference | null {
  if (!now.share || !before?.share || now.base < fewest || before.base < fewest) return null;
  return newcombeOf(now.share, before.share);
}

export interface Pairs {
  better: number;
  same: number;
  worse: number;
}

/** Of those who were asked before and after the same dealing: whether it was better than they had expected. */
export function pairsOf(sums: Sum[]): Pairs {
  const of = (item: string) => countOf(sums.filter((row) => row.topic === 'pair' && row.item === item));
  return { better: of('better'), same: of('same'), worse: of('worse') };
}

export interface Recommending {
  part: Part;
  base: number;
  promoters: number;
  passives: number;
  detractors: number;
  nps: number;
  low: number;
  high: number;
}

/** Net promoters, where somebody asks on a scale from 0 to 10; null where nobody does. */
export function recommending(sums: Sum[], part: Part): Recommending | null {
  const own = sums.filter(({ topic }) => topic === `likely ${part}`);
  const base = countOf(own);
  if (base === 0) return null;
  const promoters = countOf(own.filter(({ item }) => Number(item) >= 9));
  const detractors = countOf(own.filter(({ item }) => Number(item) <= 6));
  const passives = base - promoters - detractors;
  return { part, base, promoters, passives, detractors, ...adjustedNps(promoters, detractors, base) };
}

export interface ThemeShare extends CodedShare {
  codeId: string;
  count: number;
}

export interface ThemeFigures {
  /** Answers in words. */
  written: number;
  coded: number;
  /** Neither coded by a colleague nor read by the engine: in no share. */
  unread: number;
  /** What the shares are of. */
  base: number;
  basis: Basis;
  audited: number;
  /** How many more answers have to be drawn and checked until every share is right to within 5 points. */
  needed: number;
  themes: ThemeShare[];
}

/**
 * What share of those who answered a question speak of each theme. Counted where colleagues have coded them all;
 * prediction-powered where some were drawn at random and coded blind (`sharesOfSums`); else what colleagues gave and,
 * for the others, the sum of the engine's chances: unverified, without an interval.
 */
export function themeFigures(sums: Sum[], audits: Sum[], ultimate: Ultimate): ThemeFigures {
  const all = sums.find(({ item }) => item === '') ?? { n: 0, coded: 0, chance: 0, rest: 0 };
  const codes = merged(sums, ultimate);
  const audited = auditedSums(
    audits,
    codes.map(({ codeId }) => codeId),
    ultimate,
  );
  if (all.n === all.coded) return counted(all, codes, audited);
  return audited.length === 0 || all.chance === 0 ? unverified(all, codes, audited) : estimated(all, codes, audited);
}

type All = Pick<Sum, 'n' | 'coded' | 'chance' | 'rest'>;

interface CodeSum {
  codeId: string;
  n: number;
  chance: number;
  rest: number;
}

function merged(sums: Sum[], ultimate: Ultimate): CodeSum[] {
  const codes = new Map<string, CodeSum>();
  for (const { item, n, chance, rest } of sums) {
    const codeId = item === '' ? undefined : ultimate(item);
    if (codeId === undefined) continue;
    const sum = codes.get(codeId) ?? { codeId, n: 0, chance: 0, rest: 0 };
    codes.set(codeId, { codeId, n: sum.n + n, chance: sum.chance + chance, rest: sum.rest + rest });
  }
  return [...codes.values()];
}

function known(all: All, audited: AuditedSums[]) {
  const unread = all.n - all.coded - all.rest;
  return { written: all.n, coded: all.coded, unread, audited: audited.reduce((sum, { count }) => sum + count, 0) };
}

function counted(all: All, codes: CodeSum[], audited: AuditedSums[]): ThemeFigures {
  const themes = codes.map(({ codeId, n }) => ({ codeId, count: n, ...wilson(n, all.n) }));
  return { ...known(all, audited), base: all.n, basis: 'counted', needed: 0, themes: sorted(themes) };
}

function unverified(all: All, codes: CodeSum[], audited: AuditedSums[]): ThemeFigures {
  const figures = known(all, audited);
  const base = all.coded + all.rest;
  const themes = codes.map(({ codeId, n, rest }) => plain(codeId, base > 0 ? (n + rest) / base : 0, base));
  const predicted = codes.map(({ chance }) => ({ share: all.chance > 0 ? chance / all.chance : 0, needed: 0 }));
  const needed = neededFor(predicted, all.chance, figures.audited);
  return { ...figures, base, basis: 'unverified', needed, themes: sorted(themes) };
}

function estimated(all: All, codes: CodeSum[], audited: AuditedSums[]): ThemeFigures {
  const figures = { ...known(all, audited), unread: all.n - all.chance };
  const predicted = Float64Array.from(codes, ({ chance }) => chance / all.chance);
  const shares = sharesOfSums({ count: all.chance, predicted }, audited);
  const themes = shares.map(({ share, low, high }, i) => ({
    codeId: codes[i]!.codeId,
    count: Math.round(share * all.chance),
    share,
    low: low ?? null,
    high: high ?? null,
  }));
  const needed = neededFor(shares, all.chance, figures.audited);
  return { ...figures, base: all.chance, basis: shares[0]?.basis ?? 'few', needed, themes: sorted(themes) };
}

const plain = (codeId: string, share: number, base: number): ThemeShare => ({
  codeId,
  count: Math.round(share * base),
  share: Math.min(1, share),
  low: null,
  high: null,
});

/** Most of them first; what nobody spoke of is left out. */
const sorted = (themes: ThemeShare[]): ThemeShare[] =>
  themes.filter(({ count }) => count > 0).toSorted((a, b) => b.share - a.share || (a.codeId < b.codeId ? -1 : 1));
