/**
 * What the pages that managers and staff read cost, with a thousandth, a tenth and all of a million answers: 100,000
 * customers, all of whom left, two responses each with five answers, three in ten of them read by the engine. Bare: the one
 * grouped read of the report's index. Run as `bench leaving CUSTOMERS` for one size, `bench leaving CUSTOMERS leaving` for the
 * pages of the report alone.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { SYSTEM } from '../src/shared/actor.ts';
import { systemClock } from '../src/shared/clock.ts';
import { migrate, openStorage } from '../src/storage/index.ts';
import { openDatabase } from '../src/storage/sqlite.ts';
import { fill } from './leaving-data.ts';
import { median, temporary } from './measure.ts';

const SIZES = process.argv[3] ? [Number(process.argv[3])] : [100, 10_000, 100_000];
const ROUNDS = 7;
const EMAIL = 'reader@example.com';
const PASSWORD = 'a long pass phrase';

const PAGES = [
  '/leaving',
  '/leaving.csv',
  '/leaving?period=all',
  '/leaving?segment=seg3',
  '/leaving?country=DE',
  '/leaving?language=de',
  '/leaving?tenure=1_to_5',
  '/leaving?value=200_to_1000',
  '/leaving?compare=last-year',
  '/leaving?period=all&segment=seg3&country=DE',
  '/leaving/trend.csv',
  '/leaving/by/segment',
  '/leaving/by/tenure',
  '/leaving/by/product',
  '/leaving/reasons/price',
  '/leaving/reasons/price?after=0.9',
  '/customers',
  '/customers?q=nummer+77',
  '/customers?status=left&sort=worth',
  '/customers/{customer}',
  '/customers/{customer}/timeline',
  '/search?q=nummer+77',
  '/search?q=dreimal',
  '/answers/leaving',
  '/answers/leaving?queue=worth',
  '/answers/leaving/{response}/happened',
  '/codebook/leaving',
  '/responses/{response}',
  '/waves',
  '/waves/{wave}',
  '/waves/{wave}/recipients',
  '/waves/{wave}/recipients?progress=completed',
  '/questionnaires',
  '/outbox',
  '/settings/audit',
];

async function opened(customers: number, url: string) {
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
  await app.accounts.createAccount({
    email: EMAIL,
    name: 'Miriam Adler',
    role: 'administrator',
    language: 'en',
    password: PASSWORD,
  });
  const db = openDatabase(url.slice('sqlite:'.length));
  const ids = fill(db, customers);
  db.close();
  return { app, storage, server, baseUrl, ids };
}

/** The cookie of a colleague who has signed in. */
async function signedIn(baseUrl: string): Promise<string> {
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

const table: Record<string, Record<string, string>> = {};

for (const customers of SIZES) {
  const folder = temporary();
  const path = folder.path('leaving.db');
  const { app, storage, server, baseUrl, ids } = await opened(customers, `sqlite:${path}`);
  const start = performance.now();
  await app.reports.rebuildLeavers();
  console.log(
    `${customers * 10} answers: leavers brought up to date and summed up from nothing in ${Math.round(performance.now() - start)} ms`,
  );
  const cookie = await signedIn(baseUrl);
  const column = `${customers * 10} answers`;
  const wanted = process.argv[4] ?? '';
  for (const page of PAGES.filter((each) => each.startsWith(`/${wanted}`))) {
    const address = baseUrl + page.replace(/\{(\w+)\}/, (_, name: keyof typeof ids) => ids[name]);
    const times: number[] = [];
    let status = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const began = performance.now();
      const answer = await fetch(address, { headers: { cookie }, redirect: 'manual' });
      await answer.arrayBuffer();
      status = answer.status;
      times.push(performance.now() - began);
    }
    (table[page] ??= {})[column] = status === 200 ? `${median(times).toFixed(1)} ms` : `status ${status}`;
  }
  const bare = openDatabase(path);
  const grouped = bare.prepare(
    'select knowledge, main_code_id, main_source, count(*), sum(lost_minor) from leaver where left_on >= ? and left_on <= ? group by 1, 2, 3',
  );
  const times = Array.from({ length: ROUNDS }, () => {
    const began = performance.now();
    grouped.all('2000-01-01', '2100-01-01');
    return performance.now() - began;
  });
  (table['bare: one grouped read'] ??= {})[column] = `${median(times).toFixed(1)} ms`;
  bare.close();
  server.close();
  await app.stop();
  await storage.close();
  folder.remove();
}
console.log(`\nOne page after another, median of ${ROUNDS}`);
console.table(table);
process.exit(0);
