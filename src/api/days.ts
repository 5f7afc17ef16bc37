import type { Accounts } from '../accounts/index.ts';
import type { Clock } from '../shared/clock.ts';
import { dayIn, isPlainDate } from '../shared/dates.ts';
import { Unfit } from './errors.ts';

export interface Days {
  accounts: Pick<Accounts, 'company'>;
  clock: Clock;
}

/** Today, where the business is. */
async function todayOf({ accounts, clock }: Days): Promise<string> {
  return dayIn((await accounts.company()).timeZone, clock.now());
}

function needsDay(field: string, named: string): void {
  if (!isPlainDate(named)) throw new Unfit(field, 'This is no day. Write it as 2026-12-31.');
}

/** The day that was named, not after today; today where none was. @throws Unfit */
export async function pastDay(days: Days, field: string, named: string | undefined): Promise<string> {
  const today = await todayOf(days);
  if (named === undefined) return today;
  needsDay(field, named);
  if (named > today) throw new Unfit(field, `This day has not come yet: today is ${today} where the business is.`);
  return named;
}

/** Today or later. @throws Unfit */
export async function laterDay(days: Days, field: string, named: string): Promise<string> {
  needsDay(field, named);
  const today = await todayOf(days);
  if (named < today) throw new Unfit(field, `This day is over: today is ${today} where the business is.`);
  return named;
}

/** After today. @throws Unfit */
export async function comingDay(days: Days, field: string, named: string): Promise<string> {
  needsDay(field, named);
  const today = await todayOf(days);
  if (named <= today) throw new Unfit(field, `Name a day after ${today}, which is today where the business is.`);
  return named;
}
