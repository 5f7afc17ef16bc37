/**
 * Invitations a second to a mail server in another process. Bare: nodemailer's pool with the same number of
 * connections, sending messages of the same words that were written before the clock started. Ours: claimed,
 * composed for each customer, sent and accounted for, durably, on SQLite.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { pino } from 'pino';
import { createApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { COMMAND } from '../src/shared/actor.ts';
import { systemClock } from '../src/shared/clock.ts';
import { migrate, openStorage } from '../src/storage/index.ts';
import { leavers, newWave, readyToSend } from '../test/support/waves.ts';
import { median, temporary } from './measure.ts';

const MAILS = Number(process.argv[3] ?? 2000);
const ROUNDS = 3;
const FROM = 'house@example.com';

async function startSink(): Promise<{ port: number; sink: ChildProcess }> {
  const sink = spawn(process.execPath, [join(import.meta.dirname, 'smtp-sink.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((ready) => sink.stdout?.once('data', (text) => ready(Number(text))));
  return { port, sink };
}

interface Letter {
  to: string;
  subject: string;
  text: string;
  html: string;
}

async function bare(port: number, letter: Letter): Promise<number> {
  const pool = createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: 5,
    maxMessages: 1000,
    ignoreTLS: true,
  });
  const send = (i: number) => {
    const to = `bare${i}@example.com`;
    const headers = {
      'List-Unsubscribe': '<https://example.com/u/x>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    };
    return pool.sendMail({
      ...letter,
      to,
      from: FROM,
      envelope: { from: FROM, to },
      messageId: `<${i}@example.com>`,
      headers,
    });
  };
  await Promise.all(Array.from({ length: 50 }, (_, i) => send(i)));
  const start = performance.now();
  await Promise.all(Array.from({ length: MAILS }, (_, i) => send(i)));
  const seconds = (performance.now() - start) / 1000;
  pool.close();
  return MAILS / seconds;
}

async function ours(
  app: App,
  wave: Parameters<typeof newWave>[1],
  round: number,
): Promise<{ enrolled: number; sent: number }> {
  await app.customers.upsertMany(
    COMMAND,
    leavers(MAILS, () => ({ segment: `round ${round}` }), round * MAILS),
  );
  const id = await newWave(app, wave, { audience: { segments: [`round ${round}`] } });
  await app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
  const start = performance.now();
  await app.invitations.work();
  const enrolled = performance.now();
  const { sent } = await app.mailer.sendDue();
  if (sent !== MAILS) throw new Error(`${sent} of ${MAILS} were sent`);
  return { enrolled: (MAILS / (enrolled - start)) * 1000, sent: (MAILS / (performance.now() - enrolled)) * 1000 };
}

async function main(): Promise<void> {
  const { port, sink } = await startSink();
  const room = temporary();
  const databaseUrl = `sqlite:${room.path('bench.db')}`;
  await migrate(databaseUrl);
  const storage = await openStorage(databaseUrl);
  const environment = {
    SMTP_URL: `smtp://127.0.0.1:${port}?ignoreTLS=true`,
    MAIL_FROM: FROM,
    LOG_LEVEL: 'error',
    DATABASE_URL: databaseUrl,
  };
  const config = readConfig(environment);
  const app = createApp({
    config,
    storage,
    clock: systemClock,
    logger: pino({ level: 'error' }),
    secret: new Uint8Array(32),
  });
  await app.prepare();
  const ready = await readyToSend(app);
  const letter = await sampleOf(app, ready);
  const results: { bare: number; enrolled: number; sent: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const limit = await bare(port, letter);
    const mine = await ours(app, ready, round);
    if (round > 0) results.push({ bare: limit, ...mine });
  }
  print(results);
  await app.stop();
  await storage.close();
  room.remove();
  sink.kill();
}

/** The words of one invitation, as the composer writes them. */
async function sampleOf(app: App, ready: Parameters<typeof newWave>[1]): Promise<Letter> {
  const wave = await app.invitations.getWave(await newWave(app, ready));
  const letter = await app.invitations.sampleLetter(wave, 'en', null);
  if (!letter) throw new Error('no letter');
  const lines = [
    letter.greeting,
    ...letter.before,
    letter.button.href,
    ...letter.after,
    ...letter.signature,
    letter.optOut.href,
  ];
  const html = String(app.render('mail/invitation', letter, { t: app.texts.in('en'), csrf: '' }));
  return { to: '', subject: letter.subject, text: lines.join('\n\n'), html };
}

function print(results: { bare: number; enrolled: number; sent: number }[]): void {
  const of = (pick: (each: (typeof results)[number]) => number) => median(results.map(pick));
  const share = of((each) => each.sent / each.bare);
  console.log(`messages a second, ${MAILS} a round, median of ${ROUNDS} rounds`);
  console.log(`  bare pool           ${of((each) => each.bare).toFixed(0)}`);
  console.log(`  ours, accounted for ${of((each) => each.sent).toFixed(0)}  ${(share * 100).toFixed(0)} % of bare`);
  console.log(`customers enrolled a second ${of((each) => each.enrolled).toFixed(0)}`);
}

await main();
