import { cleanLine, cleanText, isBlank, lengthOf } from '../../questionnaires/index.ts';
import type { FieldErrors, Result } from '../../shared/errors.ts';
import { oneText } from '../../shared/one-text.ts';
import { tooLong } from '../../shared/too-long.ts';
import type { ReferenceTerms } from './interface.ts';
import { MOST_A_YEAR } from './public-views.ts';
import { givesAway } from './rules.ts';

/** Graphemes. */
const MOST_WORDS = 500;
const MOST_TOPICS = 300;

/** What somebody posts from their page. */
export type Fields = Record<string, unknown>;

/** Whom they have told about us, or nothing: without anybody's address or number. */
export function readWord({ words: given }: Fields): Result<string> {
  const words = cleanText(oneText(given));
  if (lengthOf(words) > MOST_WORDS) return { ok: false, errors: { words: tooLong(MOST_WORDS, lengthOf(words)) } };
  if (givesAway(words)) return { ok: false, errors: { words: { key: 'attentions.error.address' } } };
  return { ok: true, value: words };
}

/** What they say to a prospect who knows them; something has to be said. */
export function readVouching(fields: Fields): Result<string> {
  const word = readWord(fields);
  if (!word.ok || !isBlank(word.value)) return word;
  return { ok: false, errors: { words: { key: 'attentions.error.words' } } };
}

/** How often, how and about what they may be asked. */
export function readReference({ often, way, topics: given }: Fields): Result<ReferenceTerms> {
  const aYear = Number(often);
  const topics = cleanLine(oneText(given));
  const errors: FieldErrors = {};
  if (!Number.isInteger(aYear) || aYear < 1 || aYear > MOST_A_YEAR) errors.often = { key: 'attentions.error.choose' };
  if (!isWay(way)) errors.way = { key: 'attentions.error.choose' };
  if (lengthOf(topics) > MOST_TOPICS) errors.topics = tooLong(MOST_TOPICS, lengthOf(topics));
  if (Object.keys(errors).length > 0 || !isWay(way)) return { ok: false, errors };
  return { ok: true, value: { a_year: aYear, way, topics } };
}

const isWay = (way: unknown): way is ReferenceTerms['way'] => way === 'telephone' || way === 'mail';
