import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileLexicon, groupsOfOwn, wordsOf } from '../../src/coding/engine/index.ts';
import { seenText } from '../support/any-text.ts';

/** The texts of an answer that the entries of one code find. */
function found(lang: string, entries: string[], text: string): string[] {
  const lexicon = compileLexicon([{ code: 'price', detail: 'price', lang, entries }]);
  const words = wordsOf(text);
  return lexicon.match(words, lang).map(({ from, to }) => text.slice(words.start[from], words.end[to]));
}

describe('what entries find', () => {
  test.each([
    ['en', 'too expensive', 'It was TOO  Expensive for me', ['TOO  Expensive']],
    ['en', 'too expensive', 'too very expensive', []],
    ['en', 'expens*', 'the expense, the expenses', ['expense', 'expenses']],
    ['de', '*preis*', 'Der Abopreis und die Preiserhöhung', ['Abopreis', 'Preiserhöhung']],
    ['de', 'erhöhung', 'eine Erhoehung', ['Erhoehung']],
    ['nb', 'dyrt', 'Det ble for dyrt.', ['dyrt']],
    ['nb', 'økning', 'en oekning', ['oekning']],
    ['en', 'twice * price', 'twice the price', ['twice the price']],
    ['en', 'price .. up', 'the price just went quietly up', ['price just went quietly up']],
    ['en', 'price .. up', 'price one two three four five up', []],
    ['en', 'price .. up', 'The price. It went up', []],
    ['en', '(price|cost of it) (rose|went up)', 'the cost of it went up', ['cost of it went up']],
    ['nl', '(prijs*|tarief) .. (hoger|omhoog)', 'de prijzen en het tarief gingen omhoog', ['tarief gingen omhoog']],
    ['zh', '太贵', '价格太贵了', ['太贵']],
  ])('%s: %s in "%s"', (lang, entry, text, expected) => {
    expect(found(lang, [entry], text)).toEqual(expected);
  });
});

describe('what is denied is not counted', () => {
  test.each([
    ['en', 'expensive', 'it is not too expensive', 0],
    ['en', 'expensive', 'not bad, but expensive', 1],
    ['en', 'expensive', 'not only expensive', 1],
    ['en', 'not worth', 'it was not worth it', 1],
    ['de', 'teuer', 'das war nicht zu teuer', 0],
    ['de', 'gefiel', 'der Preis gefiel mir nicht', 0],
    ['de', 'gefiel', 'nicht der Preis, sondern der Kaffee gefiel', 1],
    ['nl', 'duur', 'het is niet duur', 0],
    ['nl', 'duur', 'het is niet slecht maar duur', 1],
    ['nb', 'dyrt', 'det er ikke dyrt', 0],
    ['nb', 'dyrt', 'det e ikkje dyrt', 0],
    ['nb', 'dyrt', 'ikke dårlig, men dyrt', 1],
  ])('%s: %s in "%s"', (lang, entry, text, count) => {
    expect(found(lang, [entry], text)).toHaveLength(count);
  });

  test('but keywords of a business name topics, whatever is said of them', () => {
    const lexicon = compileLexicon(groupsOfOwn({ key: 'bags', keywords: { en: ['luggage'] } }));
    expect(lexicon.match(wordsOf('my luggage never came, no luggage'), 'en')).toHaveLength(2);
  });
});

test('a counter-entry takes its code back within its clause', () => {
  const entries = ['price*', '-price* .. fine'];
  expect(found('en', entries, 'the price was fine')).toEqual([]);
  expect(found('en', entries, 'the price was fine, but then the price rose')).toEqual(['price']);
});

test('a language without entries of its own is matched by those of all others', () => {
  const lexicon = compileLexicon([
    { code: 'a', detail: 'a', lang: 'en', entries: ['hotel'] },
    { code: 'a', detail: 'a', lang: 'de', entries: ['gift'] },
  ]);
  expect(lexicon.match(wordsOf('hotel gift'), 'sv')).toHaveLength(2);
  expect(lexicon.match(wordsOf('hotel gift'), 'en')).toHaveLength(1);
});

test('keywords match inflections and compounds, but not any word that begins alike', () => {
  const lexicon = compileLexicon(groupsOfOwn({ key: 'x', keywords: { en: ['delay', 'luggage'] } }));
  const count = (text: string) => lexicon.match(wordsOf(text), 'en').length;
  expect(['delays', 'delayed', 'handluggage'].map(count)).toEqual([1, 1, 1]);
  expect(count('delicious')).toBe(0);
});

test('the words of a phrase are also found apart, in either order, and each by itself as a hint', () => {
  const keywords = { en: ['price of the wine', 'wine list', '-price* .. fine'] };
  const lexicon = compileLexicon(groupsOfOwn({ key: 'drinks', keywords }));
  const heard = (text: string) => lexicon.match(wordsOf(text), 'en').map(({ entry }) => lexicon.entries[entry]!);
  const texts = (text: string) => heard(text).map((entry) => entry.text);
  const hints = (text: string) => heard(text).flatMap(({ group, text: entry }) => (group.hints ? [entry] : []));
  expect(texts('that wine has its price').sort()).toEqual(['price', 'wine', 'wine .. price']);
  expect(hints('that wine has its price').sort()).toEqual(['price', 'wine']);
  expect(texts('the price of the wine')).toContain('price of the wine');
  expect(texts('of the')).toEqual([]);
});

test('spans of words always point at what stands there', () => {
  fc.assert(
    fc.property(seenText(), (text) => {
      const { words, start, end } = wordsOf(text);
      expect(words.every((_, i) => start[i]! < end[i]! && (i === 0 || end[i - 1]! <= start[i]!))).toBe(true);
      expect(end.at(-1) ?? 0).toBeLessThanOrEqual(text.length);
    }),
  );
});
