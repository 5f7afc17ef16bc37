/** What the parts of `bench -- sending` stand on: a mail server, a business with customers, a wave that has been started. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { COMMAND } from '../src/shared/actor.ts';
import { systemClock } from '../src/shared/clock.ts';
import { migrate, openStorage, type Storage } from '../src/storage/index.ts';
import { leavers, newWave, readyToSend } from '../test/support/waves.ts';

export const FROM = 'house@example.com';

export interface Sink {
  port: number;
  /** What it has taken since it was asked last. */
  taken(): Promise<{ messages: number; bytes: number }>;
  stop(): void;
}

export async function startSink(): Promise<Sink> {
  const sink = fork(join(import.meta.dirname, 'smtp-sink.ts'));
  const said = <T>() => new Promise<T>((heard) => sink.once('message', (words) => heard(words as T)));
  const port = await said<number>();
  const taken = () => {
    const answer = said<{ messages: number; bytes: number }>();
    sink.send('?');
    return answer;
  };
  return { port, taken, stop: () => sink.kill() };
}

export interface House {
  app: App;
  storage: Storage;
  close(): Promise<void>;
}

interface HouseOptions {
  sinkPort: number;
  baseUrl?: string;
  /** With what messages are signed. */
  keyFile?: string;
}

export async function openHouse(databaseUrl: string, options: HouseOptions): Promise<House> {
  await migrate(databaseUrl);
  const storage = await openStorage(databaseUrl);
  const dkim = { DKIM_DOMAIN: 'example.com', DKIM_SELECTOR: 'bench', DKIM_KEY_FILE: options.keyFile };
  const config = readConfig({
    SMTP_URL: `smtp://127.0.0.1:${options.sinkPort}?ignoreTLS=true`,
    MAIL_FROM: FROM,
    LOG_LEVEL: 'error',
    DATABASE_URL: databaseUrl,
    ...(options.baseUrl ? { BASE_URL: options.baseUrl } : {}),
    ...(options.keyFile ? dkim : {}),
  });
  const logger = pino({ level: 'error' });
  const app = createApp({ config, storage, clock: systemClock, logger, secret: new Uint8Array(32).fill(7) });
  await app.prepare();
  return { app, storage, close: () => app.stop().then(() => storage.close()) };
}

export type Ready = Awaited<ReturnType<typeof readyToSend>>;
export { readyToSend };

const AT_ONCE = 1000;

/** Customers of one segment, who all left and may all be written to. */
export async function addCustomers(app: App, segment: string, count: number, from: number): Promise<void> {
  for (let i = 0; i < count; i += AT_ONCE) {
    const rows = leavers(Math.min(AT_ONCE, count - i), () => ({ segment }), from + i);
    await app.customers.upsertMany(COMMAND, rows);
  }
}

/** A wave for those of a segment, not begun. */
export const draftWave = (app: App, ready: Ready, segment: string): Promise<string> =>
  newWave(app, ready, { name: segment, audience: { segments: [segment] } });

/** A wave for a segment, begun: its customers are enrolled by `invitations.work`. */
export async function startWave(app: App, ready: Ready, segment: string, holdMinutes: number): Promise<string> {
  const id = await draftWave(app, ready, segment);
  await app.invitations.startWave(COMMAND, id, { holdMinutes });
  return id;
}
