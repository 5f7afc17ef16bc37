/**
 * Messages a second to a mail server in another process, bare and ours taking turns. Bare: nodemailer's pool with the
 * same number of connections, given the same letters to as many customers, written before the clock started. Ours:
 * claimed, composed for each customer, sent and accounted for, durably, on SQLite.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import type { App } from '../src/app.ts';
import { plainText } from '../src/invitations/letter.ts';
import { mailOptions } from '../src/mailer/transport.ts';
import type { Storage } from '../src/storage/index.ts';
import { median, temporary } from './measure.ts';
import {
  addCustomers,
  draftWave,
  FROM,
  openHouse,
  readyToSend,
  startWave,
  type House,
  type Ready,
  type Sink,
} from './sending-house.ts';

const ROUNDS = 5;

/** One way to send: its name and how to send the mails of a round. */
interface Way {
  name: string;
  /** What its rate is compared with. */
  beside?: string;
  send(round: string): Promise<Sent>;
}

interface Sent {
  seconds: number;
  /** Of this process: composing, signing, sending, writing down. */
  cpuMs: number;
}

interface Round extends Sent {
  rate: number;
  bytes: number;
}

async function measured(work: () => Promise<unknown>): Promise<Sent> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - start) / 1000, cpuMs: (user + system) / 1000 };
}

const POOL = { host: '127.0.0.1', pool: true, maxConnections: 5, maxMessages: 1000, ignoreTLS: true } as const;

async function bare(port: number, letters: object[], key?: KeyObject): Promise<Sent> {
  const dkim = key && { domainName: 'example.com', keySelector: 'bench', privateKey: key as unknown as string };
  const pool = createTransport({ ...POOL, port, ...(dkim ? { dkim } : {}) });
  const sent = await measured(() => Promise.all(letters.map((letter) => pool.sendMail(letter))));
  pool.close();
  return sent;
}

async function ours(app: App, count: number): Promise<Sent> {
  return await measured(async () => {
    const { sent } = await app.mailer.sendDue();
    if (sent !== count) throw new Error(`${sent} of ${count} were sent`);
  });
}

/** The letters of a wave as the composer writes them, for the mail library. */
async function lettersFor({ app, storage }: House, ready: Ready, segment: string): Promise<object[]> {
  const wave = await app.invitations.getWave(await draftWave(app, ready, segment));
  const company = await app.accounts.company();
  const letters: object[] = [];
  for (const { id, email, name } of await peopleIn(storage, segment)) {
    const letter = await app.invitations.sampleLetter(wave, 'en', id);
    if (!letter) throw new Error('no letter');
    const message = {
      from: { name: [wave.senderName, company.name].filter(Boolean).join(', ') },
      to: { name, address: email },
      ...(wave.replyTo ? { replyTo: wave.replyTo } : {}),
      subject: letter.subject,
      text: plainText(letter),
      html: String(app.render('mail/invitation', letter, { t: app.texts.in('en'), csrf: '' })),
      language: 'en',
      headers: {
        'List-Unsubscribe': `<${letter.optOut.href}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    };
    letters.push(mailOptions({ message, recipient: email, messageId: `${id}@localhost` }, FROM));
  }
  return letters;
}

async function peopleIn(storage: Storage, segment: string): Promise<{ id: string; email: string; name: string }[]> {
  const query = storage.read.selectFrom('customer').where('segment', '=', segment);
  const rows = await query.select(['id', 'email', 'given_name', 'family_name']).execute();
  return rows.map(({ id, email, given_name, family_name }) => ({ id, email, name: `${given_name} ${family_name}` }));
}

function keyFile(room: { path(name: string): string }, key: KeyObject): string {
  const path = room.path(`${key.asymmetricKeyType}.pem`);
  writeFileSync(path, key.export({ type: 'pkcs8', format: 'pem' }));
  return path;
}

/** Prints the medians. */
export async function compareRates(sink: Sink, count: number): Promise<void> {
  const room = temporary();
  const url = `sqlite:${room.path('rates.db')}`;
  const [rsa, ed25519] = [
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
    generateKeyPairSync('ed25519').privateKey,
  ];
  const houses = {
    unsigned: await openHouse(url, { sinkPort: sink.port }),
    rsa: await openHouse(url, { sinkPort: sink.port, keyFile: keyFile(room, rsa) }),
    ed25519: await openHouse(url, { sinkPort: sink.port, keyFile: keyFile(room, ed25519) }),
  };
  const { app } = houses.unsigned;
  const ready = await readyToSend(app);
  let customers = 0;
  const enrolled = async (segment: string) => {
    await addCustomers(app, segment, count, customers);
    customers += count;
    await startWave(app, ready, segment, 0);
    await app.invitations.work();
  };
  await addCustomers(app, 'bare', count, customers);
  customers += count;
  const letters = await lettersFor(houses.unsigned, ready, 'bare');
  const oursWith = (house: House) => async (round: string) => {
    await enrolled(round);
    return await ours(house.app, count);
  };
  const ways: Way[] = [
    { name: 'bare pool', send: () => bare(sink.port, letters) },
    { name: 'ours', beside: 'bare pool', send: oursWith(houses.unsigned) },
    { name: 'bare pool, DKIM with RSA', send: () => bare(sink.port, letters, rsa) },
    { name: 'ours, DKIM with RSA', beside: 'bare pool, DKIM with RSA', send: oursWith(houses.rsa) },
    { name: 'ours, DKIM with Ed25519', beside: 'bare pool', send: oursWith(houses.ed25519) },
  ];
  print(await takeTurns(ways, sink, count), ways, count);
  for (const house of Object.values(houses)) await house.close();
  room.remove();
}

async function takeTurns(ways: Way[], sink: Sink, count: number): Promise<Map<string, Round[]>> {
  const results = new Map<string, Round[]>(ways.map(({ name }) => [name, []]));
  // The first round only warms up: what counts has been compiled.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { name, send } of ways) {
      const sent = await send(`${name} ${round}`);
      const { messages, bytes } = await sink.taken();
      if (messages !== count) throw new Error(`${messages} of ${count} have arrived`);
      if (round > 0) results.get(name)?.push({ ...sent, rate: count / sent.seconds, bytes: bytes / count });
    }
  }
  return results;
}

function print(results: Map<string, Round[]>, ways: Way[], count: number): void {
  const middle = (name: string, of: (round: Round) => number) => median((results.get(name) ?? []).map(of));
  console.log(`\nMessages a second, ${count} a round, median of ${ROUNDS} rounds in turns`);
  for (const { name, beside } of ways) {
    const rate = `${middle(name, (each) => each.rate)
      .toFixed(0)
      .padStart(5)} a second`;
    const cpu = `${(middle(name, (each) => each.cpuMs) / count).toFixed(2)} ms of CPU each`;
    const size = `${middle(name, (each) => each.bytes).toFixed(0)} bytes`;
    console.log(`  ${name.padEnd(25)} ${rate}, ${cpu}, ${size}${beside ? `: ${shareOf(results, name, beside)}` : ''}`);
  }
}

/** Round by round, so that what else goes on here slows down both. */
function shareOf(results: Map<string, Round[]>, name: string, beside: string): string {
  const bareRounds = results.get(beside) ?? [];
  const shares = (results.get(name) ?? []).map(({ rate }, round) => rate / (bareRounds[round]?.rate ?? NaN));
  return `${(median(shares) * 100).toFixed(0)} % of ${beside}`;
}
