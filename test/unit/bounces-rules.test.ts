import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressKeyOf } from '../../src/mailer/bounces/address-key.ts';
import { readToken, returnPathFor } from '../../src/mailer/bounces/return-path.ts';
import { isTooMany } from '../../src/mailer/bounces/rules.ts';
import { createSigner } from '../../src/shared/tokens.ts';

const signer = createSigner(new Uint8Array(32).fill(7));
const other = createSigner(new Uint8Array(32).fill(8));
const tokenOf = (path: string) => /\+(.+)@/.exec(path)?.[1] ?? '';

test('a return path comes back as the mail and the address that it was made of, whatever happens to its case', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.emailAddress(), fc.emailAddress(), (id, to, another) => {
      const path = returnPathFor(signer, 'bounces@example.com', id, to);
      expect(path).toMatch(/^bounces\+[a-z2-7]{48}@example\.com$/);
      for (const token of [tokenOf(path), tokenOf(path).toUpperCase()]) {
        const read = readToken(signer, token);
        expect(read?.mailId).toBe(id);
        expect(read?.isTo(` ${to.toUpperCase()} `)).toBe(true);
        if (another.toLowerCase() !== to.toLowerCase()) expect(read?.isTo(another)).toBe(false);
      }
      expect(readToken(other, tokenOf(path))).toBeUndefined();
    }),
  );
});

test('a token with any letter changed, cut or added is none of ours', () => {
  const token = tokenOf(
    returnPathFor(signer, 'b@example.com', '019a6f2e-1111-7abc-8def-0123456789ab', 'kim@example.com'),
  );
  fc.assert(
    fc.property(fc.nat(47), fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'), (at, letter) => {
      const changed = token.slice(0, at) + letter + token.slice(at + 1);
      expect(readToken(signer, changed) === undefined).toBe(changed !== token);
    }),
  );
  expect(readToken(signer, token.slice(1))).toBeUndefined();
  expect(readToken(signer, `${token}a`)).toBeUndefined();
  expect(readToken(signer, '')).toBeUndefined();
});

test('no text is taken for a token', () => {
  fc.assert(fc.property(fc.string(), (text) => expect(readToken(signer, text)).toBeUndefined()));
});

test('an address has one key in all its spellings, and another with another secret', () => {
  expect(addressKeyOf(signer, ' Kim@Example.COM ')).toBe(addressKeyOf(signer, 'kim@example.com'));
  expect(addressKeyOf(signer, 'kim@example.com')).not.toBe(addressKeyOf(signer, 'kim@example.org'));
  expect(addressKeyOf(signer, 'kim@example.com')).not.toBe(addressKeyOf(other, 'kim@example.com'));
});

test('three messages whose mailbox was at fault are too many, however often each came back', () => {
  const mails = (...causes: string[]) => causes.map((cause, i) => ({ mail_id: `m${i}`, cause }));
  expect(isTooMany(mails('full', 'full'))).toBe(false);
  expect(isTooMany(mails('full', 'unreachable', 'server'))).toBe(true);
  expect(isTooMany(mails('full', 'full', 'blocked', 'policy', 'delayed'))).toBe(false);
  expect(isTooMany([...mails('full', 'full'), ...mails('expired', 'server')])).toBe(false);
});
