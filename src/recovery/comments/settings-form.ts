import { languageCodes } from '../../i18n/index.ts';
import { cleanText, lengthOf } from '../../questionnaires/index.ts';
import type { FieldErrors, Result } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import { tooLong } from '../../shared/too-long.ts';
import { seenRevision } from '../../web/index.ts';
import {
  MOST_PROMISED,
  ownTexts,
  PROMISES,
  type CommentSettings,
  type PromiseKey,
  type Promised,
  type Starters,
} from './settings.ts';

const MOST_HOURS = 200;

/** Names of fields. */
export const textField = (which: PromiseKey, language: string): string => `${which}_${language}`;
export const approvedField = (which: PromiseKey, language: string): string => `${which}_ok_${language}`;

interface SettingsGiven {
  settings: CommentSettings;
  /** The one that the form was made from. */
  revision: number;
}

export function readSettings(
  body: unknown,
  starters: Starters,
  known: { colleagues: string[]; offers: string[] },
): Result<SettingsGiven> {
  const given = (body ?? {}) as Record<string, unknown>;
  const text = (name: string) => (typeof given[name] === 'string' ? cleanText(given[name]) : '');
  const errors: FieldErrors = {};
  const hours = Number(text('answerHours'));
  if (!Number.isInteger(hours) || hours < 1 || hours > MOST_HOURS)
    errors.answerHours = { key: 'comments.settings.hours.error', values: { most: MOST_HOURS } };
  const promised = (which: PromiseKey): Promised => {
    const texts: Record<string, string> = {};
    for (const language of languageCodes) {
      const typed = text(textField(which, language));
      if (lengthOf(typed) > MOST_PROMISED) errors[textField(which, language)] = tooLong(MOST_PROMISED, lengthOf(typed));
      texts[language] = typed;
    }
    const approved = languageCodes.filter((language) => given[approvedField(which, language)] === '1');
    return { on: given[`${which}_on`] === '1', texts: ownTexts(texts, starters[which]), approved };
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
  return { ok: true, value: { settings, revision: seenRevision(body) } };
}
