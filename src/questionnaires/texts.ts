import { hash } from 'node:crypto';
import type { Definition } from './shape.ts';
import { hasText, textSlots } from './text-slots.ts';

/** A text that somebody still has to write: its place ('questions.why.hint') and language. */
interface MissingText {
  path: string;
  language: string;
}

/** What is not written yet, in the order of the languages and then of the questionnaire. */
export function missingTexts(definition: Definition): MissingText[] {
  const slots = textSlots(definition);
  return definition.languages.flatMap((language) =>
    slots.filter(({ texts }) => !hasText(texts, language)).map(({ path }) => ({ path, language })),
  );
}

/** The languages in which every text is there. */
export function languagesComplete(definition: Definition): string[] {
  const missing = new Set(missingTexts(definition).map(({ language }) => language));
  return definition.languages.filter((language) => !missing.has(language));
}

/**
 * SHA-256 (hex) over all that is written in one language. It changes when a text of that language is edited, added
 * or taken away, and stays when another language is edited or questions and options change places.
 */
export function textsHash(definition: Definition, language: string): string {
  const written = textSlots(definition)
    .filter(({ texts }) => hasText(texts, language))
    .map(({ path, texts }) => [path, texts[language] ?? ''] as const);
  return hash('sha256', JSON.stringify(written.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** A text with its placeholders filled: {company}, {sender}, {count}, {minutes}. One without a value stays as it is. */
export const fillIn = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{([a-z]+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : whole));

/** The paragraphs of a longer text: an empty line parts two. */
export const paragraphs = (text: string): string[] =>
  text
    .split(/\n\s*\n/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
