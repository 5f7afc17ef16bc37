import type { Company } from '../accounts/index.ts';
import type { MailCustomer } from '../customers/index.ts';
import { oneAddress } from '../mailer/index.ts';
import { addDays, addMinutes } from '../shared/dates.ts';
import { daysLater, localTime, momentAt, weekdayOf } from '../shared/zones.ts';
import { isHoliday } from './holidays.ts';
import { REMINDER_GAP_DAYS, type Delivery, type Progress, type Wave } from './wave.ts';

/** Nobody hears from a business between these, by their own clock; minutes since midnight. */
export const DAY_BEGINS = 8 * 60;
export const DAY_ENDS = 20 * 60;
/** A reminder that could not go for so long would only surprise. */
const LATE_DAYS = 7;
/** How often it is looked whether somebody has approved the words. */
const WORDS_AGAIN_MINUTES = 60;
const MINUTES_A_DAY = 24 * 60;

/** Where somebody is, and when the business works: 0 is Sunday. */
export interface Place {
  timeZone: string;
  country: string;
  workingDays: Set<number>;
}

const WEEK = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const MONDAY_TO_FRIDAY = [1, 2, 3, 4, 5];

/** The customer's own time zone and country, else the business's. */
export function placeOf(
  customer: { timeZone: string; country: string },
  company: Pick<Company, 'timeZone' | 'country' | 'workingHours'>,
): Place {
  const works = WEEK.flatMap((name, day) => (company.workingHours[name] === null ? [] : [day]));
  return {
    timeZone: customer.timeZone || company.timeZone,
    country: customer.country || company.country,
    workingDays: new Set(works.length > 0 ? works : MONDAY_TO_FRIDAY),
  };
}

const isSendingDay = (day: string, { country, workingDays }: Place): boolean =>
  workingDays.has(weekdayOf(day)) && !isHoliday(country, day);

/** The first moment from then on at which somebody there may be written to: a working day, no holiday, not in the quiet hours. */
export function nextAllowed(from: string, place: Place): string {
  const { day: first, minutes } = localTime(place.timeZone, from);
  if (isSendingDay(first, place) && minutes >= DAY_BEGINS && minutes < DAY_ENDS) return from;
  let day = minutes < DAY_BEGINS ? first : addDays(first, 1);
  while (!isSendingDay(day, place)) day = addDays(day, 1);
  return momentAt(place.timeZone, { day, minutes: DAY_BEGINS });
}

/**
 * When a reminder may first be looked at again, without knowing where its recipient is: never later than it is due.
 * Two reminders are at least some days apart, also where the first was held up.
 */
export function roughlyDue(sentAt: string, days: number, previousSentAt: string | null): string {
  const due = addMinutes(sentAt, days * MINUTES_A_DAY - 3 * 60);
  const apart = previousSentAt === null ? due : addMinutes(previousSentAt, REMINDER_GAP_DAYS * MINUTES_A_DAY);
  return due > apart ? due : apart;
}

/** To the minute: so many days later at the time of day at which the invitation went, moved to when it may go. */
export function exactlyDue(sentAt: string, days: number, roughly: string, place: Place): string {
  const due = daysLater(place.timeZone, sentAt, days);
  return nextAllowed(due > roughly ? due : roughly, place);
}

/** What is known, at this moment, about somebody whose reminder is due. */
export interface ReminderFacts {
  reminder: { number: number; dueAt: string };
  invitation: {
    delivery: Delivery;
    progress: Progress;
    sentAt: string | null;
    bouncedAt: string | null;
    revokedAt: string | null;
    expiresAt: string;
  };
  wave: Pick<Wave, 'id' | 'state' | 'reminderDays'> | undefined;
  customer:
    Pick<MailCustomer, 'email' | 'legalBasis' | 'unsubscribedAt' | 'erasedAt' | 'timeZone' | 'country'> | undefined;
  hasOpenComplaint: boolean;
  /** About what they owe. */
  isTalking: boolean;
  isSuppressed: boolean;
  /** Somebody has approved what the reminder says in the invitation's language. */
  hasWords: boolean;
}

export type Verdict = { go: true } | { cancel: string } | { until: string } | { parkedFor: string };

/** Whether a reminder goes now. The same at each look: when it comes due, and in the transaction that claims it. */
export function judge(facts: ReminderFacts, company: Parameters<typeof placeOf>[1], now: string): Verdict {
  const ended = endOf(facts, now);
  if (ended !== null) return { cancel: ended };
  const { reminder, invitation, wave, customer } = facts;
  if (!wave || !customer || invitation.sentAt === null) return { cancel: 'gone' };
  if (wave.state === 'paused') return { parkedFor: wave.id };
  const place = placeOf(customer, company);
  const due = exactlyDue(invitation.sentAt, wave.reminderDays[reminder.number - 1] ?? 0, reminder.dueAt, place);
  if (due > now) return { until: due };
  if (addMinutes(due, LATE_DAYS * MINUTES_A_DAY) < now) return { cancel: 'too_late' };
  if (!facts.hasWords) return { until: addMinutes(now, WORDS_AGAIN_MINUTES) };
  const allowed = nextAllowed(now, place);
  return allowed > now ? { until: allowed } : { go: true };
}

/** Why nobody is to be reminded any more; null where they are. */
function endOf(
  { invitation, wave, customer, hasOpenComplaint, isTalking, isSuppressed }: ReminderFacts,
  now: string,
): string | null {
  if (!wave || wave.state === 'stopped') return 'stopped';
  if (!customer || customer.erasedAt !== null) return 'gone';
  if (invitation.progress === 'opted_out') return 'opted_out';
  if (invitation.progress !== 'none') return 'answered';
  if (customer.unsubscribedAt !== null) return 'unsubscribed';
  if (customer.legalBasis === '') return 'no_legal_basis';
  if (oneAddress(customer.email) === undefined) return 'no_address';
  if (invitation.bouncedAt !== null) return 'bounced';
  if (isSuppressed) return 'suppressed';
  if (invitation.delivery !== 'sent') return 'not_sent';
  if (invitation.revokedAt !== null) return 'revoked';
  if (invitation.expiresAt <= now) return 'expired';
  if (isTalking) return 'talking';
  return hasOpenComplaint ? 'complaint' : null;
}

/** An end by one of these says nothing about the next reminder. */
const ONLY_THIS_ONE = new Set(['too_late']);

/** Whether the next reminder may follow one that ended so. */
export const mayHaveNext = (reason: string): boolean => ONLY_THIS_ONE.has(reason);
