import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isHard, causeOf } from '../../src/mailer/bounces/causes.ts';
import { readReturned } from '../../src/mailer/bounces/read.ts';
import { CAUSES, type BounceKind, type Cause } from '../../src/mailer/bounces/reading.ts';

const folder = join(import.meta.dirname, '../fixtures/bounces');
const bytesOf = (name: string) => readFileSync(join(folder, `${name}.eml`));
const TOKEN = 'abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnop';
const ID = '019a6f2e-1111-7abc-8def-0123456789ab@app.example.com';

/** File, recipient, kind, cause, status, and whether a return path of ours stands in it. */
const EXPECTED: [string, string, BounceKind, Cause, string, boolean][] = [
  ['postfix-user-unknown', 'kim.unknown@example.net', 'hard', 'no_such_address', '5.1.1', true],
  ['postfix-no-such-domain', 'kim@nowhere.example', 'hard', 'no_such_domain', '5.4.4', true],
  ['postfix-mailbox-full', 'full@example.net', 'soft', 'full', '5.2.2', true],
  ['postfix-delayed', 'slow@example.net', 'soft', 'delayed', '4.4.1', true],
  ['postfix-expired', 'slow@example.net', 'soft', 'unreachable', '4.4.1', true],
  ['postfix-greylisted', 'grey@example.net', 'soft', 'greylisted', '4.2.0', true],
  ['postfix-blocked', 'blocked@example.net', 'soft', 'blocked', '5.7.1', true],
  ['blocked-with-wrong-code', 'spammy@example.net', 'soft', 'blocked', '5.1.1', true],
  ['unknown-with-policy-code', 'policy@example.net', 'hard', 'no_such_address', '5.7.1', true],
  ['dsn-delivered', 'kari@example.net', 'other', 'delivered', '2.0.0', true],
  ['dsn-relayed', 'list@example.net', 'other', 'delivered', '2.1.5', true],
  ['dsn-expanded', 'list@example.net', 'other', 'delivered', '2.1.5', true],
  ['several-recipients', 'two@example.net', 'hard', 'no_such_address', '5.1.1', true],
  ['forwarded-on', 'kim+news@example.net', 'hard', 'disabled', '5.2.1', true],
  ['global-delivery-status', 'jürgen@example.net', 'hard', 'no_such_address', '5.1.1', true],
  ['base64-report', 'coded@example.net', 'hard', 'no_such_address', '5.1.1', true],
  ['flattened-report', 'flat@example.net', 'hard', 'no_such_address', '5.1.1', false],
  ['broken-boundary', 'broken@example.net', 'hard', 'no_such_address', '5.1.1', false],
  ['bare-report', 'bare@example.net', 'hard', 'unspecified', '5.0.0', true],
  ['bare-report-temporary', 'later@example.net', 'soft', 'unspecified', '4.0.0', true],
  ['office365-not-found', 'kim.gone@example.net', 'hard', 'no_such_address', '5.1.10', true],
  ['office365-access-denied', 'kim.gone@example.net', 'hard', 'no_such_address', '5.4.1', true],
  ['office365-quota', 'kim.gone@example.net', 'soft', 'full', '5.2.2', true],
  ['office365-restricted-group', 'team@example.net', 'soft', 'restricted', '5.7.133', true],
  ['office365-blocked', 'kim.gone@example.net', 'soft', 'blocked', '5.7.606', true],
  ['office365-domain', 'kim.gone@nowhere.example', 'hard', 'no_such_domain', '5.4.310', true],
  ['exchange-text', 'kim.old@example.net', 'hard', 'no_such_address', '5.1.1', false],
  ['exchange-html-only', 'kim.html@example.net', 'soft', 'full', '5.2.2', false],
  ['exchange-german', 'kim.weg@example.net', 'hard', 'no_such_address', '5.1.1', false],
  ['qmail', 'kim.q@example.net', 'hard', 'no_such_address', '5.1.1', true],
  ['qmail-local', 'kim.local@example.net', 'hard', 'no_such_address', '5.1.1', false],
  ['qmail-host', 'kim@gone.example', 'hard', 'no_such_domain', '5.1.2', false],
  ['qmail-too-long', 'kim@slow.example', 'soft', 'expired', '', false],
  ['exim-unknown', 'kim.exim@example.net', 'hard', 'no_such_address', '5.1.1', true],
  ['exim-unrouteable', 'kim@nomx.example', 'hard', 'no_such_address', '', true],
  ['exim-quota', 'kim.quota@example.net', 'soft', 'full', '', true],
  ['exim-retry', 'kim.retry@example.net', 'soft', 'expired', '', true],
  ['exim-without-header', 'kim.nohead@example.net', 'hard', 'no_such_address', '', true],
  ['exim-warning', 'kim.wait@example.net', 'soft', 'delayed', '', true],
  ['postfix-text', 'kim.text@example.net', 'hard', 'no_such_address', '5.1.1', false],
  ['sendmail-fatal', 'kim.send@example.net', 'hard', 'no_such_address', '5.1.1', false],
  ['sendmail-host-unknown', 'kim@unknown.example', 'hard', 'no_such_domain', '5.1.2', false],
  ['sendmail-transient', 'kim.trans@example.net', 'soft', 'expired', '', false],
  ['sendmail-warning', 'kim.warn@example.net', 'soft', 'delayed', '', false],
  ['gmail-old-text', 'kim.gm@example.net', 'hard', 'no_such_address', '5.1.1', false],
  ['gmail-address-not-found', 'kim.g2@example.net', 'hard', 'no_such_address', '5.1.1', false],
  ['gmail-over-quota', 'kim.g3@example.net', 'soft', 'full', '4.2.2', false],
  ['gmail-delayed', 'kim.g4@example.net', 'soft', 'delayed', '', false],
  ['yahoo', 'kim.y@example.net', 'hard', 'no_such_address', '', false],
  ['yahoo-blocked', 'kim.y2@example.net', 'soft', 'policy', '5.7.9', false],
  ['domino', 'kim.notes@example.net', 'hard', 'no_such_address', '', false],
  ['domino-report', 'kim.notes@example.net', 'hard', 'no_such_address', '5.1.1', true],
  ['aol', 'kim.aol@example.net', 'soft', 'restricted', '', false],
  ['gmx', 'kim.gmx@example.net', 'hard', 'no_such_address', '', false],
  ['webde-german', 'kim.web@example.net', 'soft', 'full', '', false],
  ['t-online', 'kim.ton@example.net', 'hard', 'no_such_address', '', false],
  ['dutch', 'kim.nl@example.net', 'hard', 'no_such_address', '', false],
  ['dutch-full', 'kim.vol@example.net', 'soft', 'full', '', false],
  ['norwegian', 'kim.nb@example.net', 'hard', 'no_such_address', '', false],
  ['norwegian-full', 'kim.fullt@example.net', 'soft', 'full', '', false],
  ['latin1-raw', 'kim.latin@example.net', 'hard', 'no_such_address', '', false],
  ['french', 'kim.fr@example.net', 'hard', 'no_such_address', '5.1.1', false],
  ['challenge-server-5xx-disabled', 'kim.dis@example.net', 'hard', 'disabled', '5.2.1', false],
  ['too-large', 'kim.big@example.net', 'soft', 'too_large', '5.3.4', false],
  ['dmarc-refused', 'kim.dm@example.net', 'soft', 'authentication', '5.7.26', false],
  ['relay-denied', 'kim.rel@example.net', 'soft', 'relay', '5.7.1', false],
  ['forwarded-bounce', 'kim.fwd@example.net', 'hard', 'no_such_address', '5.1.1', true],
  ['no-headers', '', 'other', 'unknown', '', false],
  ['daemon-news', '', 'other', 'unknown', '', false],
  ['arf-abuse', 'kim.arf@example.net', 'complaint', 'complaint', '', true],
  ['arf-without-recipient', 'kim.arf2@example.net', 'complaint', 'complaint', '', true],
  ['arf-redacted', '', 'complaint', 'complaint', '', true],
  ['arf-not-spam', 'kim.arf3@example.net', 'other', 'not_spam', '', true],
  ['arf-opt-out', 'kim.arf4@example.net', 'complaint', 'complaint', '', true],
  ['arf-auth-failure', 'kim.arf5@example.net', 'other', 'report', '', true],
  ['hotmail-junk-report', 'kim.hm@example.net', 'complaint', 'complaint', '', true],
  ['auto-away', 'kim.auto@example.net', 'auto-reply', 'away', '', false],
  ['auto-away-german', 'kim.auto@example.net', 'auto-reply', 'away', '', false],
  ['auto-away-dutch', 'kim.auto@example.net', 'auto-reply', 'away', '', false],
  ['auto-away-norwegian', 'kim.auto@example.net', 'auto-reply', 'away', '', false],
  ['auto-away-disguised', 'kim.auto@example.net', 'auto-reply', 'away', '', false],
  ['auto-left-company', 'kim.auto@example.net', 'auto-reply', 'away', '', false],
  ['auto-away-full-words', 'kim.auto@example.net', 'auto-reply', 'away', '', false],
  ['auto-ticket', 'kim.auto@example.net', 'auto-reply', 'automatic', '', false],
  ['auto-challenge', 'kim.auto@example.net', 'auto-reply', 'challenge', '', false],
  ['read-receipt', 'kim.auto@example.net', 'auto-reply', 'receipt', '', false],
  ['ironport-unknown', 'kim.iron@example.net', 'hard', 'no_such_address', '5.1.0', false],
  ['ironport-spam', 'kim.iron2@example.net', 'soft', 'blocked', '5.3.0', false],
  ['mdaemon', 'kim.md@example.net', 'hard', 'no_such_address', '', false],
  ['qmail-rcpthosts', 'kim.rcpt@example.net', 'soft', 'relay', '5.7.1', false],
  ['yahoo-disabled', 'kim.y3@example.net', 'hard', 'disabled', '', false],
  ['outlook-com', 'kim.out@example.net', 'hard', 'no_such_address', '5.5.0', false],
  ['unknown-language', 'kim.fi@example.net', 'hard', 'no_such_address', '5.1.1', false],
  ['temporary-unknown', 'unverified@example.net', 'soft', 'server', '4.1.1', true],
  ['administrative', 'admin@example.net', 'soft', 'policy', '5.0.0', true],
  ['auto-vacation-classic', 'kim.auto@example.net', 'auto-reply', 'away', '', false],
  ['auto-precedence', 'kim.auto@example.net', 'auto-reply', 'automatic', '', false],
  ['person-answers', '', 'other', 'unknown', '', false],
  ['person-asks-about-bounce', '', 'other', 'unknown', '', false],
  ['person-parcel', '', 'other', 'unknown', '', false],
  ['person-paket', '', 'other', 'unknown', '', false],
  ['domino-german', 'kim.domino@example.net', 'hard', 'no_such_address', '', false],
  ['barracuda', 'kim.bar@example.net', 'soft', 'blocked', '', false],
  ['hotmail-attached-report', 'kim.jm@example.net', 'complaint', 'complaint', '', false],
  ['newsletter', '', 'other', 'unknown', '', false],
  ['to-themselves', 'kim.self@example.com', 'soft', 'full', '', false],
  ['charset-unfolded', 'kim.fold@example.net', 'hard', 'no_such_address', '', false],
  ['yahoo-several', 'kim.many@example.net', 'hard', 'no_such_address', '', false],
  ['exchange-several', 'kim.one@example.net', 'hard', 'no_such_address', '', false],
  ['exchange-x400', 'kim.xx@example.net', 'hard', 'no_such_address', '', false],
  ['boundary-unfolded', '0301234567@example.net', 'hard', 'no_such_address', '', false],
  ['arf-boundary-unfolded', 'kim.out2@example.net', 'complaint', 'complaint', '', false],
  ['header-without-type', 'kim.lost@example.net', 'hard', 'no_such_address', '5.1.1', false],
  ['sieve-refused', 'kim.sieve@example.net', 'soft', 'full', '', false],
  ['from-nobody', 'kim.nobody@example.net', 'hard', 'no_such_address', '', false],
  ['mdaemon-user', 'kim.mdu@example.net', 'hard', 'no_such_address', '', false],
  ['gateway-delay', 'kim.gate@example.net', 'soft', 'delayed', '', false],
  ['gateway-code', 'kim.code@example.net', 'hard', 'no_such_address', '', false],
  ['gateway-in-two-languages', 'kim.two.lang@example.net', 'soft', 'full', '', false],
  ['notes-japanese', 'kim.jp@example.net', 'hard', 'no_such_address', '', false],
  ['chinese', 'kim.cn@example.net', 'soft', 'full', '', false],
  ['report-with-footer', 'kim.foot@example.net', 'hard', 'no_such_address', '5.1.1', true],
  ['refused-by-preference', 'kim.pref@example.net', 'soft', 'restricted', '5.1.1', false],
  ['auto-from-nobody', 'kim.auto@example.net', 'auto-reply', 'automatic', '', false],
  ['auto-mailbox-rule', 'kim.auto@example.net', 'auto-reply', 'automatic', '', false],
  ['auto-holiday-without-sign', 'kim.auto@example.net', 'auto-reply', 'away', '', false],
  ['person-on-holiday', '', 'other', 'unknown', '', false],
  ['person-about-holidays', '', 'other', 'unknown', '', false],
  ['person-asks-to-confirm', '', 'other', 'unknown', '', false],
  ['person-pays', '', 'other', 'unknown', '', false],
  ['exchange-dutch', 'p.jansen@example.net', 'hard', 'no_such_address', '', false],
  ['only-subject', 'eva@example.net', 'soft', 'full', '', false],
  ['wrong-charset', 'eva@example.net', 'soft', 'full', '', false],
  ['complaint-beside-message', 'jane@example.net', 'complaint', 'complaint', '', false],
  ['t-online-our-server', 'kim.tonline@example.net', 'soft', 'blocked', '4.0.0', false],
  ['gmx-our-server', 'kim.ptr@example.net', 'soft', 'authentication', '5.0.0', false],
  ['yahoo-our-server', 'kim.tss@example.net', 'soft', 'policy', '5.7.0', false],
];

describe('what servers write', () => {
  test('the table names every file', () => {
    const files = readdirSync(folder).map((file) => file.replace(/\.eml$/, ''));
    expect(EXPECTED.map(([name]) => name).toSorted()).toEqual(files.toSorted());
  });

  test.each(EXPECTED)('%s', async (name, recipient, kind, cause, status, ours) => {
    const reading = await readReturned(bytesOf(name));
    expect({ ...reading, text: '', sender: '', subject: '' }).toMatchObject({ recipient, kind, cause, status });
    expect(reading.token).toBe(ours ? TOKEN : '');
  });

  test.each(EXPECTED)('%s, with the line ends of the wire', async (name, recipient, kind, cause, status) => {
    const wire = Buffer.from(bytesOf(name).toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
    expect(await readReturned(wire)).toMatchObject({ recipient, kind, cause, status });
  });

  test.each(EXPECTED)('%s, with the line ends of old programs', async (name, recipient, kind, cause, status) => {
    const old = Buffer.from(bytesOf(name).toString('latin1').replaceAll('\n', '\r'), 'latin1');
    expect(await readReturned(old)).toMatchObject({ recipient, kind, cause, status });
  });

  test('where nobody gave a code, the reply of the server is told', async () => {
    const replies = ['gateway-code', 'boundary-unfolded', 'postfix-user-unknown', 'exchange-several'].map(
      async (name) => (await readReturned(bytesOf(name))).reply,
    );
    expect(await Promise.all(replies)).toEqual(['550', '550', undefined, undefined]);
  });

  test('the message that came back is named where the report returns or answers it', async () => {
    for (const name of [
      'postfix-user-unknown',
      'qmail',
      'gmx',
      't-online',
      'arf-abuse',
      'auto-away',
      'exchange-german',
    ]) {
      expect((await readReturned(bytesOf(name))).messageId).toBe(ID);
    }
  });

  test('a report about several recipients tells of each, the worst first', async () => {
    const { recipient, others } = await readReturned(bytesOf('several-recipients'));
    expect([recipient, ...others.map((each) => `${each.recipient} ${each.kind} ${each.cause}`)]).toEqual([
      'two@example.net',
      'one@example.net soft delayed',
      'three@example.net other delivered',
    ]);
    const yahoo = await readReturned(bytesOf('yahoo-several'));
    expect(yahoo.others.map((each) => `${each.recipient} ${each.kind} ${each.cause}`)).toEqual([
      'anna.many@example.net hard disabled',
      'otto.many@example.net soft full',
    ]);
    const exchange = await readReturned(bytesOf('exchange-several'));
    expect(exchange.others.map((each) => each.recipient)).toEqual(['kim.two@example.net']);
    const qmail = await readReturned(bytesOf('qmail-local'));
    expect(qmail.others).toEqual([
      { recipient: 'anna.local@example.net', kind: 'soft', cause: 'full', status: '5.2.2' },
    ]);
  });
});

describe('whatever comes', () => {
  const some = { numRuns: 300 };

  test('no bytes make it throw, and what it says is of its kinds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        const { kind, cause, status } = await readReturned(bytes);
        expect(['hard', 'soft', 'complaint', 'auto-reply', 'other']).toContain(kind);
        expect(CAUSES).toContain(cause);
        expect(status).toMatch(/^([245]\.\d{1,3}\.\d{1,3})?$/);
      }),
      some,
    );
  });

  test('nor does a real message with bytes lost, doubled or changed', async () => {
    const names = EXPECTED.map(([name]) => name);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.nat(4000),
        fc.nat(400),
        fc.uint8Array({ maxLength: 40 }),
        async (name, at, length, put) => {
          const whole = bytesOf(name);
          const from = Math.min(at, whole.length);
          const broken = Buffer.concat([whole.subarray(0, from), put, whole.subarray(from + length)]);
          expect((await readReturned(broken)).kind).toBeDefined();
        },
      ),
      some,
    );
  });

  test('the class of the code decides: a 4 is never for good', () => {
    fc.assert(
      fc.property(fc.nat(7), fc.nat(999), fc.string({ maxLength: 200 }), (subject, detail, words) => {
        const status = `4.${subject}.${detail}`;
        expect(isHard(causeOf(status, words), '4', words)).toBe(false);
      }),
    );
  });

  test.each([
    ['blocked', '5.0.0', '554 192.0.2.1 found on one or more DNSBLs, see https://example.net/'],
    ['blocked', '5.0.0', '554 DT:SPM 163 smtp12,xxx http://mail.example.net/help_spam_16.htm'],
    ['blocked', '5.0.0', '554 IP=192.0.2.9 - A problem occurred. (Ask your postmaster for help.)'],
    ['blocked', '5.2.1', '521 5.2.1 : (RLY:B1) https://postmaster.example.net/error-codes'],
    ['authentication', '5.0.0', '554 Reverse DNS lookup failed for host 192.0.2.1'],
    ['authentication', '5.0.0', '554-No SMTP service 554-Bad DNS PTR resource record.'],
    ['authentication', '5.0.0', '554-No SMTP service 554 invalid DNS MX or A/AAAA resource record'],
    ['authentication', '4.7.25', '450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]'],
    ['our_address', '5.0.0', '550-Requested action not taken: mailbox unavailable 550 Sender address is not allowed.'],
    ['our_address', '5.0.0', '550 Verification failed 550 Previous (cached) callout verification failure'],
    ['policy', '5.2.0', '550 5.2.0 Mail rejete. Mail rejected. OFR_506 [506]'],
    ['policy', '5.5.2', '504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname'],
  ])('what is wrong with us is never held against an address: %s, %s %s', (cause, status, words) => {
    expect(causeOf(status, words)).toBe(cause);
    expect(isHard(causeOf(status, words), '5', words)).toBe(false);
  });

  test('a 5.1 without a sentence is a bad address, a 5.7 never', () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 10), fc.nat(999), (address, policy) => {
        expect(isHard(causeOf(`5.1.${address}`, ''), '5', '')).toBe(true);
        if (policy !== 17 && policy !== 18) expect(isHard(causeOf(`5.7.${policy}`, ''), '5', '')).toBe(false);
      }),
    );
  });

  test.each([
    ['ten megabytes of one line', () => Buffer.alloc(10_000_000, 'a')],
    ['ten megabytes of empty lines', () => Buffer.alloc(10_000_000, '\n')],
    ['ten megabytes of NUL', () => Buffer.alloc(10_000_000)],
    ['a header without end', () => Buffer.from(`Subject: ${'undeliverable '.repeat(60_000)}`)],
    ['a thousand nested parts', () => nested(1000)],
    [
      'many half addresses',
      () => Buffer.from(`From: MAILER-DAEMON@a.example\nSubject: failure notice\n\n${'a@'.repeat(300_000)}`),
    ],
    [
      'many signs',
      () => Buffer.from(`From: MAILER-DAEMON@a.example\nSubject: failure notice\n\n${'<'.repeat(600_000)}`),
    ],
    [
      'many words',
      () =>
        Buffer.from(
          `From: MAILER-DAEMON@a.example\nSubject: failure notice\n\n${'mailbox user account '.repeat(30_000)}`,
        ),
    ],
    [
      'much white space',
      () => Buffer.from(`From: MAILER-DAEMON@a.example\nSubject: failure notice\n\nto:${' '.repeat(600_000)}x`),
    ],
    [
      'much markup',
      () =>
        Buffer.from(
          `From: MAILER-DAEMON@a.example\nContent-Type: text/html\nSubject: failure notice\n\n${'<style><br '.repeat(60_000)}`,
        ),
    ],
    ['a report of very many', () => Buffer.from(reportOf(20_000))],
  ])('%s are read to their end', async (_, make) => {
    // Work that grew with the square of their size would outlast the test's own limit many times over.
    expect(await readReturned(make())).toBeDefined();
  });
});

function nested(depth: number): Buffer {
  const parts = Array.from({ length: depth }, (_, i) => `Content-Type: multipart/mixed; boundary="b${i}"\n\n--b${i}\n`);
  return Buffer.from(`MIME-Version: 1.0\n${parts.join('')}`);
}

function reportOf(count: number): string {
  const recipients = Array.from(
    { length: count },
    (_, i) => `Final-Recipient: rfc822; r${i}@example.net\nAction: failed\nStatus: 5.1.1\n`,
  );
  return `From: MAILER-DAEMON@a.example\nContent-Type: multipart/report; boundary="b"\n\n--b\nContent-Type: message/delivery-status\n\n${recipients.join('\n')}\n--b--\n`;
}
