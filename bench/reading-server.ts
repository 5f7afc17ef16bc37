import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { SYSTEM } from '../src/shared/actor.ts';
import { systemClock } from '../src/shared/clock.ts';
import { migrate, openStorage } from '../src/storage/index.ts';

const EMAIL = 'reader@example.com';
const PASSWORD = 'a long pass phrase';

/** An empty Comeback that listens, with an administrator to read its pages. */
export async function opened(url: string) {
  const house = await listening(url);
  await house.app.accounts.createAccount({
    email: EMAIL,
    name: 'Miriam Adler',
    role: 'administrator',
    language: 'en',
    password: PASSWORD,
  });
  return house;
}

/** A Comeback that listens, with whatever its database holds. */
export async function listening(url: string) {
  await migrate(url);
  const storage = await openStorage(url);
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = readConfig({ LOG_LEVEL: 'error', BASE_URL: baseUrl });
  const secret = new Uint8Array(32).fill(7);
  const app = createApp({ config, storage, clock: systemClock, logger: pino({ level: 'error' }), secret });
  server.on('request', app.handler);
  await app.prepare();
  await app.questionnaires.approveAll(SYSTEM);
  return { app, storage, server, baseUrl };
}

/** The cookie of a colleague who has signed in. */
export async function signedIn(baseUrl: string): Promise<string> {
  const form = await fetch(`${baseUrl}/sign-in`);
  const token = /name="csrf" value="([^"]+)"/.exec(await form.text())?.[1] ?? '';
  const cookie = form.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const sent = await fetch(`${baseUrl}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, origin: baseUrl },
    body: new URLSearchParams({ csrf: token, email: EMAIL, password: PASSWORD }),
  });
  const own = sent.headers.getSetCookie()[0]?.split(';')[0];
  if (!own) throw new Error(`Signing in was answered with ${sent.status}`);
  return own;
}

/** Milliseconds of one reading after another, and how the last was answered. */
export async function timesOf(address: string, cookie: string, rounds: number) {
  const times: number[] = [];
  let status = 0;
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    const answer = await fetch(address, { headers: { cookie }, redirect: 'manual' });
    await answer.arrayBuffer();
    status = answer.status;
    times.push(performance.now() - began);
  }
  return { times, status };
}
