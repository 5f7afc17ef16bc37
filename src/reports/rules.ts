import { addDays, addMonths, daysBetween } from '../shared/dates.ts';
import { decimalsOf } from '../shared/money.ts';
import { wilson, type Share } from '../shared/statistics.ts';

export const TENURE_BANDS = ['under_1', '1_to_5', 'over_5', 'unknown'] as const;
export const VALUE_BANDS = ['under_200', '200_to_1000', 'over_1000'] as const;
export type TenureBand = (typeof TENURE_BANDS)[number];
export type ValueBand = (typeof VALUE_BANDS)[number];

/** How long somebody had been a customer when they left. */
export function tenureBand(customerSince: string | null, leftOn: string): TenureBand {
  if (!customerSince || customerSince > leftOn) return 'unknown';
  if (leftOn < addMonths(customerSince, 12)) return 'under_1';
  return leftOn < addMonths(customerSince, 60) ? '1_to_5' : 'over_5';
}

/** What they were worth a year, in whole units of the currency. */
export function valueBand(worthMinor: number, currency: string): ValueBand {
  const worth = worthMinor / 10 ** decimalsOf(currency);
  if (worth < 200) return 'under_200';
  return worth <= 1000 ? '200_to_1000' : 'over_1000';
}

export const KNOWLEDGE = ['known', 'withheld', 'not_asked', 'no_answer', 'not_coded', 'does_not_know'] as const;
export type Knowledge = (typeof KNOWLEDGE)[number];

export interface WhatWeKnow {
  mainKind: 'reason' | 'other' | 'unknown' | null;
  answered: boolean;
  withheld: boolean;
  asked: boolean;
}

/** Why a leaver's reason is known or not: an answer outranks what was or was not sent. */
export function knowledgeOf({ mainKind, answered, withheld, asked }: WhatWeKnow): Knowledge {
  if (mainKind === 'unknown') return 'does_not_know';
  if (mainKind) return 'known';
  if (answered) return 'not_coded';
  if (withheld) return 'withheld';
  return asked ? 'no_answer' : 'not_asked';
}

export const PERIODS = ['12m', '90d', 'year', 'last-year', 'all', 'custom'] as const;
export type PeriodName = (typeof PERIODS)[number];

/** Days, both included. */
export interface Period {
  from: string;
  to: string;
}

export function periodOf(name: PeriodName, today: string, custom: Partial<Period>): Period {
  const year = Number(today.slice(0, 4));
  switch (name) {
    case '12m':
      return { from: addDays(addMonths(today, -12), 1), to: today };
    case '90d':
      return { from: addDays(today, -89), to: today };
    case 'year':
      return { from: `${year}-01-01`, to: today };
    case 'last-year':
      return { from: `${year - 1}-01-01`, to: `${year - 1}-12-31` };
    case 'all':
      return { from: '0001-01-01', to: today };
    case 'custom':
      return { from: custom.from ?? '0001-01-01', to: custom.to ?? today };
  }
}

/** A full year from today backwards is spoken of as "the twelve months". */
export function isTwelveMonths({ from, to }: Period): boolean {
  return addDays(addMonths(to, -12), 1) === from || daysBetween(from, to) === 364;
}

/** So many leavers with the same main reason (known or not) and the same reason of their own. */
export interface LeaverCount {
  knowledge: Knowledge;
  mainCodeId: string | null;
  mainSource: 'colleague' | 'engine' | 'respondent' | null;
  statedCodeId: string | null;
  count: number;
  lostMinor: number;
}

export interface Code {
  id: string;
  key: string;
  parentId: string | null;
  kind: 'reason' | 'other' | 'unknown';
  position: number;
  retired: boolean;
}

export interface ReasonRow {
  codeId: string;
  key: string;
  count: number;
  lostMinor: number;
  /** Of all known main reasons. */
  coded: Share;
  statedCount: number;
  /** Of all who ticked a main reason; null where nobody did. */
  stated: Share | null;
  runningMinor: number;
  /** The codes of the second level, without shares of their own. */
  parts: { codeId: string; key: string; count: number; lostMinor: number }[];
}

export interface UnknownRow {
  knowledge: Exclude<Knowledge, 'known'>;
  count: number;
  lostMinor: number;
}

export interface LeavingFigures {
  leavers: number;
  lostMinor: number;
  /** Leavers whose main reason is known: the base of the shares. */
  base: number;
  statedBase: number;
  asked: number;
  answered: number;
  bySource: { colleague: number; engine: number; respondent: number };
  /** Most money first. */
  reasons: ReasonRow[];
  unknown: { count: number; lostMinor: number; runningMinor: number; parts: UnknownRow[] };
}

const UNKNOWN_ORDER = ['withheld', 'not_asked', 'no_answer', 'not_coded', 'does_not_know'] as const;

/**
 * The page's figures from counts. Each leaver's money stands with their main reason alone, so that rows and "reason
 * unknown" add up to all that was lost; shares have as their base the leavers whose main reason is known.
 */
export function leavingFigures(counts: LeaverCount[], codes: Code[]): LeavingFigures {
  const known = counts.filter((each) => each.knowledge === 'known');
  const base = sum(known, (each) => each.count);
  const stated = counts.filter((each) => each.statedCodeId !== null);
  const statedBase = sum(stated, (each) => each.count);
  const reasons = withRunningTotal(reasonRows(known, base, stated, statedBase, codes));
  const parts = UNKNOWN_ORDER.map((knowledge) => unknownRow(counts, knowledge));
  const unknownMinor = sum(parts, (each) => each.lostMinor);
  const lostMinor = sum(counts, (each) => each.lostMinor);
  const of = (...kinds: Knowledge[]) =>
    sum(
      counts.filter((each) => kinds.includes(each.knowledge)),
      (each) => each.count,
    );
  const from = (source: LeaverCount['mainSource']) =>
    sum(
      known.filter((each) => each.mainSource === source),
      (each) => each.count,
    );
  return {
    leavers: sum(counts, (each) => each.count),
    lostMinor,
    base,
    statedBase,
    answered: of('known', 'not_coded', 'does_not_know'),
    asked: of('known', 'not_coded', 'does_not_know', 'no_answer'),
    bySource: { colleague: from('colleague'), engine: from('engine'), respondent: from('respondent') },
    reasons,
    unknown: { count: sum(parts, (each) => each.count), lostMinor: unknownMinor, runningMinor: lostMinor, parts },
  };
}

function sum<T>(rows: T[], of: (row: T) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}

function unknownRow(counts: LeaverCount[], knowledge: UnknownRow['knowledge']): UnknownRow {
  const own = counts.filter((each) => each.knowledge === knowledge);
  return { knowledge, count: sum(own, (each) => each.count), lostMinor: sum(own, (each) => each.lostMinor) };
}

function reasonRows(
  known: LeaverCount[],
  base: number,
  stated: LeaverCount[],
  statedBase: number,
  codes: Code[],
): ReasonRow[] {
  const tops = codes.filter((code) => code.parentId === null);
  const rows = tops.map((top) => {
    const family = [top, ...codes.filter((code) => code.parentId === top.id)];
    const ids = new Set(family.map((code) => code.id));
    const own = known.filter((each) => each.mainCodeId !== null && ids.has(each.mainCodeId));
    const count = sum(own, (each) => each.count);
    const statedCount = sum(
      stated.filter((each) => each.statedCodeId !== null && ids.has(each.statedCodeId)),
      (each) => each.count,
    );
    return {
      top,
      codeId: top.id,
      key: top.key,
      count,
      lostMinor: sum(own, (each) => each.lostMinor),
      coded: wilson(count, base),
      statedCount,
      stated: statedBase > 0 ? wilson(statedCount, statedBase) : null,
      runningMinor: 0,
      parts: partsOf(family.slice(1), known),
    };
  });
  return rows
    .filter(worthShowing)
    .sort(mostMoneyFirst)
    .map(({ top: _, ...row }) => row);
}

function partsOf(codes: Code[], known: LeaverCount[]): ReasonRow['parts'] {
  return codes
    .map((code) => {
      const own = known.filter((each) => each.mainCodeId === code.id);
      return {
        codeId: code.id,
        key: code.key,
        count: sum(own, (each) => each.count),
        lostMinor: sum(own, (each) => each.lostMinor),
      };
    })
    .filter((part) => part.count > 0);
}

/** A reason that nobody gave still stands in the table; one that was retired only while it has figures. */
function worthShowing({ top, count, statedCount }: { top: Code; count: number; statedCount: number }): boolean {
  return count > 0 || statedCount > 0 || (top.kind !== 'unknown' && !top.retired);
}

function mostMoneyFirst(a: ReasonRow & { top: Code }, b: ReasonRow & { top: Code }): number {
  return b.lostMinor - a.lostMinor || b.count - a.count || a.top.position - b.top.position || (a.key < b.key ? -1 : 1);
}

function withRunningTotal(rows: ReasonRow[]): ReasonRow[] {
  let runningMinor = 0;
  return rows.map((row) => ({ ...row, runningMinor: (runningMinor += row.lostMinor) }));
}

/** Under 10 a share says nothing; under 30 it is a hint. */
export type Trust = 'too_few' | 'indicative' | 'sound';

export function trustIn(base: number): Trust {
  if (base < 10) return 'too_few';
  return base < 30 ? 'indicative' : 'sound';
}
