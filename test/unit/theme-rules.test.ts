import { describe, expect, test } from '@jest/globals';
import { newNames, rootsOf } from '../../src/coding/themes/competitor-rules.ts';
import { findClashes } from '../../src/coding/themes/clashes.ts';
import { findNames } from '../../src/coding/themes/names.ts';
import { earlierOf, isDue, isJudged, keywordsFrom, mayTakeBack } from '../../src/coding/themes/theme-rules.ts';

const theme = (phrases: string[], answers: string[]) => ({
  phrases: phrases.map((text) => ({ text, language: 'en' })),
  answers,
});

describe('a theme that people have judged', () => {
  const judged = [theme(['parking space', 'full'], ['1', '2', '3'])];

  test('is known by half of its answers, or by its words', () => {
    expect(isJudged(theme(['bus stop'], ['1', '2', '9']), judged)).toBe(true);
    expect(isJudged(theme(['parking spaces', 'always'], ['7', '8']), judged)).toBe(true);
  });

  test('does not stand in the way of another', () => {
    expect(isJudged(theme(['bus stop', 'timetable'], ['1', '7', '8']), judged)).toBe(false);
    expect(isJudged(theme(['full price', 'no discount'], ['7', '8']), judged)).toBe(false);
    expect(isJudged(theme(['x'], ['1']), [])).toBe(false);
  });
});

test('a theme goes on from the one that it shares most answers with', () => {
  const [old, other] = [theme(['a'], ['1', '2', '3']), theme(['b'], ['7', '8'])];
  expect(earlierOf(theme(['c'], ['2', '3', '1', '4']), [other, old])).toBe(old);
  expect(earlierOf(theme(['c'], ['1', '5', '6']), [old, other])).toBeUndefined();
});

test('its phrases are keywords by language', () => {
  const phrases = [
    { text: 'parking (space)', language: 'en' },
    { text: 'Parkplatz', language: 'de' },
    { text: '*', language: 'de' },
  ];
  expect(keywordsFrom(phrases)).toEqual({ en: ['parking space'], de: ['Parkplatz'] });
});

test('it is looked when somebody wants it, or a day later once everything has been read', () => {
  const at = (day: number) => `2026-11-${day}T08:00:00.000Z`;
  const look = { wantedAt: null, lookedAt: at(10) };
  expect(isDue({ wantedAt: null, lookedAt: null }, at(10), false)).toBe(true);
  expect(isDue({ wantedAt: null, lookedAt: null }, at(10), true)).toBe(false);
  expect(isDue(look, '2026-11-11T07:59:59.999Z', false)).toBe(false);
  expect(isDue(look, at(11), false)).toBe(true);
  expect(isDue({ ...look, wantedAt: at(11) }, at(11), true)).toBe(true);
  expect(isDue({ wantedAt: at(10), lookedAt: at(11) }, at(11), false)).toBe(false);
  expect([
    mayTakeBack(at(10), '2026-11-11T07:59:59.999Z'),
    mayTakeBack(at(10), at(11)),
    mayTakeBack(null, at(10)),
  ]).toEqual([true, false, false]);
});

describe('names', () => {
  const said = (text: string, tellsWhere = false) => ({ id: text, text, tellsWhere });
  const find = (answers: ReturnType<typeof said>[], known: string[] = [], except: string[] = []) =>
    findNames({ type: 'names', answers, known, except });

  test('a name alone tells where somebody buys now, and nothing elsewhere', () => {
    const named = (...texts: string[]) =>
      find(texts.map((text, i) => ({ id: `${i}`, text, tellsWhere: true })))
        .names.map(({ spellings }) => spellings[0]?.name)
        .sort();
    expect(named('Bei Funkhaus', 'Blue Kestrel, they are nearer', 'At Fernway’s')).toEqual([
      'Blue Kestrel',
      'Fernway',
      'Funkhaus',
    ]);
    expect(named('Kestrel', 'Kestrel.')).toEqual(['Kestrel']);
    expect(named('Kestrel', 'Nowhere', 'Local shop', 'Laden in der Nähe', 'Kapseln, leider', 'nobody', '')).toEqual([]);
    expect(find([said('Blue Kestrel')]).names).toEqual([]);
  });

  test('known names are found however they are put, those that are none never', () => {
    const { mentions } = find([said('bluewave’s app'), said('BLUE-WAVE!'), said('a blue sea')], ['bluewave']);
    expect(mentions).toEqual([{ key: 'bluewave', answers: ['bluewave’s app', 'BLUE-WAVE!'] }]);
    expect(find([said('Switched to Bluewave')], [], ['Bluewave']).names).toEqual([]);
  });

  test('a slip stands under the known name, a further spelling under the first', () => {
    const names = [{ spellings: [{ name: 'Bleuwave', key: 'bleuwave' }], answers: [] }];
    expect(newNames(names, [{ key: 'bluewave' }])).toEqual([{ name: 'Bleuwave', key: 'bleuwave', sameAs: 'bluewave' }]);
    const two = [
      { name: 'Kestrel', key: 'kestrel' },
      { name: 'Kestral', key: 'kestral' },
    ];
    expect(newNames([{ spellings: two, answers: [] }], [])).toEqual([
      { ...two[0], sameAs: null },
      { ...two[1], sameAs: 'kestrel' },
    ]);
    expect(newNames([{ spellings: two, answers: [] }], [{ key: 'kestrel' }, { key: 'kestral' }])).toEqual([]);
  });

  test('roots, through any number of mergers', () => {
    const all = [
      { id: 'a', mergedIntoId: null },
      { id: 'b', mergedIntoId: 'a' },
      { id: 'c', mergedIntoId: 'b' },
    ];
    expect(Object.fromEntries(rootsOf(all))).toEqual({ a: 'a', b: 'a', c: 'a' });
  });
});

test('clashes: the lines most often in answers coded otherwise, with what those are', () => {
  const answers = [
    { text: 'the kettle leaks', lang: 'en', codeIds: ['own'] },
    { text: 'a kettle, a kettle', lang: 'en', codeIds: ['price'] },
    { text: 'kettles are dear', lang: 'en', codeIds: ['price', 'service'] },
    { text: 'nobody came to mend the leak', lang: 'en', codeIds: ['service'] },
  ];
  const lines = ['kettle', 'leak', 'drip'].map((entry) => ({ language: 'en', entry }));
  expect(findClashes({ type: 'clashes', lines, answers, own: ['own'] })).toEqual([
    { language: 'en', entry: 'kettle', all: 3, elsewhere: 2, mostly: 'price' },
    { language: 'en', entry: 'leak', all: 2, elsewhere: 1, mostly: 'service' },
  ]);
});
