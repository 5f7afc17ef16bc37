import { z } from 'zod';
import { parseWhole, type ParsedWhole, type WholeBody } from '../answering/index.ts';
import { isPlainDate } from '../shared/dates.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { momentAt } from '../shared/zones.ts';
import type { Definition } from '../questionnaires/index.ts';
import type { ContactWish } from '../responses/index.ts';
import { isCallDay, isCallTime, OUTCOMES, type Business, type CallPlace, type Outcome } from './rules.ts';

export interface CallForm {
  ok: true;
  outcome: Outcome;
  answers: Extract<ParsedWhole, { ok: true }>['answers'];
  wish: ContactWish | null;
  /** When they are to be called back; '' otherwise. */
  at: string;
}

const WISHES: ContactWish[] = ['phone', 'mail', 'no'];

/** What stood on the call sheet when the call was over. Answers count only where the outcome says that there are any. */
export function readCall(
  definition: Definition,
  body: WholeBody,
  place: BackPlace,
): CallForm | { ok: false; errors: FieldErrors } {
  const outcome = OUTCOMES.find((each) => each === body.outcome);
  if (!outcome) return { ok: false, errors: { outcome: { key: 'telephone.outcome.choose' } } };
  if (outcome === 'call_back') {
    const back = readBack(body, place);
    return back.ok ? { ok: true, outcome, answers: new Map(), wish: null, at: back.at } : back;
  }
  const at = '';
  if (outcome !== 'answered') return { ok: true, outcome, answers: new Map(), wish: null, at };
  const parsed = parseWhole(definition, body, 'spoken');
  if (!parsed.ok) return parsed;
  if (parsed.answers.size === 0) return { ok: false, errors: { outcome: { key: 'telephone.outcome.nothing' } } };
  return { ok: true, outcome, answers: parsed.answers, wish: WISHES.find((each) => each === body.contact) ?? null, at };
}

/** Who is to be called back, by whom. */
interface BackPlace {
  customer: CallPlace;
  business: Business;
  now: string;
}

/** When they want to be called back, typed as a day and a time where the business is; no day on which nobody is called, and no hour of the night. */
export function readBack(
  body: WholeBody,
  { customer, business, now }: BackPlace,
): { ok: true; at: string } | { ok: false; errors: FieldErrors } {
  const at = backAt(body, business.timeZone);
  if (at === undefined || at <= now) return { ok: false, errors: { 'back-day': { key: 'telephone.back.bad' } } };
  if (!isCallDay(customer, business, at))
    return { ok: false, errors: { 'back-day': { key: 'telephone.back.closed' } } };
  if (!isCallTime(customer, business, at))
    return { ok: false, errors: { 'back-day': { key: 'telephone.back.night' } } };
  return { ok: true, at };
}

function backAt(body: WholeBody, timeZone: string): string | undefined {
  const [day, time] = [String(body['back-day'] ?? ''), String(body['back-time'] ?? '')];
  const parts = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (!isPlainDate(day) || !parts) return undefined;
  return momentAt(timeZone, { day, minutes: Number(parts[1]) * 60 + Number(parts[2]) });
}

const draftSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** What was typed, as it was typed; what is no text is left out. */
export function draftOf(body: WholeBody): string {
  const kept = Object.entries(body).filter(
    ([name, value]) => name !== 'csrf' && draftSchema.safeParse({ x: value }).success,
  );
  return JSON.stringify(Object.fromEntries(kept));
}

export function readDraft(draft: string): WholeBody {
  return draftSchema.parse(JSON.parse(draft));
}
