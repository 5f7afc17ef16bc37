import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { greetingLine, spokenGreeting, type Greeted } from '../../src/customers/index.ts';
import { loadTexts } from '../../src/i18n/index.ts';
import { anyText } from '../support/any-text.ts';

const texts = loadTexts(join(import.meta.dirname, '../../data/locales'));
const nobody: Greeted = { title: '', givenName: '', familyName: '', organisation: '', greeting: 'formal', country: '' };
const greet = (language: string, who: Partial<Greeted>) => greetingLine({ ...nobody, ...who }, texts.in(language));

describe('the first line of a letter', () => {
  test.each<[language: string, who: Partial<Greeted>, line: string]>([
    ['en', { title: 'Ms', givenName: 'Anna', familyName: 'Brandes' }, 'Dear Ms Brandes,'],
    ['en', { title: 'Herr', familyName: 'Brandes' }, 'Dear Mr Brandes,'],
    ['en', { title: 'Dr.', givenName: 'Anna', familyName: 'Brandes' }, 'Dear Dr Brandes,'],
    ['en', { title: 'Frau Prof. Dr.', familyName: 'Brandes' }, 'Dear Professor Brandes,'],
    ['en', { givenName: 'Anna', familyName: 'Brandes' }, 'Dear Anna Brandes,'],
    ['en', { givenName: 'Anna' }, 'Dear Anna,'],
    ['en', { familyName: 'Brandes' }, 'Hello,'],
    ['en', { greeting: 'familiar', givenName: 'Anna', familyName: 'Brandes' }, 'Hello Anna,'],
    ['en', { greeting: 'familiar', title: 'Ms', familyName: 'Brandes' }, 'Dear Ms Brandes,'],
    ['de', { title: 'Frau', givenName: 'Anna', familyName: 'Brandes' }, 'Guten Tag Frau Brandes,'],
    ['de', { title: 'Herrn', familyName: 'von Hohenfels' }, 'Guten Tag Herr von Hohenfels,'],
    ['de', { title: 'Frau Dr.', familyName: 'Brandes' }, 'Guten Tag Frau Dr. Brandes,'],
    ['de', { title: 'Dr. med.', familyName: 'Brandes' }, 'Guten Tag Dr. Brandes,'],
    ['de', { title: 'Herr und Frau', familyName: 'Brandes' }, 'Guten Tag,'],
    ['de', { organisation: 'Gasthof zum Anker' }, 'Guten Tag,'],
    ['de', { organisation: 'Gasthof zum Anker', title: 'Herr', familyName: 'Brinkmann' }, 'Guten Tag Herr Brinkmann,'],
    ['de', { greeting: 'familiar', givenName: 'Anna' }, 'Hallo Anna,'],
    ['nl', { title: 'mevrouw', familyName: 'de Vries' }, 'Beste mevrouw De Vries,'],
    ['nl', { title: 'Dhr.', familyName: 'van den Berg' }, 'Beste meneer Van den Berg,'],
    ['nl', { title: 'mevr.', familyName: "'t Hart" }, "Beste mevrouw 't Hart,"],
    ['nl', { title: 'mw', familyName: "d'Hondt" }, "Beste mevrouw D'Hondt,"],
    ['nl', { title: 'mevrouw', familyName: 'Vries, de' }, 'Beste mevrouw De Vries,'],
    ['nl', { title: 'mevrouw', familyName: 'de Vries', country: 'BE' }, 'Beste mevrouw de Vries,'],
    ['nl', { title: 'mevrouw dr.', familyName: 'de Vries' }, 'Beste mevrouw De Vries,'],
    ['nl', { title: 'dr.', familyName: 'de Vries' }, 'Beste dr. De Vries,'],
    ['nl', { title: 'mr.', givenName: 'Jan', familyName: 'de Vries' }, 'Beste Jan de Vries,'],
    ['nl', { givenName: 'Jan', familyName: 'de Vries' }, 'Beste Jan de Vries,'],
    ['nl', { organisation: 'Bakkerij De Korenaar' }, 'Goedendag,'],
    ['nb', { title: 'Fru', givenName: 'Kari', familyName: 'Nordmann' }, 'Hei Kari'],
    ['nb', { familyName: 'Nordmann' }, 'Hei'],
    ['nb', { greeting: 'Kjære Kari og Ola' }, 'Kjære Kari og Ola'],
    ['de', { greeting: 'Liebe Anna,', title: 'Frau', familyName: 'Brandes' }, 'Liebe Anna,'],
    ['fr', { title: 'Mme', familyName: 'Dupont' }, 'Dear Ms Dupont,'],
  ])('%s %j -> %s', (language, who, line) => {
    expect(greet(language, who)).toBe(line);
  });

  test('whatever stands in the fields: one short line without a link, that begins as the language greets', () => {
    const anything = fc.oneof(
      anyText({ maxLength: 200 }),
      fc.constantFrom(
        'http://evil.example.com',
        'win.example.com/now',
        'a@b.example',
        '<b>',
        '{name}',
        'Anna\nBcc: x',
        '\u202Eanna',
      ),
    );
    const who = fc.record({
      title: anything,
      givenName: anything,
      familyName: anything,
      organisation: anything,
      greeting: fc.constantFrom('formal', 'familiar', ''),
      country: fc.constantFrom('', 'NL', 'BE'),
    });
    const begins = { en: /^(Dear |Hello)/, de: /^(Guten Tag|Hallo)/, nl: /^(Beste |Hallo|Goedendag)/, nb: /^Hei/ };
    fc.assert(
      fc.property(who, fc.constantFrom('en', 'de', 'nl', 'nb'), (customer, language) => {
        const line = greetingLine(customer, texts.in(language));
        expect(line).toMatch(begins[language as keyof typeof begins]);
        expect(line).not.toMatch(/[\n\r\0:/@<>\u202E]|\.com/);
        expect(line.length).toBeLessThanOrEqual(160);
        expect(line).not.toContain('  ');
      }),
      { numRuns: 500 },
    );
  });

  test('a greeting written by a person is taken word for word, on one line', () => {
    const written = fc
      .string({ minLength: 1, maxLength: 60 })
      .filter((text) => !['formal', 'familiar', ''].includes(text.trim()));
    fc.assert(
      fc.property(written, (greeting) => {
        expect(greet('de', { greeting, title: 'Frau', familyName: 'X' })).toBe(greeting.replace(/\s+/g, ' ').trim());
      }),
    );
  });
});

test.each<[language: string, who: Partial<Greeted>, line: string]>([
  ['en', { title: 'Ms', familyName: 'Penrose' }, 'Hello Ms Penrose,'],
  ['en', { greeting: 'Dear Penny,', title: 'Ms', familyName: 'Penrose' }, 'Dear Penny,'],
  ['de', { title: 'Frau', familyName: 'Brandes' }, 'Guten Tag Frau Brandes,'],
  ['nl', { title: 'mevrouw', familyName: 'de Vries' }, 'Goedendag mevrouw De Vries,'],
  ['nb', { givenName: 'Kari', familyName: 'Nordmann' }, 'Hei Kari'],
])('on the telephone it is as one speaks: %s %j', (language, who, line) => {
  expect(spokenGreeting({ ...nobody, ...who }, texts.in(language))).toBe(line);
});
