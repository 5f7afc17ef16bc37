import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { systemClock } from '../../src/shared/clock.ts';
import { newId } from '../../src/shared/ids.ts';
import { addWorkingDays, languageFor, monogramOf, pageAfter, pageNamed } from '../../src/answering/rules.ts';
import { definitionSchema, pageKey, pagesFor, type AnswerValue } from '../../src/questionnaires/index.ts';
import { fromColumns, initialsOf, newReference, sameValue, toColumns } from '../../src/responses/rules.ts';
import { readFileSync } from 'node:fs';
import { seenText } from '../support/any-text.ts';

const WEEK = { mon: {}, tue: {}, wed: {}, thu: {}, fri: {}, sat: null, sun: null };
const leaving = definitionSchema.parse(JSON.parse(readFileSync('data/questionnaires/leaving.json', 'utf8')));
const satisfaction = definitionSchema.parse(JSON.parse(readFileSync('data/questionnaires/satisfaction.json', 'utf8')));

describe('working days', () => {
  test.each([
    ['2026-11-10', 3, '2026-11-13'],
    ['2026-11-12', 3, '2026-11-17'],
    ['2026-11-14', 1, '2026-11-16'],
    ['2026-12-31', 2, '2027-01-04'],
  ])('%s and %i more is %s', (from, days, to) => {
    expect(addWorkingDays(from, days, WEEK)).toBe(to);
  });

  test('follow the hours of the business', () => {
    expect(addWorkingDays('2026-11-13', 1, { ...WEEK, sat: {} })).toBe('2026-11-14');
  });

  test('are all days where nobody has said when they work', () => {
    expect(addWorkingDays('2026-11-13', 3, { mon: null })).toBe('2026-11-16');
  });

  test('one after another lead where so many at once do', () => {
    const day = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(day, fc.nat(12), fc.nat(12), (date, a, b) => {
        const from = date.toISOString().slice(0, 10);
        expect(addWorkingDays(addWorkingDays(from, a, WEEK), b, WEEK)).toBe(addWorkingDays(from, a + b, WEEK));
      }),
    );
  });
});

test.each([
  ['Miriam Adler', 'MA'],
  ['Kim', 'K'],
  [' Anna van der  Meer ', 'AM'],
  ['øyvind åsen', 'ØÅ'],
  ['', ''],
])('the monogram of "%s" is "%s"', (name, monogram) => {
  expect(monogramOf(name)).toBe(monogram);
});

describe('the language of a page', () => {
  const all = ['en', 'de', 'nl'];
  test.each([
    ['nl', ['de', 'en'], ['de', 'nl'], 'nl'],
    ['fr', ['de', 'en'], ['de', 'nl'], 'de'],
    [undefined, [undefined, 'nl'], ['de', 'nl'], 'nl'],
    [undefined, ['nb'], ['de', 'nl'], 'de'],
    [undefined, ['nl'], [], 'nl'],
    [undefined, [], [], 'en'],
  ])('asked for %s, known %s, offered %s: %s', (asked, known, offered, language) => {
    expect(languageFor(asked, known, offered, all)).toBe(language);
  });
});

describe('pages by name', () => {
  test('every page of a walk has its name, whatever was answered', () => {
    for (const definition of [leaving, satisfaction]) {
      const answers = new Map<string, AnswerValue>(
        definition.questions.map((question) => [
          question.key,
          question.kind === 'reasons'
            ? { kind: 'reasons', ticked: question.options.map(({ key }) => key) }
            : question.kind === 'scale'
              ? { kind: 'scale', value: question.min }
              : { kind: 'open', text: 'x' },
        ]),
      );
      for (const page of pagesFor(definition, answers)) expect(pageNamed(definition, pageKey(page))).toEqual(page);
    }
  });

  test.each(['', 'x', 'happened.', 'happened.most', 'reasons.probe', 'now.probe', 'happened.probe.x', 'constructor'])(
    '"%s" is none',
    (key) => {
      expect(pageNamed(leaving, key)).toBeNull();
    },
  );

  test('after the last one come the answers to check, and after a change what is still open', () => {
    const answers = new Map<string, AnswerValue>([
      ['happened', { kind: 'skipped' }],
      ['keep', { kind: 'skipped' }],
    ]);
    expect(pageAfter(leaving, answers, 'keep', false)).toBe('check-answers');
    expect(pageAfter(leaving, answers, 'keep', true)).toBe('reasons');
    expect(pageAfter(leaving, answers, 'happened', false)).toBe('reasons');
  });
});

describe('references', () => {
  test.each([
    ['Hollerbach Kaffee', 'HK'],
    ['Acme', 'ACM'],
    ['Über & Töchter GmbH & Co. KG', 'UTG'],
    ['3 Brüder', '3B'],
    ['Кофе', 'R'],
    ['', 'R'],
  ])('of "%s" begin with %s', (company, initials) => {
    expect(initialsOf(company)).toBe(initials);
  });

  test('have no characters that are mistaken for others, and make no words', () => {
    for (let i = 0; i < 500; i++)
      expect(newReference('Hollerbach Kaffee', newId(systemClock))).toMatch(
        /^HK-[34679CDFGHJKMNPQRTWXY]{3}-[34679CDFGHJKMNPQRTWXY]{3}$/,
      );
  });

  test('of one moment stand beside each other, and still differ', () => {
    const clock = { now: () => new Date('2026-03-02T10:00:00.000Z') };
    const references = Array.from({ length: 100 }, () => newReference('Acme', newId(clock)));
    expect(new Set(references.map((each) => each.slice(0, 7))).size).toBe(1);
    expect(new Set(references).size).toBeGreaterThan(90);
  });
});

const key = fc.stringMatching(/^[a-z][a-z0-9_]{0,9}$/);
const value: fc.Arbitrary<AnswerValue> = fc.oneof(
  fc.record({ kind: fc.constant('open' as const), text: seenText() }),
  fc.record({ kind: fc.constant('reasons' as const), ticked: fc.array(key), other: fc.string() }),
  fc.record({ kind: fc.constant('reasons' as const), ticked: fc.array(key) }),
  fc.record({ kind: fc.constant('most' as const), code: key }),
  fc.record({ kind: fc.constant('scale' as const), value: fc.integer({ min: 0, max: 10 }) }),
  fc.record({ kind: fc.constant('yesno' as const), value: fc.constantFrom('yes' as const, 'no' as const) }),
  fc.constant({ kind: 'skipped' as const }),
);

test('any answer comes out of the table as it went in', () => {
  fc.assert(fc.property(value, (each) => expect(fromColumns(toColumns(each))).toEqual(each)));
});

test('two answers are the same exactly when they read the same', () => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(sameValue(a, a)).toBe(true);
      expect(sameValue(a, b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});
