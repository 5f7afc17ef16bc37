import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { pino } from 'pino';
import { ConfigError, readConfig } from '../../src/config.ts';
import { createMailer, type Mailer, type Message } from '../../src/mailer/index.ts';
import { dkimRecord } from '../../src/shared/signing-key.ts';
import { testClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';
import { startSmtp, type SmtpServer } from '../support/smtp.ts';

const KEYS = {
  RSA: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  Ed25519: () => generateKeyPairSync('ed25519').privateKey,
};
const WAY_OUT = {
  'List-Unsubscribe': '<https://comeback.example.com/u/token>',
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
};

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'comeback-keys-'))));
afterAll(() => rm(folder, { recursive: true }));

const settingsFor = (pem: string | Buffer) => {
  const file = join(folder, 'key.pem');
  writeFileSync(file, pem);
  return { DKIM_DOMAIN: 'example.com', DKIM_SELECTOR: 's1', DKIM_KEY_FILE: file };
};
const pemOf = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' });

onBothEngines((on) => {
  let smtp: SmtpServer;
  let mailer: Mailer;
  beforeAll(async () => void (smtp = await startSmtp()));
  afterEach(() => mailer.stop());
  afterAll(() => smtp.close());

  const letter = (text: string): Message => ({
    from: { name: 'Miriam Adler, Hollerbäch' },
    to: { name: 'Kim', address: 'kim@example.com' },
    replyTo: 'miriam@example.com',
    subject: 'Wie war es bei uns? Größe, 数, 😀 und noch viel mehr, damit die Zeile gefaltet werden muss',
    text,
    html: `<p>${text}</p>`,
    language: 'de',
    headers: WAY_OUT,
  });

  async function sentWith(key: KeyObject, text: string): Promise<string> {
    const { dkim } = readConfig(settingsFor(pemOf(key)));
    mailer = createMailer({
      storage: on.storage(),
      clock: testClock(),
      logger: pino({ level: 'silent' }),
      baseUrl: 'https://comeback.example.com',
      mailSettings: async () => ({ url: smtp.url, from: 'house@example.com' }),
      dkim,
    });
    mailer.register('letter', async (mails) => new Map(mails.map(({ mailId }) => [mailId, letter(text)])));
    await on.storage().transaction((tx) => mailer.enqueue(tx, [{ kind: 'letter', subjectId: 'x' }]));
    expect(await mailer.sendDue()).toMatchObject({ sent: 1 });
    return smtp.received.at(-1)?.source ?? '';
  }

  async function verified(source: string, key: KeyObject) {
    const resolver = async (name: string) => {
      expect(name).toBe('s1._domainkey.example.com');
      return [[dkimRecord(key)]];
    };
    const { results } = await dkimVerify(Buffer.from(source, 'latin1'), { resolver });
    return results.map(({ status, signingHeaders }) => ({
      result: status.result,
      covers: signingHeaders?.keys.toLowerCase().split(': ') ?? [],
    }));
  }

  describe.each(Object.keys(KEYS) as (keyof typeof KEYS)[])('a message signed with %s', (kind) => {
    test('is known for ours by other software, both headers of the way out covered', async () => {
      const key = KEYS[kind]();
      for (const text of ['Guten Tag', '.\r\n..\r\n trailing  \t \r\n\r\n\r\n', `${'long '.repeat(400)}ß`]) {
        const source = await sentWith(key, text);
        const [signature, ...more] = await verified(source, key);
        expect(more).toEqual([]);
        expect(signature?.result).toBe('pass');
        expect(signature?.covers).toEqual(
          expect.arrayContaining(['from', 'to', 'subject', 'list-unsubscribe', 'list-unsubscribe-post']),
        );
        const changed = source.replace('List-Unsubscribe=One-Click', 'List-Unsubscribe=Other');
        expect((await verified(changed, key))[0]?.result).not.toBe('pass');
        expect((await verified(source, KEYS[kind]()))[0]?.result).not.toBe('pass');
        await mailer.stop();
      }
    });
  });
});

describe('a key that cannot sign is refused at start', () => {
  const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const locked = generateKeyPairSync('ed25519').privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  });
  test.each([
    ['a public one', EC.publicKey.export({ type: 'spki', format: 'pem' }), 'no private key'],
    ['an elliptic curve that mail does not know', pemOf(EC.privateKey), 'not ec'],
    ['one that agrees on secrets', pemOf(generateKeyPairSync('x25519').privateKey), 'not x25519'],
    ['a short one', pemOf(generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey), 'at least 1024 bits'],
    ['a locked one', locked, 'locked by a password'],
    ['something else', 'hello', 'no private key'],
  ])('%s', (_, pem, words) => {
    expect(() => readConfig(settingsFor(pem))).toThrow(words);
  });

  test('a file that is not there, with everything else that is wrong', () => {
    const settings = { ...settingsFor(''), DKIM_KEY_FILE: join(folder, 'none.pem'), PORT: 'x' };
    expect(() => readConfig(settings)).toThrow(/PORT[^]*DKIM_KEY_FILE: cannot be read/);
    expect(() => readConfig(settings)).toThrow(ConfigError);
  });
});
