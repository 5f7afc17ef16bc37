import type { Company } from '../accounts/index.ts';
import type { Customer } from '../customers/index.ts';
import { isHoliday } from '../invitations/index.ts';
import { addMinutes } from '../shared/dates.ts';
import { localTime, weekdayOf } from '../shared/zones.ts';

/** A call that is under way is nobody else's for so long after its last sign of life. */
export const CLAIM_MINUTES = 30;
/** Whoever is never there is let be after so many tries. */
export const MOST_TRIES = 5;
/** Not reached: tried again at another time of day. */
const RETRY_MINUTES = 4 * 60;

/** So long after a time that somebody named for themselves it is still the time that they meant. */
const APPOINTMENT_MINUTES = 2 * 60;

/** Nobody is called at home before or after, by their own clock; minutes since midnight. Never on a Sunday. */
const [FROM, TO] = [9 * 60, 20 * 60];
const WEEK = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

export const OUTCOMES = ['answered', 'call_back', 'not_reached', 'wrong_number', 'refused'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const LEFT_OUT = [
  'gone',
  'unsubscribed',
  'no_legal_basis',
  'no_number',
  'wrong_number',
  'no_calls',
  'language',
  'held_out',
  'complaint',
  'recently_invited',
] as const;
export type LeftOut = (typeof LEFT_OUT)[number];

export type Business = Pick<Company, 'timeZone' | 'country' | 'workingHours'>;

/** Where somebody is called; '' is the business's own time zone, or country. */
export interface CallPlace {
  timeZone: string;
  country: string;
}

/** Whether colleagues work at that moment: in the hours that are theirs, and on no holiday of their country. */
export function isWorking({ timeZone, country, workingHours }: Business, at: string): boolean {
  const { day, minutes } = localTime(timeZone, at);
  const hours = workingHours[WEEK[weekdayOf(day)] ?? 'sun'];
  if (!hours || isHoliday(country, day)) return false;
  return minutes >= minutesOf(hours.from) && minutes < minutesOf(hours.to);
}

/** Whether somebody there can be called at that moment: by day, on no Sunday and no holiday of theirs. */
export function canBeCalled({ timeZone, country }: CallPlace, business: Business, at: string): boolean {
  const { day, minutes } = localTime(timeZone || business.timeZone, at);
  if (!isWorking(business, at) || weekdayOf(day) === 0 || isHoliday(country || business.country, day)) return false;
  return minutes >= FROM && minutes < TO;
}

/** Whether a call may be promised for that day: we work then, and where they live it is no Sunday and no holiday. */
export function isCallDay({ timeZone, country }: CallPlace, business: Business, at: string): boolean {
  const ours = localTime(business.timeZone, at).day;
  const theirs = localTime(timeZone || business.timeZone, at).day;
  // A business that names no hours is always there.
  const open =
    business.workingHours[WEEK[weekdayOf(ours)] ?? 'sun'] || WEEK.every((each) => !business.workingHours[each]);
  if (!open || isHoliday(business.country, ours)) return false;
  return weekdayOf(theirs) !== 0 && !isHoliday(country || business.country, theirs);
}

/** Nobody is promised a call at night, where they live: a slip of the hand, or a call that nobody makes. */
const [EARLIEST, LATEST] = [7 * 60, 22 * 60];

export function isCallTime({ timeZone }: CallPlace, business: Business, at: string): boolean {
  const { minutes } = localTime(timeZone || business.timeZone, at);
  return minutes >= EARLIEST && minutes < LATEST;
}

/** Whether it is a good time for this call: about when it was promised for, else by day. */
export function mayRing(
  call: { time_zone: string; country: string; appointment: number; not_before: string },
  business: Business,
  now: string,
): boolean {
  const until = call.appointment === 1 ? addMinutes(call.not_before, APPOINTMENT_MINUTES) : '';
  if (call.not_before <= now && now < until) return true;
  return canBeCalled({ timeZone: call.time_zone, country: call.country }, business, now);
}

const STEP = 15;
const WEEK_STEPS = (8 * 24 * 60) / STEP;

/** The next moment, to a quarter of an hour, at which they can be called; null where no such hour comes in eight days. */
export function nextCall(place: CallPlace, business: Business, at: string): string | null {
  const quarter = STEP * 60_000;
  let moment = new Date(Math.ceil(Date.parse(at) / quarter) * quarter).toISOString();
  for (let i = 0; i < WEEK_STEPS; i++) {
    if (canBeCalled(place, business, moment)) return moment;
    moment = addMinutes(moment, STEP);
  }
  return null;
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

interface Flag {
  kind: 'wrong_number' | 'no_calls';
  number_key: string;
}

/** What speaks against calling them; null where nothing does. A wrong number is forgotten once it has been changed. */
export function againstCall(customer: Customer | undefined, flags: Flag[], numberKey: string): LeftOut | null {
  if (!customer || customer.erasedAt !== null) return 'gone';
  if (customer.unsubscribedAt !== null) return 'unsubscribed';
  if (customer.legalBasis === '') return 'no_legal_basis';
  if (!/\d{3}/.test(customer.telephone.replace(/\D/g, ''))) return 'no_number';
  if (flags.some(({ kind }) => kind === 'no_calls')) return 'no_calls';
  return flags.some((flag) => flag.kind === 'wrong_number' && flag.number_key === numberKey) ? 'wrong_number' : null;
}

/** The digits alone tell numbers apart, however they are written. */
export const digitsOf = (telephone: string): string => telephone.replace(/\D/g, '');

interface Settled {
  state: 'open' | 'done';
  outcome: Outcome | null;
  not_before: string;
  appointment: 0 | 1;
  tries: number;
}

/** Where a call stands after that outcome. `at` is when they are to be called back. */
export function afterCall(outcome: Outcome, { now, tries, at }: { now: string; tries: number; at: string }): Settled {
  const count = tries + 1;
  const done: Settled = { state: 'done', outcome, not_before: '', appointment: 0, tries: count };
  if (outcome === 'call_back') return { ...done, state: 'open', not_before: at, appointment: 1 };
  if (outcome !== 'not_reached' || count >= MOST_TRIES) return done;
  return { ...done, state: 'open', not_before: addMinutes(now, RETRY_MINUTES) };
}
