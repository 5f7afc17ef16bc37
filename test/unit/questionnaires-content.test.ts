import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { codebookDefinitionSchema } from '../../src/coding/codebook-definition.ts';
import type { ReasonsQuestion } from '../../src/questionnaires/definition.ts';
import { languagesComplete, missingTexts } from '../../src/questionnaires/texts.ts';
import { starter } from './questionnaires-support.ts';

const LANGUAGES = ['en', 'de', 'nl', 'nb'];
const NAMES = ['leaving', 'satisfaction'] as const;
const STARTERS = [...NAMES, 'before', 'during', 'after', 'complaint'] as const;

const raw = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../data/codebook/${name}.json`, import.meta.url), 'utf8')) as {
    codes: { key: string; name: Record<string, string>; parent?: string }[];
  };
const codebook = (name: string) => codebookDefinitionSchema.parse(raw(name));
const words = (text: string) => text.split(/\s+/).length;

describe.each(STARTERS)('the starter "%s"', (name) => {
  const definition = starter(name);

  test('is complete in four languages', () => {
    expect(definition.languages).toEqual(LANGUAGES);
    expect(missingTexts(definition)).toEqual([]);
    expect(languagesComplete(definition)).toEqual(LANGUAGES);
  });

  test('asks an open question first, and requires nothing', () => {
    expect(definition.questions[0]!.kind).toBe('open');
    expect(definition.questions.filter(({ required }) => required)).toEqual([]);
    expect(definition.questions.length).toBeLessThanOrEqual(name === 'leaving' ? 5 : 6);
  });

  test.each(LANGUAGES)('invites in 60 to 110 words, with a subject of at most 50 characters (%s)', (language) => {
    const { subject, body, after } = definition.mail;
    expect(subject[language]!.length).toBeLessThanOrEqual(50);
    const length = words(`${body[language]} ${after[language]}`);
    expect(length).toBeGreaterThanOrEqual(60);
    expect(length).toBeLessThanOrEqual(110);
  });

  test('codes into groups that its codebook has', () => {
    const top = codebook(definition.programme)
      .codes.filter(({ parent }) => !parent)
      .map(({ key }) => key);
    const groups = definition.questions.flatMap((question) =>
      'group' in question && question.group ? [question.group] : [],
    );
    expect(top).toEqual(expect.arrayContaining(groups));
  });
});

test('each reason on the list is a reason of the codebook', () => {
  const reasons = starter('leaving').questions.find(({ kind }) => kind === 'reasons') as ReasonsQuestion;
  const top = codebook('leaving')
    .codes.filter(({ parent, kind }) => !parent && kind === 'reason')
    .map(({ key }) => key);
  expect(reasons.options.map(({ key }) => key)).toEqual(top);
});

describe.each(NAMES)('the codebook "%s"', (name) => {
  test('has two levels in four languages, with "other" and two kinds of unknown', () => {
    const { codes } = codebook(name);
    for (const code of codes) expect(Object.keys(code.name)).toEqual(LANGUAGES);
    for (const { key } of codes.filter((code) => !code.parent && code.kind === 'reason')) {
      expect(codes.filter(({ parent }) => parent === key).length).toBeGreaterThanOrEqual(2);
    }
    expect(codes.filter(({ kind }) => kind !== 'reason').map(({ key }) => key)).toEqual([
      'other',
      'unknown',
      'no_answer',
    ]);
  });

  test.each(LANGUAGES)('has no name twice in a group (%s)', (language) => {
    const named = codebook(name).codes.map((code) => `${code.parent}/${code.name[language]}`);
    expect(new Set(named).size).toBe(named.length);
  });
});

describe('a codebook', () => {
  const refused = (change: (codes: ReturnType<typeof raw>['codes']) => void) => {
    const book = raw('leaving');
    change(book.codes);
    return codebookDefinitionSchema.safeParse(book).error?.issues.map(({ message }) => message);
  };

  test('with a key twice, a third level, an unknown parent or a missing language is refused', () => {
    expect(refused((codes) => (codes[1]!.key = 'price'))).toContain('codebook.keyTwice');
    expect(refused((codes) => (codes[2]!.parent = codes[1]!.key))).toContain('codebook.badParent');
    expect(refused((codes) => (codes[2]!.parent = 'weather'))).toContain('codebook.badParent');
    expect(refused((codes) => delete codes[3]!.name.nb)).toContain('codebook.missingText');
  });
});
