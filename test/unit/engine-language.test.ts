import { beforeAll, describe, expect, test } from '@jest/globals';
import { createPredictor, train, type EntryGroup, type LanguageCheck } from '../../src/coding/engine/index.ts';
import { languageCheck } from '../../src/commands/engine-languages.ts';

const LANGS = ['en', 'de', 'nl', 'nb'];

describe('the language of an answer', () => {
  let detect: LanguageCheck['detect'];
  beforeAll(async () => {
    ({ detect } = await languageCheck());
  });

  test.each([
    ['Too expensive for me', 'en'],
    ['Das war mir zu teuer', 'de'],
    ['Het werd me te duur', 'nl'],
    ['For dyrt', 'nb'],
    ['Dårlig service', 'nb'],
    ['Flyttet', 'nb'],
  ])('%s', (text, lang) => {
    expect(detect(text, LANGS)?.lang).toBe(lang);
  });

  test('the language that was chosen stands unless the text clearly speaks against it', () => {
    expect(detect('OK', LANGS, 'nl')?.lang).toBe('nl');
    expect(detect('12345', LANGS, 'nl')).toEqual({ lang: 'nl', sure: 0 });
    expect(detect('12345', LANGS)).toBeUndefined();
    expect(detect('The coffee was always cold and nobody wanted to help', LANGS, 'nl')?.lang).toBe('en');
  });

  test('a name or a title does not overrule the language that was chosen, a sentence in capitals does', () => {
    expect(detect('The Coffee House', LANGS, 'nb')?.lang).toBe('nb');
    expect(detect('Karl-Heinz Schäuble', LANGS, 'nl')?.lang).toBe('nl');
    expect(detect('FAR TOO EXPENSIVE FOR US', LANGS, 'nb')?.lang).toBe('en');
  });
});

describe('an answer in another language than the page', () => {
  const price = (lang: string, entries: string[]): EntryGroup => ({ code: 'price', detail: 'price', lang, entries });
  const groups = [
    price('en', ['expensive']),
    price('de', ['teuer', 'list']),
    price('nl', ['duur']),
    price('nb', ['dyrt', 'who']),
  ];
  const predictor = createPredictor(train({ codes: ['price'], groups, examples: [], pool: [] }));
  const whyOf = (text: string, lang: string) =>
    predictor.explain({ text, lang }).flatMap(({ spans }) => spans.map(({ from, to }) => text.slice(from, to)));

  test.each([
    ['It was far too expensive for us who live alone', 'nb', ['expensive']],
    ['Das war uns auf die Dauer einfach zu teuer', 'nl', ['teuer']],
    ['Het werd ons op den duur te duur', 'de', ['duur', 'duur']],
    ['Det ble altfor dyrt for oss', 'en', ['dyrt']],
    ['We had a list', 'de', []],
    ['Who?', 'nb', ['Who']],
    ['', 'nb', []],
  ])('%s, asked in %s', (text, lang, why) => {
    expect(whyOf(text, lang)).toEqual(why);
  });
});
