import { addMinutes } from '../shared/dates.ts';

/** Whatever a business sends through Comeback; what is not in here cannot be sent. */
export const CONTACT_KINDS = [
  'survey',
  'winback',
  'at_risk',
  'referral',
  'told',
  'greeting.anniversary',
  'greeting.card',
  'service',
] as const;
export type ContactKind = (typeof CONTACT_KINDS)[number];

/** So many days from one sequence to the next, until somebody sets it otherwise. */
export const BUDGET_DAYS = 90;
/** Greetings have an allowance of their own: one of each kind a year. */
const YEARLY_DAYS = 365;
const MINUTES_A_DAY = 24 * 60;

/** What a kind counts against; null where it is shown but not counted: replies, cases, payments. */
export function allowanceOf(kind: ContactKind): string | null {
  if (kind === 'service') return null;
  return kind.startsWith('greeting.') ? kind : 'sequence';
}

/** So many days must lie between two of that allowance. */
export function daysBetweenContacts(allowance: string, budgetDays: number): number {
  return allowance === 'sequence' ? budgetDays : YEARLY_DAYS;
}

/** A contact made since then counts. */
export const countsSince = (now: string, days: number): string => addMinutes(now, -days * MINUTES_A_DAY);
/** A contact made then counts until this. */
export const freeAfter = (at: string, days: number): string => addMinutes(at, days * MINUTES_A_DAY);

interface Counted {
  sequenceId: string;
  at: string;
}

/** From when somebody may be contacted again; undefined where nothing counts. Contacts of the sequence that is going on do not. */
export function freeFrom(counted: Counted[], days: number, sequenceId: string | undefined): string | undefined {
  const last = counted
    .filter((each) => each.sequenceId !== sequenceId)
    .reduce<string | undefined>((latest, { at }) => (latest === undefined || at > latest ? at : latest), undefined);
  return last === undefined ? undefined : freeAfter(last, days);
}
