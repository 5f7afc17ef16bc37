import { describe, expect, test } from '@jest/globals';
import { codedKeys, definitionSchema, draftSchema } from '../../src/questionnaires/definition.ts';
import { fillIn, languagesComplete, missingTexts, paragraphs, textsHash } from '../../src/questionnaires/texts.ts';
import { everything, starter } from './questionnaires-support.ts';

type Loose = ReturnType<typeof structuredClone<any>>; // eslint-disable-line @typescript-eslint/no-explicit-any

function changed(change: (definition: Loose) => void): Loose {
  const copy = structuredClone(everything) as Loose;
  change(copy);
  return copy;
}

const issuesOf = (definition: unknown, schema: typeof draftSchema = definitionSchema) =>
  schema.safeParse(definition).error?.issues.map((issue) => ({ message: issue.message, path: issue.path.join('.') })) ??
  [];

describe('a definition', () => {
  test.each<[string, string, (definition: Loose) => void]>([
    ['two questions with one key', 'definition.keyTwice', (d) => (d.questions[3].key = 'happened')],
    ['a key that is no key', 'definition.badKey', (d) => (d.questions[0].key = 'What?')],
    [
      'a condition on a later question',
      'definition.conditionNotEarlier',
      (d) => (d.questions[0].condition = { question: 'reasons', op: 'answered' }),
    ],
    ['a condition on itself', 'definition.conditionNotEarlier', (d) => (d.questions[3].condition.question = 'again')],
    [
      '"ticked" of an option that is not there',
      'definition.conditionDoesNotFit',
      (d) => (d.questions[5].condition.value = 'weather'),
    ],
    ['"at least" of words', 'definition.conditionDoesNotFit', (d) => (d.questions[3].condition.question = 'happened')],
    ['a number for yes or no', 'definition.conditionDoesNotFit', (d) => (d.questions[4].condition.value = 1)],
    [
      'an option with the key of a fixed choice',
      'definition.optionTwice',
      (d) => (d.questions[1].options[0].key = 'other'),
    ],
    ['a scale from 0 to 5', 'definition.badScale', (d) => (d.questions[2].max = 5)],
    [
      'thirteen questions',
      'definition.tooManyQuestions',
      (d) => {
        for (const n of [1, 2, 3, 4]) d.questions.push({ ...d.questions[0], key: `q${n}` });
      },
    ],
    ['no question', 'definition.noQuestion', (d) => (d.questions = [])],
    ['a language twice', 'definition.languageTwice', (d) => (d.languages = ['en', 'en'])],
    ['a text beyond its bound', 'definition.textTooLong', (d) => (d.questions[0].text.en = 'x'.repeat(201))],
    ['a placeholder that nothing fills', 'definition.unknownPlaceholder', (d) => (d.mail.body.en = 'Dear {nmae}')],
    [
      'a placeholder in a question',
      'definition.unknownPlaceholder',
      (d) => (d.questions[0].text.en = 'Why {company}?'),
    ],
  ])('with %s is refused', (_, message, change) => {
    expect(issuesOf(changed(change), draftSchema).map((issue) => issue.message)).toContain(message);
  });

  test('may be drafted without its texts, but not published', () => {
    const draft = changed((d) => {
      d.languages = ['en', 'de'];
      d.questions[1].options[2].text = {};
    });
    expect(issuesOf(draft, draftSchema)).toEqual([]);
    expect(issuesOf(draft)).toContainEqual({
      message: 'definition.missingText',
      path: 'questions.1.options.2.text.en',
    });
    expect(issuesOf(draft)).toContainEqual({ message: 'definition.missingText', path: 'mail.subject.de' });
  });

  test('needs no hint, but one in every language if in any', () => {
    const withHint = (hint: Record<string, string>) => changed((d) => (d.questions[0].hint = hint));
    expect(issuesOf(withHint({ en: '  ' }))).toEqual([]);
    expect(issuesOf(withHint({ de: 'Kurz' })).map((issue) => issue.path)).toEqual(['questions.0.hint.en']);
  });

  test('says which answers are coded', () => {
    expect(codedKeys(starter('leaving'))).toEqual(['happened']);
    expect(codedKeys(starter('satisfaction'))).toContain('needs.probe');
  });
});

describe('texts', () => {
  const two = changed((d) => (d.languages = ['en', 'de']));

  test('that are missing are named by key and language', () => {
    const missing = missingTexts(two);
    expect(missing).toContainEqual({ path: 'questions.reasons.options.price.text', language: 'de' });
    expect(missing).toContainEqual({ path: 'questions.recommend.probe.text', language: 'de' });
    expect(missing.filter(({ language }) => language === 'en')).toEqual([]);
    expect(languagesComplete(two)).toEqual(['en']);
  });

  test('hash differently after an edit of that language only', () => {
    const edited = changed((d) => (d.questions[1].most.cantSay.en = 'No idea'));
    const translated = changed((d) => (d.title.de = 'Alles'));
    expect(textsHash(edited, 'en')).not.toBe(textsHash(everything, 'en'));
    expect(textsHash(translated, 'en')).toBe(textsHash(everything, 'en'));
    expect(textsHash(translated, 'de')).not.toBe(textsHash(everything, 'de'));
  });

  test('hash the same when questions and options change places', () => {
    const moved = changed((d) => {
      d.questions.reverse();
      d.questions.find((q: Loose) => q.key === 'reasons').options.reverse();
    });
    expect(textsHash(moved, 'en')).toBe(textsHash(everything, 'en'));
  });

  test('hash differently when two of them change places', () => {
    const swapped = changed((d) => {
      [d.mail.body.en, d.mail.after.en] = [d.mail.after.en, d.mail.body.en];
    });
    expect(textsHash(swapped, 'en')).not.toBe(textsHash(everything, 'en'));
  });

  test('are filled and parted into paragraphs', () => {
    expect(fillIn('{count} questions from {company} {toString}', { count: 4, company: '{count} & Co' })).toBe(
      '4 questions from {count} & Co {toString}',
    );
    expect(paragraphs('One\ntwo\n\n \nThree\n')).toEqual(['One\ntwo', 'Three']);
  });
});
