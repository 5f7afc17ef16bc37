import { addDays, addMonths } from '../../shared/dates.ts';

export const RHYTHMS = ['week', 'fortnight', 'month'] as const;
type Rhythm = (typeof RHYTHMS)[number];

export const LEAST_INSTALMENTS = 2;
export const MOST_INSTALMENTS = 12;

/** A sum in parts: `totalMinor` in minor units, the first part due on `firstOn` ('YYYY-MM-DD'). */
export interface Terms {
  totalMinor: number;
  instalments: number;
  rhythm: Rhythm;
  firstOn: string;
}

export interface Instalment {
  /** 1, 2, ... */
  number: number;
  dueOn: string;
  amountMinor: number;
}

/** Whether a sum can be had in so many parts of at least one minor unit each. */
export function isPossible({ totalMinor, instalments }: Pick<Terms, 'totalMinor' | 'instalments'>): boolean {
  const whole = Number.isSafeInteger(totalMinor) && Number.isInteger(instalments);
  return whole && instalments >= LEAST_INSTALMENTS && instalments <= MOST_INSTALMENTS && totalMinor >= instalments;
}

/**
 * The parts of a plan. They add up to the sum exactly: what does not divide goes to the first ones, one minor unit
 * each. Months are counted from the first day, so that 31 January is followed by 28 February and 31 March.
 * @throws RangeError for a sum that cannot be had in so many parts
 */
export function instalmentsOf(terms: Terms): Instalment[] {
  if (!isPossible(terms)) throw new RangeError('This sum cannot be paid in so many parts');
  const { totalMinor, instalments } = terms;
  const part = Math.floor(totalMinor / instalments);
  const left = totalMinor - part * instalments;
  return Array.from({ length: instalments }, (_, i) => ({
    number: i + 1,
    dueOn: dueOn(terms, i),
    amountMinor: part + (i < left ? 1 : 0),
  }));
}

function dueOn({ rhythm, firstOn }: Terms, i: number): string {
  if (rhythm === 'month') return addMonths(firstOn, i);
  return addDays(firstOn, i * (rhythm === 'week' ? 7 : 14));
}

/** How many parts, in their order, an amount covers whole. */
export function coveredBy(instalments: Pick<Instalment, 'amountMinor'>[], paidMinor: number): number {
  let left = paidMinor;
  const first = instalments.findIndex(({ amountMinor }) => (left -= amountMinor) < 0);
  return first === -1 ? instalments.length : first;
}

export type Role = 'staff' | 'manager' | 'administrator';

/** What a colleague may agree to alone. */
export interface Limits {
  /** Highest sum, in minor units. */
  staffMinor: number;
  /** Longest plan, in instalments. */
  staffInstalments: number;
}

/** Managers agree to anything that the business offers; staff up to the limits. */
export function mayAgree(
  role: Role,
  { totalMinor, instalments }: Pick<Terms, 'totalMinor' | 'instalments'>,
  limits: Limits,
) {
  return role !== 'staff' || (totalMinor <= limits.staffMinor && instalments <= limits.staffInstalments);
}
