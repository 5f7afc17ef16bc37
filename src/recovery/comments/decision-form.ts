import { amountIn } from '../../customers/index.ts';
import { cleanText, isBlank, lengthOf } from '../../questionnaires/index.ts';
import type { FieldErrors, Result } from '../../shared/errors.ts';
import { oneText } from '../../shared/one-text.ts';
import { tooLong } from '../../shared/too-long.ts';
import { REMEDIES } from '../cases/remedies.ts';
import type { Decision } from './interface.ts';

const LONGEST = 1000;

/** What a colleague decided about a claim; without words nobody could say later what was promised, or why not. */
export function readDecision(body: unknown, money: { currency: string; language: string }): Result<Decision> {
  const given = (body ?? {}) as Record<string, unknown>;
  const state = given.state === 'granted' || given.state === 'declined' ? given.state : undefined;
  const kind = REMEDIES.find((each) => each === given.kind);
  const words = cleanText(oneText(given.words));
  const typed = amountIn(oneText(given.amount), money);
  const amount = (typed ?? 0) >= 0 ? typed : undefined;
  const errors: FieldErrors = {};
  if (state === undefined) errors.state = { key: 'comments.claim.choose' };
  if (state === 'granted' && kind === undefined) errors.kind = { key: 'cases.error.remedy' };
  if (isBlank(words)) errors.words = { key: state === 'declined' ? 'comments.claim.why' : 'comments.claim.what' };
  else if (lengthOf(words) > LONGEST) errors.words = tooLong(LONGEST, lengthOf(words));
  if (amount === undefined) errors.amount = { key: 'customers.error.amount' };
  if (state === undefined || amount === undefined || Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, value: { state, kind: kind ?? 'other', words, amountMinor: amount } };
}
