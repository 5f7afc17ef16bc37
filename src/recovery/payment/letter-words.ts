import type { Texts } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { reminderWords } from './lint-rules.ts';
import type { LetterRow } from './payment-store.ts';

/** The words of an invitation to talk: a line, and paragraphs. */
export interface LetterWords {
  subject: string;
  words: string;
}

/** As they would go now: a colleague's, else ours in the customer's language. */
export function wordsOf(
  texts: Texts,
  { language, subject, words }: LetterRow,
  company: string,
): LetterWords & { language: string } {
  const t = texts.to(language);
  const values = { company: company || t('mail.us') };
  return {
    language: t.language,
    subject: subject || t('payment.letter.subject', values),
    words: words || t('payment.letter.words', values),
  };
}

/** What in these words would hurt, by field; undefined where nothing would. */
export function hurtingIn({ subject, words }: LetterWords, language: string): FieldErrors | undefined {
  const errors: FieldErrors = {};
  for (const [field, text] of Object.entries({ subject, words })) {
    const found = reminderWords(text, language);
    if (found.length > 0) errors[field] = { key: 'payment.error.tone', values: { words: found.join(', ') } };
  }
  return Object.keys(errors).length > 0 ? errors : undefined;
}

export const paragraphs = (text: string): string[] =>
  text
    .split(/\n\s*\n/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
