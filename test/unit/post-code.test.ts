import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codeFrom, CODE_LENGTH, inGroups, readCode } from '../../src/post/code-rules.ts';
import { addressLines, againstLetter } from '../../src/post/letter-rules.ts';
import { qrMaker } from '../../src/post/qr.ts';
import { UNMISTAKABLE } from '../../src/responses/index.ts';

const codes = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(codeFrom);

describe('a code', () => {
  test('has ten letters of an alphabet in which nothing is mistaken for something else', () => {
    expect(new Set(UNMISTAKABLE).size).toBe(UNMISTAKABLE.length);
    expect([...'0O1IL2Z5S8BUV'].filter((each) => UNMISTAKABLE.includes(each))).toEqual([]);
    fc.assert(
      fc.property(codes, (code) => {
        expect(code).toHaveLength(CODE_LENGTH);
        expect([...code].every((letter) => UNMISTAKABLE.includes(letter))).toBe(true);
      }),
    );
  });

  test('is read however it is written: in groups, in small letters, as the end of an address', () => {
    fc.assert(
      fc.property(codes, (code) => {
        const written = [
          inGroups(code),
          code.toLowerCase(),
          ` ${code.split('').join(' ')} `,
          `https://x.example/p/${code}`,
        ];
        for (const each of written) expect(readCode(each)).toEqual({ ok: true, code });
      }),
    );
  });

  test('with one wrong letter is never read', () => {
    fc.assert(
      fc.property(codes, fc.nat(CODE_LENGTH - 1), fc.constantFrom(...UNMISTAKABLE), (code, at, letter) => {
        fc.pre(code[at] !== letter);
        expect(readCode(code.slice(0, at) + letter + code.slice(at + 1)).ok).toBe(false);
      }),
    );
  });

  test('with two neighbours that changed places is never read', () => {
    fc.assert(
      fc.property(codes, fc.nat(CODE_LENGTH - 2), (code, at) => {
        const [a, b] = [code[at] ?? '', code[at + 1] ?? ''];
        fc.pre(a !== b);
        expect(readCode(code.slice(0, at) + b + a + code.slice(at + 2)).ok).toBe(false);
      }),
    );
  });

  test('uses every letter about equally often', () => {
    const counts = new Map<string, number>();
    const many = 4000;
    for (let i = 0; i < many; i++)
      for (const letter of codeFrom(randomBytes(16))) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    const expected = (many * CODE_LENGTH) / UNMISTAKABLE.length;
    for (const letter of UNMISTAKABLE) expect(Math.abs((counts.get(letter) ?? 0) / expected - 1)).toBeLessThan(0.2);
  });

  test.each(['', '  ', '---'])('that is empty (%j) is told apart from a slip', (typed) => {
    expect(readCode(typed)).toEqual({ ok: false, because: 'empty' });
  });
});

const nobody = {
  title: '',
  givenName: '',
  familyName: '',
  organisation: '',
  street: '',
  postalCode: '',
  city: '',
  region: '',
  country: '',
};

describe('the window of an envelope', () => {
  const german = (code: string) =>
    ({ NL: 'Niederlande', GB: 'Vereinigtes Königreich', US: 'Vereinigte Staaten' })[code] ?? code;
  const lines = (more: Partial<typeof nobody>) => addressLines({ ...nobody, ...more }, 'DE', german);

  test('has person, street and town, and no country at home', () => {
    const brandes = {
      title: 'Frau',
      givenName: 'Karla',
      familyName: 'Brandes',
      street: 'Am Markt 3',
      postalCode: '24103',
    };
    expect(lines({ ...brandes, city: 'Kiel', country: 'DE' })).toEqual([
      'Frau Karla Brandes',
      'Am Markt 3',
      '24103 Kiel',
    ]);
  });

  test('ends with the country in capitals abroad, and writes the town as that country does', () => {
    const at = { organisation: 'Voorbeeld BV', street: 'Kade 1', city: 'Gouda', postalCode: '2801 AB' };
    expect(lines({ ...at, country: 'NL' })).toEqual(['Voorbeeld BV', 'Kade 1', '2801 AB  Gouda', 'NIEDERLANDE']);
    expect(lines({ ...at, country: 'GB' }).slice(-3)).toEqual(['Gouda', '2801 AB', 'VEREINIGTES KÖNIGREICH']);
    expect(lines({ ...at, region: 'OH', country: 'US' }).slice(-2)).toEqual(['Gouda OH 2801 AB', 'VEREINIGTE STAATEN']);
  });
});

test('nobody gets a letter who is gone, does not want one, may not have one, or lives nowhere', () => {
  const fine = { erasedAt: null, unsubscribedAt: null, legalBasis: 'consent', street: 'Am Markt 3', city: 'Kiel' };
  const why = (more: object) => againstLetter({ ...fine, ...more } as never);
  expect(why({})).toBeNull();
  expect(againstLetter(undefined)).toBe('gone');
  expect(why({ erasedAt: '2026-01-01' })).toBe('gone');
  expect(why({ unsubscribedAt: '2026-01-01' })).toBe('unsubscribed');
  expect(why({ legalBasis: '' })).toBe('no_legal_basis');
  expect(why({ street: ' ' })).toBe('no_postal_address');
});

test('a QR code is a square whose corners are marked', async () => {
  const qrOf = await qrMaker();
  const { size, path } = qrOf('https://example.com/p/WXY34679CD');
  expect(size % 4).toBe(1);
  expect(path.startsWith('M0 0h7v1h-7z')).toBe(true);
  expect(path).toContain(`M${size - 7} 0h7v1h-7z`);
});
