import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { passwordProblem } from '../../src/accounts/password-rules.ts';
import { createPasswords } from '../../src/accounts/passwords.ts';

const KNOWN = { email: 'ingrid.solheim@example.com', name: 'Ingrid Solheim', company: 'Hollerbach Kaffee' };
const CHEAP = { logN: 8, r: 8, p: 1 };
const problem = (password: string) => passwordProblem(password, KNOWN)?.key;

describe('a new password', () => {
  test.each(['elleve tegn', 'kort', '🦊🦊🦊🦊🦊🦊'])('needs 12 characters, however they are made: %s', (password) => {
    expect(problem(password)).toBe('accounts.password.tooShort');
  });

  test('may not be longer than 200 characters', () => {
    expect(problem('a lantern '.repeat(21))).toBe('accounts.password.tooLong');
  });

  test.each([
    'ingrid.solheim@example.com',
    'IngridSolheim2026!',
    'Solheim123456',
    'comeback-2026-11',
    'ComebackComeback',
    'Hollerbach Kaffee',
    '2026hollerbachkaffee',
  ])('is not a name that everybody knows: %s', (password) => {
    expect(problem(password)).toBe('accounts.password.known');
  });

  test.each([
    'password1234',
    'P4ssw0rd!!!!',
    'qwertyuiop123'.slice(0, 12),
    '123456789012',
    'aaaaaaaaaaaa',
    'abcabcabcabc',
    'Willkommen2026',
    'qwertzuiopasdf',
  ])('is not one that is tried first: %s', (password) => {
    expect(problem(password)).toMatch(/^accounts\.password\.(common|known)$/);
  });

  test.each([
    'correct horse battery',
    'tre blå hester i fjøset',
    'lamp otter quince',
    '𠮷野家の牛丼とお味噌汁ください',
  ])('may be words without digits or signs: %s', (password) => {
    expect(problem(password)).toBeUndefined();
  });

  test('of twelve or more random letters is always taken', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'abdfghklmoprtuvz'), minLength: 16, maxLength: 60 });
    fc.assert(
      fc.property(letters, (password) => {
        fc.pre(new Set(password).size > 6);
        expect(problem(password)).toBeUndefined();
      }),
    );
  });
});

describe('hashes', () => {
  const passwords = createPasswords(CHEAP);

  test('match only their own password, and never look alike', async () => {
    const [one, two] = [await passwords.hash('lamp otter quince'), await passwords.hash('lamp otter quince')];
    expect(one).not.toBe(two);
    expect(await passwords.verify('lamp otter quince', one)).toEqual({ matches: true, weak: false });
    expect(await passwords.verify('lamp otter quincé', one)).toEqual({ matches: false, weak: false });
  });

  test('do not care how an accent was typed', async () => {
    const hash = await passwords.hash('hvor er blåbærene'.normalize('NFD'));
    expect((await passwords.verify('hvor er blåbærene'.normalize('NFC'), hash)).matches).toBe(true);
  });

  test('of a lower cost ask to be made anew; of a higher one they do not', async () => {
    const dearer = createPasswords({ ...CHEAP, logN: 9 });
    const [weak, strong] = [await passwords.hash('lamp otter quince'), await dearer.hash('lamp otter quince')];
    expect(await dearer.verify('lamp otter quince', weak)).toEqual({ matches: true, weak: true });
    expect(await passwords.verify('lamp otter quince', strong)).toEqual({ matches: true, weak: false });
  });

  test.each([null, undefined, '', 'scrypt$', 'bcrypt$1$2$3$4$5'])('that are none match nothing: %s', async (stored) => {
    expect(await passwords.verify('', stored)).toEqual({ matches: false, weak: false });
  });

  test('of many at once all come out right', async () => {
    const words = Array.from({ length: 12 }, (_, i) => `lamp otter quince ${i}`);
    const made = await Promise.all(words.map((word) => passwords.hash(word)));
    const checked = await Promise.all(made.map((hash, i) => passwords.verify(words[i] ?? '', hash)));
    expect(checked.every(({ matches }) => matches)).toBe(true);
  });
});
