import { customerRowSchema } from '../../customers/index.ts';
import { cleanLine, cleanText, isBlank, lengthOf } from '../../questionnaires/index.ts';
import type { FieldErrors, Result } from '../../shared/errors.ts';
import { oneText } from '../../shared/one-text.ts';
import { isPossible, LEAST_INSTALMENTS, MOST_INSTALMENTS, RHYTHMS, type Terms } from './plan-rules.ts';
import type { Slot } from './slots-rules.ts';
import type { PlanVisit } from './visit.ts';

/** Graphemes; as long as an answer may be. */
const MOST_WORDS = 5000;

/** What somebody posts from the page about what they owe. */
export type Fields = Record<string, unknown>;

/** When to call them, one of the times that were offered, and at which number. */
export function readCall(
  { slots, customer }: Pick<PlanVisit, 'slots' | 'customer'>,
  given: Fields,
): Result<{ slot: Slot; telephone: string }> {
  const slot = slots.find(({ from }) => from === given.from);
  const number = readNumber(given.telephone, customer.telephone);
  if (slot && number.ok) return { ok: true, value: { slot, telephone: number.value } };
  const errors = { ...(!slot && { from: { key: 'payment.error.slot' } }), ...(!number.ok && number.errors) };
  return { ok: false, errors };
}

/** The number typed, else the one that is known. */
function readNumber(typed: unknown, known: string): Result<string> {
  const parsed = customerRowSchema.shape.telephone.safeParse(cleanLine(oneText(typed)));
  if (!parsed.success) return { ok: false, errors: { telephone: { key: 'payment.error.telephone' } } };
  const number = parsed.data || known;
  return number === ''
    ? { ok: false, errors: { telephone: { key: 'payment.error.noTelephone' } } }
    : { ok: true, value: number };
}

/** What happened, in their own words. */
export function readWords(given: Fields): Result<string> {
  const words = cleanText(oneText(given.words));
  if (isBlank(words)) return { ok: false, errors: { words: { key: 'payment.error.words' } } };
  if (lengthOf(words) <= MOST_WORDS) return { ok: true, value: words };
  return { ok: false, errors: { words: { key: 'payment.error.long', values: { most: MOST_WORDS } } } };
}

/** A plan as somebody chose it from what there is to choose. */
export function readTerms(
  { openMinor, firstDays }: Pick<PlanVisit, 'openMinor' | 'firstDays'>,
  given: Fields,
): Result<Terms> {
  const instalments = Number(given.instalments);
  const rhythm = RHYTHMS.find((each) => each === given.rhythm);
  const firstOn = firstDays.find((each) => each === given.firstOn);
  const errors: FieldErrors = {};
  const inRange = instalments >= LEAST_INSTALMENTS && instalments <= MOST_INSTALMENTS;
  if (!inRange || !isPossible({ totalMinor: openMinor, instalments }))
    errors.instalments = { key: 'payment.error.count' };
  if (!rhythm) errors.rhythm = { key: 'payment.error.choose' };
  if (firstOn === undefined) errors.firstOn = { key: 'payment.error.choose' };
  if (Object.keys(errors).length > 0 || !rhythm || firstOn === undefined) return { ok: false, errors };
  return { ok: true, value: { totalMinor: openMinor, instalments, rhythm, firstOn } };
}
