import { Invalid, type FieldErrors } from '../shared/errors.ts';
import { tooLong } from '../shared/too-long.ts';
import type { Texts } from './codebook.ts';
import type { CodeTexts } from './editing/wording.ts';
import { linesOf, problemOf } from './themes/keyword-rules.ts';

export type Body = Record<string, unknown>;

const LONGEST = { name: 80, description: 400 };

export const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/**
 * Names, descriptions and words by language: one name is needed, whatever its language; what is left empty is not there.
 * @param language of whoever fills the form in: where a missing name is said
 */
export function readTexts(body: Body, languages: string[], language: string): Required<CodeTexts> {
  const errors: FieldErrors = {};
  const read = (field: 'name' | 'description'): Texts =>
    Object.fromEntries(
      languages.flatMap((each) => {
        const value = text(body[`${field}.${each}`]).replace(/\s+/g, ' ');
        const { length } = [...value];
        if (length > LONGEST[field]) errors[`${field}.${each}`] = tooLong(LONGEST[field], length);
        return value === '' ? [] : [[each, value]];
      }),
    );
  const texts = { name: read('name'), description: read('description'), keywords: readWords(body, languages, errors) };
  if (Object.keys(texts.name).length === 0) errors[`name.${language}`] = { key: 'form.required' };
  if (Object.keys(errors).length > 0) throw new Invalid(errors);
  return texts;
}

function readWords(body: Body, languages: string[], errors: FieldErrors): Record<string, string[]> {
  return Object.fromEntries(
    languages.flatMap((language): [string, string[]][] => {
      const typed = text(body[`words.${language}`]);
      const problem = problemOf(typed);
      if (problem) errors[`words.${language}`] = problem;
      return typed === '' ? [] : [[language, linesOf(typed)]];
    }),
  );
}

/** The names of new codes, one a line. */
export function readNames(body: Body, language: string): Texts[] {
  const lines = linesOf(text(body.names));
  const longest = Math.max(0, ...lines.map((line) => [...line].length));
  if (longest > LONGEST.name) throw new Invalid({ names: tooLong(LONGEST.name, longest) });
  return lines.map((line) => ({ [language]: line }));
}
