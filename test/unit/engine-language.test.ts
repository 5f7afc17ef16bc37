import { beforeAll, describe, expect, test } from '@jest/globals';
import type { LanguageCheck } from '../../src/coding/engine/index.ts';
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
