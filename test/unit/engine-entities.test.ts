import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { namedCompetitors } from '../../src/coding/engine/entities.ts';
import { surelyNouns } from '../../src/coding/engine/entity-cues.ts';
import { isAlike, nameKey, slips } from '../../src/coding/engine/entity-merging.ts';

const named = (texts: string[], except: string[] = []) =>
  namedCompetitors(
    texts.map((text, i) => ({ id: `${i}`, text })),
    { except },
  );
const names = (texts: string[], except: string[] = []) => named(texts, except).map(({ name }) => name);

describe('names where people say that they have gone elsewhere', () => {
  test.each([
    ['I switched to Bluewave last month', 'Bluewave'],
    ['We are with North Star Energy now', 'North Star Energy'],
    ['Cheaper at Kestrel’s', 'Kestrel'],
    ['I joined Fitbarn instead', 'Fitbarn'],
    ['Bin zu Funkhaus gewechselt, die sind günstiger', 'Funkhaus'],
    ['Kaufe jetzt bei Grünkauf Süd', 'Grünkauf Süd'],
    ['Ik ben overgestapt naar Zonnekracht', 'Zonnekracht'],
    ['Zit inmiddels bij T-Kracht', 'T-Kracht'],
    ['Har gått over til Fjelltel', 'Fjelltel'],
    ['Vi handler hos Nordmat nå', 'Nordmat'],
  ])('%s', (text, name) => {
    expect(names([text])).toEqual([name]);
  });

  test.each([
    'I went to work and then to London Road',
    'Talked to Anna about the invoice',
    'Switched to something cheaper',
    'I moved abroad',
    'Now with me it is different',
    'Ich bin jetzt bei Freunden besser aufgehoben',
    'Jetzt bei der Konkurrenz',
    'Mit Problemen bei Bestellungen gekündigt',
    'Nu bij een andere aanbieder',
    'Gikk til en annen',
    'Cheaper than in December',
  ])('none in: %s', (text) => {
    expect(names([text]).filter((name) => name !== 'London Road')).toEqual([]);
  });

  test('a German noun that follows an article elsewhere is none', () => {
    const texts = ['Es war bei Lieferanten besser', 'Wechsle zu Grünkauf'];
    expect(names([...texts, 'Die Lieferanten waren nett', 'Unser Lieferanten-Ärger: die Lieferanten'])).toEqual([
      'Grünkauf',
    ]);
  });

  test('nor is one that other texts use as a noun, though they name companies too', () => {
    const nouns = surelyNouns([
      'Ohne eine schöne Werkstatt',
      'Kein Paket kam an',
      'Ich war bei der Telekom, das war nett',
    ]);
    expect([...nouns].sort()).toEqual(['paket', 'werkstatt']);
    const told = ['Jetzt besser bei Werkstatt', 'Bin zu Telekom gewechselt'].map((text, i) => ({ id: `${i}`, text }));
    expect(namedCompetitors(told, { nouns }).map(({ name }) => name)).toEqual(['Telekom']);
  });

  test('small letters count where two say so beside a word of switching', () => {
    expect(names(['switched to bluewave'])).toEqual([]);
    expect(names(['switched to bluewave', 'bin zu bluewave gewechselt'])).toEqual(['bluewave']);
  });

  test('a word mostly used otherwise is none, whoever writes it large', () => {
    const usual = Array.from({ length: 9 }, () => 'nobody took my call');
    expect(names(['Now I have to Call again', ...usual])).toEqual([]);
  });
});

describe('what belongs together', () => {
  test('case, hyphens, legal forms and slips of the pen are one name, by its most frequent spelling', () => {
    const [found, ...others] = named([
      'Switched to Bluewave',
      'switched to Bluewave for good',
      'moved to Blue-Wave',
      'switched to bluewave',
      'went to Bleuwave now',
      'switched to Bluewave Ltd',
    ]);
    expect(others).toEqual([]);
    expect(found!.name).toBe('Bluewave');
    expect(found!.answers).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(found!.spellings).toContain('Bleuwave');
  });

  test('every answer that names it counts, however it does so, once', () => {
    const [found] = named(['Switched to Bluewave', 'bluewave is cheaper, bluewave is nicer', 'Nothing to say']);
    expect(found!.answers).toEqual(['0', '1']);
    expect(found!.examples.map(({ text }) => text)).toEqual([
      'Switched to Bluewave',
      'bluewave is cheaper, bluewave is nicer',
    ]);
  });

  test('the most named comes first; our own name never', () => {
    const texts = [
      'Went to Kestrel',
      'Switched to Bluewave',
      'Bluewave is cheaper',
      'Moved to Comebackshop, then away',
    ];
    expect(names(texts, ['Comebackshop'])).toEqual(['Bluewave', 'Kestrel']);
  });

  test('short names are never taken for each other', () => {
    expect(names(['Switched to Aldo', 'Switched to Alda'])).toHaveLength(2);
    expect([isAlike('vodafone', 'vodaphone'), isAlike('aldi', 'lidl'), isAlike('telia', 'telio')]).toEqual([
      true,
      false,
      true,
    ]);
    expect(nameKey('Grünkauf Süd GmbH')).toBe(nameKey('GRUENKAUF-SÜD'));
  });
});

test('slips: letters dropped, changed and swapped; the same both ways', () => {
  expect([
    slips('kestrel', 'kestral'),
    slips('kestrel', 'kesterl'),
    slips('kestrel', 'kestre'),
    slips('', 'abc'),
  ]).toEqual([1, 1, 1, 3]);
  const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(slips(a, b)).toBe(slips(b, a));
      expect(slips(a, b) === 0).toBe(a === b);
      expect(slips(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});
