/**
 * What the page of satisfaction costs with a hundredth and all of a million answers in words: 100,000 customers, two responses
 * each with five answers; and what it takes to count them from nothing in the background, a day at a time, and how long
 * whoever reads a page meanwhile waits. Run as `bench satisfaction CUSTOMERS` for one size.
 */
import { openDatabase } from '../src/storage/sqlite.ts';
import { median, percentile, temporary } from './measure.ts';
import { opened, signedIn, timesOf } from './reading-server.ts';
import { fillSatisfied } from './satisfaction-data.ts';

const SIZES = process.argv[3] ? [Number(process.argv[3])] : [1000, 100_000];
const ROUNDS = 9;
const EVERY_MS = 200;
const PAGES = [
  '/satisfaction',
  '/satisfaction.csv',
  '/satisfaction?period=all',
  '/satisfaction?period=90d',
  '/satisfaction?compare=last-year',
  '/satisfaction?segment=seg3',
  '/satisfaction?country=DE',
  '/satisfaction?language=de',
  '/satisfaction?segment=seg0&country=DE',
  '/satisfaction?country=DE&language=de',
  '/satisfaction?segment=seg0&country=DE&language=de',
  '/satisfaction/words?part=satisfaction&question=miss&code={code}',
  '/leaving',
];

const FIRST = ['/satisfaction', '/satisfaction?segment=seg0&country=DE', '/satisfaction?country=DE&language=de'];

type House = Awaited<ReturnType<typeof opened>>;

/** Counts everything; @returns seconds, and how long a page took meanwhile. */
async function counted({ app, baseUrl }: House, cookie: string) {
  const waits: number[] = [];
  let done = false;
  const reading = (async () => {
    while (!done) {
      waits.push(...(await timesOf(`${baseUrl}/customers`, cookie, 1)).times);
      await new Promise((go) => setTimeout(go, EVERY_MS));
    }
  })();
  const began = performance.now();
  for (const job of app.insight.satisfaction.jobs) await job();
  const seconds = (performance.now() - began) / 1000;
  done = true;
  await reading;
  return { seconds, waits };
}

/** A page each time after something was counted anew: nothing is remembered. @returns milliseconds, also of this thread's CPU */
async function firstViews({ storage, baseUrl }: House, page: string, cookie: string) {
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const state = { value: `again ${page} ${round}` };
    await storage.transaction((tx) =>
      tx.updateTable('satisfaction_state').set(state).where('name', '=', 'counted').execute(),
    );
    const before = process.threadCpuUsage();
    wall.push(...(await timesOf(baseUrl + page, cookie, 1)).times);
    const { user, system } = process.threadCpuUsage(before);
    cpu.push((user + system) / 1000);
  }
  return { wall, cpu };
}

const table: Record<string, Record<string, string>> = {};

for (const customers of SIZES) {
  const folder = temporary();
  const path = folder.path('satisfaction.db');
  const house = await opened(`sqlite:${path}`);
  const db = openDatabase(path);
  fillSatisfied(db, customers);
  const { id: code } = db
    .prepare(
      `select k.id from code k join codebook b on b.id = k.codebook_id join programme p on p.id = b.programme_id
      where p.key = 'satisfaction' order by k.position limit 1 offset 12`,
    )
    .get() as { id: string };
  db.close();
  const cookie = await signedIn(house.baseUrl);
  const { seconds, waits } = await counted(house, cookie);
  const column = `${customers * 10} answers`;
  const [middle, worst] = [median(waits), percentile(waits, 0.99)].map((ms) => ms.toFixed(0));
  console.log(
    `${column}: counted from nothing in ${seconds.toFixed(1)} s; /customers meanwhile p50 ${middle} p99 ${worst} ms`,
  );
  for (const page of PAGES) {
    const { times, status } = await timesOf(house.baseUrl + page.replace('{code}', code), cookie, ROUNDS);
    (table[page] ??= {})[column] = status === 200 ? `${median(times).toFixed(1)} ms` : `status ${status}`;
  }
  for (const page of FIRST) {
    const { wall, cpu } = await firstViews(house, page, cookie);
    const row = (table[`${page}, first view after a recount`] ??= {});
    row[column] = `${median(wall).toFixed(1)} ms, CPU ${median(cpu).toFixed(1)}`;
  }
  house.server.close();
  await house.app.stop();
  await house.storage.close();
  folder.remove();
}
console.log(`\nOne page after another, median of ${ROUNDS}`);
console.table(table);
process.exit(0);
