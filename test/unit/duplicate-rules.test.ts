import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compared, keysOf, likeness, lookupsOf, type Compared } from '../../src/customers/duplicates/rules.ts';
import { mistyped, spelt, wordsOf } from '../../src/customers/duplicates/spelling.ts';

const anna = {
  givenName: 'Katharina',
  familyName: 'Müller',
  street: 'Hauptstraße 5',
  postalCode: '24103',
  city: 'Kiel',
};
const of = (one: Partial<Compared>, other: Partial<Compared>) => likeness(compared(one), compared(other));

describe('two records are almost certainly one person', () => {
  test.each<[string, Partial<Compared>, Partial<Compared>, string[]]>([
    ['same e-mail and name', { email: 'K@x.de', ...anna }, { ...anna, email: 'k@X.de' }, ['email', 'address']],
    ['name and address', anna, { ...anna, street: 'Haupt-Str. 5' }, ['address']],
    ['umlauts spelled out', anna, { ...anna, familyName: 'Mueller' }, ['address']],
    ['names swapped', anna, { ...anna, givenName: 'Müller', familyName: 'Katharina' }, ['address']],
    ['other letters', { ...anna, givenName: 'Олена' }, { ...anna, givenName: 'Olena' }, ['address']],
    [
      'a number with and without the country',
      { givenName: 'Jon', familyName: 'Å', telephone: '+47 22 33 44 55' },
      { givenName: 'Jon', familyName: 'A', telephone: '22334455' },
      ['telephone', 'person'],
    ],
    [
      'Dutch and its spellings',
      { familyName: 'Dijkstra', givenName: 'Sjoerd', street: 'Kerkstraat 12 a', postalCode: '9712 AB' },
      { familyName: 'Dykstra', givenName: 'Sjoerd', street: 'Kerkstr. 12a', postalCode: '9712ab' },
      ['address'],
    ],
    [
      'a firm and its form',
      { organisation: 'Büro Kahl GmbH', street: 'Am Markt 1', city: 'Kiel' },
      { organisation: 'Buero Kahl', street: 'Am Markt 1', city: 'kiel' },
      ['address'],
    ],
  ])('%s', (_, one, other, why) => {
    expect(of(one, other)).toEqual({ certainty: 3, why });
  });
});

describe('two records are probably, or possibly, one person', () => {
  test.each<[string, Partial<Compared>, Partial<Compared>, number, string[]]>([
    [
      'one address for e-mail, two names',
      { ...anna, email: 'us@x.de' },
      { familyName: 'Kahl', email: 'us@x.de' },
      2,
      ['email'],
    ],
    ['a letter typed wrong', anna, { ...anna, givenName: 'Kathairna' }, 2, ['similar']],
    [
      'initials and one telephone',
      { ...anna, telephone: '0431 555019' },
      { givenName: 'K.', familyName: 'Müller', telephone: '+49 431 555019' },
      2,
      ['telephone', 'shorter'],
    ],
    ['name and postal code', anna, { ...anna, street: '' }, 2, ['name']],
    ['another spelling of it', anna, { ...anna, familyName: 'Mueller', street: '' }, 2, ['spelling']],
    ['the same name elsewhere in the same place', anna, { ...anna, street: 'Seeweg 1' }, 1, ['name']],
    ['name and town', anna, { ...anna, street: '', postalCode: '' }, 1, ['name']],
  ])('%s', (_, one, other, certainty, why) => {
    expect(of(one, other)).toEqual({ certainty, why });
  });
});

describe('two people stay two', () => {
  test.each<[string, Partial<Compared>]>([
    ['siblings', { givenName: 'Katharine' }],
    ['a couple', { givenName: 'Peter' }],
    ['a name like it elsewhere', { familyName: 'Möller', street: 'Seeweg 1' }],
    ['the same name in another town', { postalCode: '10115', city: 'Berlin' }],
    ['the same name and code in another country', { country: 'NO' }],
    ['nobody', { ...compared({}) }],
  ])('%s', (_, other) => {
    expect(of({ ...anna, country: 'DE' }, { ...anna, country: 'DE', ...other }).certainty).toBe(0);
  });

  test('a household shares its telephone: that alone lists nobody, and is told to whoever adds somebody', () => {
    const [one, other] = [{ givenName: 'Peter', telephone: '0431 555019' }, { telephone: '0431 555019' }];
    expect(of({ ...anna, ...other }, { familyName: 'Müller', ...one })).toEqual({ certainty: 0, why: ['telephone'] });
  });

  test('two branches, and two firms of one name with other people', () => {
    const firm = { organisation: 'Filiale 1', street: 'Am Markt 1', postalCode: '24103' };
    expect(of(firm, { ...firm, organisation: 'Filiale 2' }).certainty).toBe(0);
    const people = { familyName: 'Kahl', street: 'Seeweg 1' };
    expect(of({ ...firm, familyName: 'Voss' }, { ...firm, ...people }).certainty).toBe(0);
    expect(of({ ...firm, familyName: 'Voss' }, { ...firm, familyName: 'Voss', street: 'Seeweg 1' }).certainty).toBe(1);
  });
});

const word = fc.constantFrom(
  'Müller',
  'Mueller',
  'Muller',
  'Möller',
  'Katharina',
  'Katarina',
  'K.',
  'Jan',
  'Jana',
  '',
  'Kahl GmbH',
);
const record = fc
  .record({
    givenName: word,
    familyName: word,
    organisation: fc.constantFrom('', '', 'Büro Kahl', 'Büro Kahl GmbH', 'Buro Kal'),
    email: fc.constantFrom('', 'a@x.de', 'A@x.de', 'b@x.de'),
    telephone: fc.constantFrom('', '0431 555019', '+49 431 555 019', '0431 555018', '123'),
    street: fc.constantFrom('', 'Hauptstr. 5', 'Hauptstraße 5', 'Seeweg 1'),
    postalCode: fc.constantFrom('', '24103', 'D-24103', '9712 AB', '9712AB'),
    city: fc.constantFrom('', 'Kiel', 'kiel', 'Lübeck'),
    country: fc.constantFrom('', 'DE', 'NL'),
  })
  .map((each): Compared => each);

const FIELDS = [
  'givenName',
  'familyName',
  'organisation',
  'email',
  'telephone',
  'street',
  'postalCode',
  'city',
] as const;
/** Two records that have some of it in common. */
const two = fc
  .tuple(record, record, fc.subarray([...FIELDS]))
  .map(
    ([one, other, same]) =>
      [one, { ...other, ...Object.fromEntries(same.map((field) => [field, one[field]])) }] as const,
  );

const finds = (one: Compared, other: Compared) => {
  const keys = keysOf(other);
  return lookupsOf(keysOf(one), one.city).some((lookup) => {
    if (lookup.by === 'email' || lookup.by === 'telephone') return keys[lookup.by] === lookup.key;
    if (lookup.by === 'address') return keys.street === lookup.key && keys.place === lookup.place;
    return keys.name === lookup.key && (lookup.places?.includes(keys.place) ?? true);
  });
};

describe('whatever two records hold', () => {
  test('it is the same from either side', () => {
    fc.assert(fc.property(two, ([one, other]) => expect(likeness(one, other)).toEqual(likeness(other, one))));
  });

  test('a pair that is listed is found from either side, by a key that both have', () => {
    const both = two.filter(([one, other]) => likeness(one, other).certainty > 0);
    fc.assert(
      fc.property(both, ([one, other]) => expect([finds(one, other), finds(other, one)]).toEqual([true, true])),
    );
  });

  test('a letter typed wrong is found by the address', () => {
    const [one, other] = [compared(anna), compared({ ...anna, givenName: 'Kathairna' })];
    expect([finds(one, other), finds(other, one)]).toEqual([true, true]);
  });

  test('each pair that is listed says why, and nobody is like somebody of whom nothing is known', () => {
    fc.assert(
      fc.property(two, ([one, other]) => {
        const { certainty, why } = likeness(one, other);
        expect(certainty > 0 && why.length === 0).toBe(false);
        expect(likeness(one, compared({}))).toEqual({ certainty: 0, why: [] });
      }),
    );
  });

  test('capitals, accents and signs make no difference to who somebody is', () => {
    const otherwise = (text: string) => text.toUpperCase().normalize('NFD').replaceAll(' ', '  ');
    fc.assert(
      fc.property(record, (one) => {
        const shouted = { ...one, givenName: otherwise(one.givenName), familyName: otherwise(one.familyName) };
        const { telephone: _, email: __, ...keys } = keysOf({ ...shouted, city: otherwise(one.city) });
        expect(keysOf(one)).toMatchObject(keys);
      }),
    );
  });
});

describe('letters', () => {
  test('a distance is none to itself, the same both ways, and one for each letter that is put in, left out or changed', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, fc.nat(8), (one, other, at) => {
        expect(mistyped(one, one)).toBe(0);
        expect(mistyped(one, other)).toBe(mistyped(other, one));
        expect(mistyped(one, other) === 0).toBe(one === other);
        expect(mistyped(one, `${one.slice(0, at)}x${one.slice(at)}`)).toBe(1);
      }),
    );
    expect([mistyped('kathairna', 'katharina'), mistyped('meier', 'mayr')]).toEqual([1, 3]);
  });

  test.each([
    ['Müller Mueller Muller MUELLER', 'muler'],
    ['Christopher Kristoffer', 'kristofer'],
    ['Haakon Håkon', 'hakon'],
    ['Meyer Meier Maier', 'meier'],
    ['Schmidt Schmitt', undefined],
    ['Strauß Strauss', undefined],
    ['Łukasz Lukasz', undefined],
    ['Коваленко Kovalenko', undefined],
  ])('%s are spelled one way', (names, one) => {
    const found = new Set(wordsOf(names).map(spelt));
    expect([...found]).toHaveLength(1);
    if (one !== undefined) expect([...found]).toEqual([one]);
  });
});
