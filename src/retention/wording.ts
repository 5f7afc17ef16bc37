import { z } from 'zod';
import { lines } from '../customers/index.ts';
import { languageCodes } from '../i18n/index.ts';

/** What a manager wrote, by language and then by part of the text. */
export type Wording = Record<string, Record<string, string>>;

/** Each part of a text, with the most letters that it may have. */
type Parts = Record<string, number>;

const stored = z.record(z.string(), z.record(z.string(), z.string()));

export const readWording = (json: string): Wording => stored.parse(JSON.parse(json));

const fieldOf = (part: string, language: string) => `${part}-${language}`;

/**
 * The fields 'PART-LANGUAGE' of a form: a language stands with all of its parts or not at all, and one has to stand.
 * `own` is where the form says so. Keys of messages: `missing`.
 */
export function wordingForm(parts: Parts, own: string, missing: string) {
  const shape = Object.fromEntries(
    languageCodes.flatMap((language) =>
      Object.entries(parts).map(([part, most]) => [fieldOf(part, language), lines(most).default('')]),
    ),
  );
  return z.object(shape).transform((given, context): Wording => {
    const typed = given as Record<string, string>;
    const texts: Wording = {};
    const wrong = (part: string, language: string) =>
      context.addIssue({ code: 'custom', path: [fieldOf(part, language)], message: missing });
    for (const language of languageCodes) {
      const own = Object.keys(parts).map((part) => [part, (typed[fieldOf(part, language)] ?? '').trim()] as const);
      if (own.every(([, text]) => text === '')) continue;
      for (const [part, text] of own) if (text === '') wrong(part, language);
      texts[language] = Object.fromEntries(own);
    }
    if (Object.keys(texts).length === 0) wrong(Object.keys(parts)[0] ?? '', own);
    return texts;
  });
}

/** As the fields of the form hold it. */
export function typedWording(texts: Wording): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([language, parts]) =>
      Object.entries(parts).map(([part, text]) => [fieldOf(part, language), text]),
    ),
  );
}

/** The first of these languages that it is written in, else any. */
export function shownIn(texts: Wording, ...wanted: string[]): string {
  return [...wanted, 'en'].find((language) => texts[language]) ?? Object.keys(texts)[0] ?? 'en';
}

/** The languages of a form, the reader's own first and open. */
export function formLanguages(own: string, texts: Wording): { language: string; open: boolean }[] {
  return [own, ...languageCodes.filter((each) => each !== own)].map((language) => ({
    language,
    open: language === own || texts[language] !== undefined,
  }));
}
