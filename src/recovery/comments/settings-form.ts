import { languageCodes } from '../../i18n/index.ts';
import { cleanText, lengthOf } from '../../questionnaires/index.ts';
import type { FieldErrors, Result } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { tooLong } from '../../shared/too-long.ts';
import { PROMISES, type CommentSettings, type PromiseKey, type Promised } from './settings.ts';

const LONGEST = 600;
const MOST_HOURS = 200;

/** Names of fields. */
export const textField = (which: PromiseKey, language: string): string => `${which}_${language}`;
export const approvedField = (which: PromiseKey, language: string): string => `${which}_ok_${language}`;

export interface SettingsGiven {
  settings: CommentSettings;
  /** The one that the form was made from. */
  revision: number;
}

/** Reads the form; a text like the starter counts as none, so that it goes on following the company's name. */
export function readSettings(
  body: unknown,
  starters: (which: PromiseKey, language: string) => string,
  known: { colleagues: string[]; offers: string[] },
): Result<SettingsGiven> {
  const given = (body ?? {}) as Record<string, unknown>;
  const text = (name: string) => (typeof given[name] === 'string' ? cleanText(given[name]) : '');
  const errors: FieldErrors = {};
  const hours = Number(text('answerHours'));
  if (!Number.isInteger(hours) || hours < 1 || hours > MOST_HOURS)
    errors.answerHours = { key: 'comments.settings.hours.error', values: { most: MOST_HOURS } };
  const promised = (which: PromiseKey): Promised => {
    const texts = languageCodes.flatMap((language) => {
      const typed = text(textField(which, language));
      if (lengthOf(typed) > LONGEST) errors[textField(which, language)] = tooLong(LONGEST, lengthOf(typed));
      return typed === '' || typed === starters(which, language) ? [] : [[language, typed] as const];
    });
    const approved = languageCodes.filter((language) => given[approvedField(which, language)] === '1');
    return { on: given[`${which}_on`] === '1', texts: Object.fromEntries(texts), approved };
  };
  const [guarantee, gift] = PROMISES.map(promised) as [Promised, Promised];
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const oneOf = (name: string, ids: string[]) => (isId(given[name]) && ids.includes(given[name]) ? given[name] : null);
  const settings: CommentSettings = {
    on: given.on === '1',
    ownerId: oneOf('ownerId', known.colleagues),
    answerHours: hours,
    guarantee,
    gift,
    giftOfferId: oneOf('giftOfferId', known.offers),
  };
  return { ok: true, value: { settings, revision: Number(text('revision')) || 0 } };
}
