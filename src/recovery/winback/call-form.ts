import { z } from 'zod';
import type { Company } from '../../accounts/index.ts';
import { line, lines, type Customer } from '../../customers/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { daysLater } from '../../shared/zones.ts';
import { nextCall, readBack } from '../../telephone/index.ts';
import { readForm } from '../../web/index.ts';
import { CALL_OUTCOMES, MOST_TRIES, needsReason, RETRY_DAYS, THINKING_DAYS } from './rules.ts';

const finishForm = z.object({
  outcome: z.enum(CALL_OUTCOMES, { error: 'winback.outcome.choose' }),
  reason: line(64).default(''),
  said: lines(5000).default(''),
  promised: lines(2000).default(''),
  'back-day': z.string().default(''),
  'back-time': z.string().default(''),
});
type FinishForm = z.infer<typeof finishForm>;

/** What came of a call. */
export interface CallEnd extends FinishForm {
  /** When they are called again; null where nothing more is due. */
  again: string | null;
}

interface CallEndGiven {
  customer: Pick<Customer, 'timeZone' | 'country'>;
  company: Pick<Company, 'timeZone' | 'country' | 'workingHours'>;
  /** Whether a reason of the codebook has that key. */
  isReason(key: string): boolean;
  /** Whether it is known already why they left. */
  isReasonKnown: boolean;
  /** How often nobody was there before this call, one after the other. */
  tries: number;
  now: string;
}

/** Reads what a colleague wrote down about a call. */
export function readCallEnd(
  body: unknown,
  given: CallEndGiven,
): { ok: true; value: CallEnd } | { ok: false; errors: FieldErrors } {
  const form = readForm(finishForm, body);
  if (!form.ok) return form;
  const { outcome } = form.value;
  const reason = outcome === 'moved' && form.value.reason === '' ? 'moved' : form.value.reason;
  const { customer, company: business, now } = given;
  const back = outcome === 'call_again' ? readBack(form.value, { customer, business, now }) : null;
  const errors: FieldErrors = back?.ok === false ? { ...back.errors } : {};
  const missing = needsReason(outcome) && reason === '' && !given.isReasonKnown;
  if (missing || (reason !== '' && !given.isReason(reason))) errors.reason = { key: 'winback.reason.choose' };
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, value: { ...form.value, reason, again: againAt(outcome, back?.ok ? back.at : null, given) } };
}

function againAt(
  outcome: FinishForm['outcome'],
  at: string | null,
  { customer, company, now, tries }: CallEndGiven,
): string | null {
  const inDays = (days: number) => nextCall(customer, company, daysLater(company.timeZone, now, days));
  if (outcome === 'call_again') return at;
  if (outcome === 'thinking') return inDays(THINKING_DAYS);
  return outcome === 'not_reached' && tries + 1 < MOST_TRIES ? inDays(RETRY_DAYS) : null;
}
