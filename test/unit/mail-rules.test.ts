import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { oneAddress, oneLine, outcomeOf, pauseAfter, reasonOf, retryAt } from '../../src/mailer/rules.ts';
import { anyText } from '../support/any-text.ts';

describe('One address', () => {
  test.each(['kari@example.com', "o'brien+news@example.co.uk", 'jörg@müller.example', ' a@b ', 'x@localhost'])(
    '%s is one',
    (text) => {
      expect(oneAddress(text)).toBe(text.trim());
    },
  );

  test.each([
    'a@example.com,b@example.com',
    'a@example.com b@example.com',
    'a@b@example.com',
    '<a@example.com>',
    'A <a@example.com>',
    '"a b"@example.com',
    'a@example.com\r\nBcc: b@example.com',
    'a\u0000@example.com',
    'a\u200b@example.com',
    'a@exa mple.com',
    'a@.example.com',
    'a@example..com',
    '@example.com',
    'a@',
    'a',
    '',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(255)}.example`,
  ])('%j is none', (text) => {
    expect(oneAddress(text)).toBeUndefined();
  });

  test('whatever passes cannot be read as two, nor end a line', () => {
    const parts = fc.constantFrom(
      'a',
      'b.c',
      '@',
      ',',
      ';',
      ':',
      '<',
      '>',
      ' ',
      '"',
      '\\',
      '\r\n',
      '\t',
      '(',
      ')',
      'example.com',
      '\u2028',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), (texts) => {
        const address = oneAddress(texts.join(''));
        if (address === undefined) return;
        expect(address.split('@')).toHaveLength(2);
        expect(address).not.toMatch(/[\s,;:<>()"\\\p{Cc}]/u);
      }),
    );
  });

  test('a header’s text is one line', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(oneLine(text)).not.toMatch(/[\r\n\u0000\u2028\u2029]/);
      }),
    );
  });
});

describe('What became of a message', () => {
  const rcpt = (responseCode: number) => ({ code: 'EENVELOPE', responseCode, command: 'RCPT TO' });
  const data = (responseCode: number) => ({ code: 'EMESSAGE', responseCode, command: 'DATA' });

  test('the server’s word about the message decides', () => {
    expect(outcomeOf(rcpt(550), false)).toMatchObject({ state: 'failed' });
    expect(outcomeOf(rcpt(450), false)).toMatchObject({ state: 'queued', tried: true });
    expect(outcomeOf(data(554), true)).toMatchObject({ state: 'failed' });
    expect(outcomeOf(data(451), true)).toMatchObject({ state: 'queued', tried: true });
    expect(outcomeOf(data(421), true)).toMatchObject({ state: 'queued', tried: false });
  });

  test('without a word it is certain only before the message was handed over', () => {
    for (const code of ['ECONNECTION', 'ESOCKET', 'ETIMEDOUT']) {
      expect(outcomeOf({ code, command: 'CONN' }, true)).toMatchObject({ state: 'unknown' });
      expect(outcomeOf({ code, command: 'CONN' }, false)).toMatchObject({ state: 'queued', tried: false });
    }
  });

  test('trouble with the server, the login or our sender is nobody’s failure', () => {
    expect(outcomeOf({ code: 'EAUTH', responseCode: 535, command: 'AUTH PLAIN' }, false)).toMatchObject({
      state: 'queued',
      tried: false,
    });
    expect(outcomeOf({ code: 'EENVELOPE', responseCode: 553, command: 'MAIL FROM' }, false)).toMatchObject({
      state: 'queued',
      tried: false,
    });
    expect(outcomeOf({ code: 'EPROTOCOL', responseCode: 554, command: 'CONN' }, false)).toMatchObject({
      state: 'queued',
      tried: false,
    });
    expect(outcomeOf({ code: 'EDNS', command: 'CONN' }, false)).toMatchObject({ state: 'queued', tried: false });
  });

  test('a message is never sent again unless it is certain that it did not arrive', () => {
    const error = fc.record({
      code: fc.constantFrom('ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EMESSAGE', 'EENVELOPE', 'EPROTOCOL', 'ESTREAM'),
      command: fc.constantFrom('CONN', 'EHLO', 'AUTH', 'MAIL FROM', 'RCPT TO', 'DATA', 'API', ''),
      responseCode: fc.option(fc.integer({ min: 200, max: 599 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(error, (each) => {
        const refusedByTheServer = each.responseCode !== undefined && /^(RCPT TO|DATA)/.test(each.command);
        if (outcomeOf(each, true).state === 'queued') expect(refusedByTheServer).toBe(true);
      }),
    );
  });

  test('what is kept of a reply is its status, not its words', () => {
    expect(reasonOf({ responseCode: 550, response: '550 5.1.1 <kari@example.com> unknown' })).toBe('550 5.1.1');
    expect(reasonOf({ responseCode: 450, response: '450 kari@example.com is busy' })).toBe('450');
    expect(reasonOf({ code: 'ESOCKET' })).toBe('ESOCKET');
  });

  test('tries grow further apart and end after about a day', () => {
    const now = '2026-11-10T08:00:00.000Z';
    const waits = Array.from({ length: 9 }, (_, i) => retryAt(now, i + 1)).map(
      (at) => at && Date.parse(at) - Date.parse(now),
    );
    const known = waits.filter((wait) => wait !== undefined) as number[];
    expect(known).toEqual([...known].sort((a, b) => a - b));
    expect(waits.at(-1)).toBeUndefined();
    expect(known.reduce((sum, wait) => sum + wait, 0) / 3_600_000).toBeGreaterThan(24);
    expect(pauseAfter(0)).toBe(0);
    expect(pauseAfter(99)).toBe(300_000);
  });
});
