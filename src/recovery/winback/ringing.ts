import type { Company } from '../../accounts/index.ts';
import { mayRing } from '../../telephone/index.ts';
import type { CallSheet } from './call-sheet.ts';

/** Whether it is a good time to ring them up: about the time that they named for themselves, else by day. */
export function mayRingNow(
  { own, customer, calls }: Pick<CallSheet, 'own' | 'customer' | 'calls'>,
  company: Pick<Company, 'timeZone' | 'country' | 'workingHours'>,
  now: string,
): boolean {
  // Where nobody was reached or they wanted to think, the next day is only ours.
  const isTheirs = own.call_at !== null && calls[0]?.outcome === 'call_again';
  const appointment = isTheirs ? 1 : 0;
  const ring = { time_zone: customer.timeZone, country: customer.country, not_before: own.call_at ?? '' };
  return mayRing({ ...ring, appointment }, company, now);
}
