import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileLexicon, wordsOf } from '../../src/coding/engine/index.ts';
import {
  entryOf,
  linesOf,
  missingFrom,
  problemOf,
  together,
  without,
  type Keywords,
} from '../../src/coding/themes/keyword-rules.ts';

describe('what can be read', () => {
  test.each([
    'parking',
    'park*',
    '*platz',
    'nowhere to park',
    'never .. space',
    '(bus|tram) stop',
    '-park bench',
    'call-back*',
  ])('%s', (line) => expect(problemOf(line)).toBeUndefined());

  test.each([
    ['(bus', 'bracket'],
    ['bus)', 'bracket'],
    ['((bus|tram)|train)', 'bracket'],
    ['bus|tram', 'bar'],
    ['(bus|) stop', 'bar'],
    ['par*king', 'star'],
    ['..', 'empty'],
    ['*', 'empty'],
    ['???', 'empty'],
    ['a'.repeat(121), 'long'],
  ])('not: %s', (line, fault) => {
    expect(problemOf(`fine\n${line}\nbus`)).toMatchObject({ key: `keywords.error.${fault}`, values: { line } });
  });

  test('at most 300 lines', () => {
    const lines = Array.from({ length: 301 }, (_, i) => `word${i}`);
    expect(problemOf(lines.slice(1).join('\n'))).toBeUndefined();
    expect(problemOf(lines.join('\n'))).toMatchObject({ key: 'keywords.error.many' });
  });
});

test('lines: trimmed, none empty, none twice', () => {
  expect(linesOf(' a  b \r\n\n a b\nc')).toEqual(['a b', 'c']);
});

test('whatever somebody wrote becomes an entry that can be read and is found in it, or nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab c(|)*-ß'), maxLength: 20 }), (written) => {
      const entry = entryOf(written);
      if (entry === '' || problemOf(entry))
        return wordsOf(written).words.length === 0 || problemOf(entry) !== undefined;
      const { match } = compileLexicon([{ code: 'x', detail: 'x', lang: 'en', entries: [entry] }]);
      return match(wordsOf(entry), 'en').length > 0;
    }),
  );
  expect(entryOf('-(parking) space|lot')).toBe('parking space lot');
});

describe('putting together and taking away', () => {
  const keywords = fc.dictionary(fc.constantFrom('en', 'de'), fc.uniqueArray(fc.constantFrom('a', 'b', 'c')));
  const flat = (all: Keywords) =>
    Object.entries(all)
      .flatMap(([language, entries]) => entries.map((entry) => `${language} ${entry}`))
      .sort();

  test('what was missing and is added can be taken away again', () => {
    fc.assert(
      fc.property(keywords, keywords, (known, more) => {
        const added = missingFrom(known, more);
        expect(flat(without(together(known, more), added))).toEqual(flat(known));
        expect(flat(together(known, more))).toEqual([...new Set([...flat(known), ...flat(more)])].sort());
      }),
    );
  });
});
