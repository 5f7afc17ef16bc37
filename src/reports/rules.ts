import { addDays, addMonths, daysBetween } from '../shared/dates.ts';
import { decimalsOf } from '../shared/money.ts';

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

interface WhatWeKnow {
  /** Of the reason that their answer has, or else a call. */
  mainKind: 'reason' | 'other' | 'unknown' | null;
  answered: boolean;
  withheld: boolean;
  asked: boolean;
}

/** Why a leaver's reason is known or not: an answer, or a call, outranks what was or was not sent. */
export function knowledgeOf({ mainKind, answered, withheld, asked }: WhatWeKnow): Knowledge {
  if (mainKind === 'unknown') return 'does_not_know';
  if (mainKind) return 'known';
  if (answered) return 'not_coded';
  if (withheld) return 'withheld';
  return asked ? 'no_answer' : 'not_asked';
}

export const PERIODS = ['12m', '6m', '90d', 'year', 'last-year', 'all', 'custom'] as const;
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
    case '6m':
      return { from: addDays(addMonths(today, -6), 1), to: today };
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

/** Under 10 a share says nothing; under 30 it is a hint. */
export type Trust = 'too_few' | 'indicative' | 'sound';

export function trustIn(base: number): Trust {
  if (base < 10) return 'too_few';
  return base < 30 ? 'indicative' : 'sound';
}
