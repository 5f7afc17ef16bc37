import { z } from 'zod';
import { addMonths } from '../../shared/dates.ts';
import { cleanLine, cleanText, isBlank, lengthOf } from '../../questionnaires/index.ts';
import type { FieldErrors, Result } from '../../shared/errors.ts';
import { tooLong } from '../../shared/too-long.ts';
import { withoutInvisible } from '../../shared/invisible.ts';

export const MOST_WHO = 120;
export const MOST_WHAT = 2000;
const MOST_NAME = 40;

const text = z.string().catch('');
const typed = z.object({ who: text, what: text, name: text });

export interface TypedAlert {
  who: string;
  what: string;
  /** First name of whoever reports; asked only where there is no account. */
  name: string;
}

/** What was typed, or what is missing in it, by field. */
export function readAlert(body: unknown, asksName: boolean): Result<TypedAlert> {
  const given = typed.parse(body ?? {});
  const value = {
    who: cleanLine(withoutInvisible(given.who)),
    what: cleanText(withoutInvisible(given.what)),
    name: cleanLine(withoutInvisible(given.name)),
  };
  const errors: FieldErrors = {};
  const check = (field: 'who' | 'what' | 'name', most: number) => {
    if (isBlank(value[field])) errors[field] = { key: `alerts.error.${field}` };
    else if (lengthOf(value[field]) > most) errors[field] = tooLong(most, lengthOf(value[field]));
  };
  check('who', MOST_WHO);
  check('what', MOST_WHAT);
  if (asksName) check('name', MOST_NAME);
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, value };
}

/** The quarter of the year that a day is in: its first day, and the first of the next. */
export function quarterOf(day: string): { from: string; to: string } {
  const month = Number(day.slice(5, 7));
  const first = String(month - ((month - 1) % 3)).padStart(2, '0');
  const from = `${day.slice(0, 4)}-${first}-01`;
  return { from, to: addMonths(from, 3) };
}

/** Outcomes of a win-back after which the customer buys again. */
const WON = ['won_back', 'returned'];

/** What the end of a win-back says for those who had reported that customer. */
export const isWonBack = (theCase: { kind: string; outcome: string }): boolean =>
  theCase.kind === 'win_back' && WON.includes(theCase.outcome);
