/**
 * `node test/faults/postfix.ts`: a wave through a real Postfix on loopback (Debian's, installed beforehand; to be run
 * as root). Two of five recipients have no mailbox: their delivery reports come back to the signed return path and are
 * taken by `comeback receive-mail`. The signature of what arrived is verified by other software.
 */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { readConfig } from '../../src/config.ts';
import { openApp } from '../../src/open.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { dkimRecord } from '../../src/shared/signing-key.ts';
import { openStorage } from '../../src/storage/index.ts';
import { addressOf, leavers, newWave, readyToSend } from '../support/waves.ts';

const PORT = 2526;
const PEOPLE = 5;
const WITH_MAILBOX = 3;

const root = mkdtempSync(join(tmpdir(), 'comeback-postfix-'));
const at = (...parts: string[]) => join(root, ...parts);

const OWN_SERVICES =
  /^(smtp|pickup|cleanup|qmgr|rewrite|bounce|defer|trace|error|retry|virtual|postlog|anvil|local|proxymap|verify|flush|showq|relay|discard)\b/;

function configure(): void {
  for (const folder of ['etc', 'queue', 'data', 'mail']) mkdirSync(at(folder));
  const { stdout } = spawnSync('id', ['-u', 'postfix'], { encoding: 'utf8' });
  const user = stdout.trim();
  spawnSync('chown', ['postfix', at('data'), at('mail')]);
  spawnSync('chmod', ['755', root]);
  const mailboxes = Array.from({ length: WITH_MAILBOX }, (_, i) => `${addressOf(i)} person${i}/`);
  writeFileSync(at('etc', 'mailboxes'), ['returned@example.com returned/', ...mailboxes, ''].join('\n'));
  const settings = {
    compatibility_level: '3.6',
    queue_directory: at('queue'),
    data_directory: at('data'),
    command_directory: '/usr/sbin',
    daemon_directory: '/usr/lib/postfix/sbin',
    mail_owner: 'postfix',
    setgid_group: 'postdrop',
    maillog_file: at('mail.log'),
    maillog_file_prefixes: root,
    myhostname: 'mail.example.com',
    mydestination: '',
    inet_interfaces: '127.0.0.1',
    mynetworks: '127.0.0.0/8',
    recipient_delimiter: '+',
    virtual_mailbox_domains: 'example.com',
    virtual_mailbox_base: at('mail'),
    virtual_mailbox_maps: `texthash:${at('etc', 'mailboxes')}`,
    virtual_minimum_uid: '1',
    virtual_uid_maps: `static:${user}`,
    virtual_gid_maps: `static:${user}`,
    // Taken first and reported afterwards, as relays do.
    smtpd_reject_unlisted_recipient: 'no',
    alias_maps: '',
  };
  writeFileSync(
    at('etc', 'main.cf'),
    Object.entries(settings)
      .map((each) => `${each.join(' = ')}\n`)
      .join(''),
  );
  const services = readFileSync('/etc/postfix/master.cf', 'utf8')
    .split('\n')
    .filter((line) => OWN_SERVICES.test(line))
    .map((line) => line.replace(/^(\S+\s+\S+\s+\S+\s+\S+\s+)\S+/, '$1n'))
    .map((line) => line.replace(/^smtp(\s+inet)/, `127.0.0.1:${PORT}$1`));
  writeFileSync(at('etc', 'master.cf'), `${services.join('\n')}\n`);
}

async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 300; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resume) => setTimeout(resume, 100));
  }
  throw new Error(`Waited in vain for ${what}`);
}

const listens = () =>
  new Promise<true | undefined>((resolve) => {
    const socket = connect(PORT, '127.0.0.1', () => resolve(true)).once('error', () => resolve(undefined));
    socket.once('connect', () => socket.destroy());
  });

const mailbox = (name: string) => globSync(at('mail', name, 'new', '*')).map((file) => readFileSync(file));

function check(holds: boolean, words: string): void {
  console.log(`  ${holds ? 'holds' : 'BROKEN'}: ${words}`);
  if (!holds) process.exitCode = 1;
}

async function sendWave(environment: Record<string, string>): Promise<void> {
  const { app, close } = await openApp(readConfig(environment));
  const ready = await readyToSend(app);
  await app.customers.upsertMany(COMMAND, leavers(PEOPLE));
  await app.invitations.startWave(COMMAND, await newWave(app, ready), { holdMinutes: 0 });
  const { sent } = await app.runDue();
  check(sent === PEOPLE, `${sent} of ${PEOPLE} messages were taken by Postfix`);
  await app.stop();
  await close();
}

function takeBack(environment: Record<string, string>, message: Buffer): void {
  const command = [join(import.meta.dirname, '../../src/cli.ts'), 'receive-mail'];
  const { status } = spawnSync(process.execPath, command, { input: message, env: { ...process.env, ...environment } });
  check(status === 0, `receive-mail took a report of ${message.length} bytes`);
}

async function main(): Promise<void> {
  configure();
  spawnSync('postfix', ['-c', at('etc'), 'start']);
  try {
    await until('Postfix', listens);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(at('dkim.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const databaseUrl = `sqlite:${at('comeback.db')}`;
    const environment = {
      LOG_LEVEL: 'error',
      DATABASE_URL: databaseUrl,
      SECRET_FILE: at('secret'),
      BASE_URL: 'https://comeback.example.com',
      SMTP_URL: `smtp://127.0.0.1:${PORT}?ignoreTLS=true`,
      MAIL_FROM: 'house@example.com',
      BOUNCE_ADDRESS: 'returned@example.com',
      DKIM_DOMAIN: 'example.com',
      DKIM_SELECTOR: 's1',
      DKIM_KEY_FILE: at('dkim.pem'),
    };
    await sendWave(environment);
    const [arrived = Buffer.of()] = await until('the first mailbox', () => {
      const mails = mailbox('person0');
      return mails.length > 0 ? mails : undefined;
    });
    const { results } = await dkimVerify(arrived, { resolver: async () => [[dkimRecord(privateKey)]] });
    check(results[0]?.status.result === 'pass', 'the signature of what arrived verifies');
    const lost = PEOPLE - WITH_MAILBOX;
    const reports = await until('the reports', () => {
      const mails = mailbox('returned');
      return mails.length === lost ? mails : undefined;
    });
    for (const report of [...reports, ...reports]) takeBack(environment, report);
    const storage = await openStorage(databaseUrl);
    const invitations = await storage.read.selectFrom('invitation').select(['delivery', 'bounced_at']).execute();
    const bounced = invitations.filter(({ bounced_at }) => bounced_at !== null);
    check(bounced.length === lost, `${bounced.length} of ${lost} bounces are noted`);
    check(invitations.filter(({ delivery }) => delivery === 'sent').length === PEOPLE, 'bounced is part of sent');
    const suppressed = await storage.read.selectFrom('suppression').select(['kind']).execute();
    check(suppressed.map(({ kind }) => kind).join() === 'hard,hard', 'both addresses are suppressed, once each');
    await storage.close();
  } catch (error) {
    if (existsSync(at('mail.log'))) console.error(readFileSync(at('mail.log'), 'utf8'));
    throw error;
  } finally {
    spawnSync('postfix', ['-c', at('etc'), 'stop']);
    rmSync(root, { recursive: true, force: true });
  }
}

if (existsSync('/usr/sbin/postfix')) await main();
else console.log('Postfix is not installed: apt-get install postfix');
