/**
 * What the pages that managers and staff read cost, with a thousandth, a tenth and all of a million answers: 100,000
 * customers, all of whom left, two responses each with five answers, three in ten of them read by the engine. Bare: the one
 * grouped read of the report's index. Run as `bench leaving CUSTOMERS` for one size, `bench leaving CUSTOMERS leaving` for the
 * pages of the report alone, `bench leaving CUSTOMERS leaving postgres` for the same in a PostgreSQL database.
 */
import { startCluster } from '../test/support/cluster.ts';
import { openDatabase } from '../src/storage/sqlite.ts';
import { fill } from './leaving-data.ts';
import { median, temporary } from './measure.ts';
import { copied } from './on-postgres.ts';
import { listening, opened, signedIn, timesOf } from './reading-server.ts';

const SIZES = process.argv[3] ? [Number(process.argv[3])] : [100, 10_000, 100_000];
const ON_POSTGRES = process.argv[5] === 'postgres';
const ROUNDS = 7;

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
  '/leaving?period=all&segment=seg0&country=DE',
  '/leaving?period=all&country=DE&value=200_to_1000',
  '/leaving/trend.csv',
  '/leaving/by/segment',
  '/leaving/by/tenure',
  '/leaving/by/product',
  '/leaving/by/product?country=DE',
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

const table: Record<string, Record<string, string>> = {};

/** The same data in a PostgreSQL of its own, and the server that reads it. */
async function inPostgres(path: string) {
  const cluster = await startCluster({ durable: true });
  await copied(path, cluster.url('postgres'));
  return { cluster, house: await listening(cluster.url('postgres')) };
}

for (const customers of SIZES) {
  const folder = temporary();
  const path = folder.path('leaving.db');
  const house = await opened(`sqlite:${path}`);
  const db = openDatabase(path);
  const ids = fill(db, customers);
  db.close();
  const start = performance.now();
  await house.app.reports.rebuildLeavers();
  console.log(
    `${customers * 10} answers: leavers brought up to date and summed up from nothing in ${Math.round(performance.now() - start)} ms`,
  );
  await house.app.invitations.work();
  const elsewhere = ON_POSTGRES ? await inPostgres(path) : null;
  const baseUrl = (elsewhere?.house ?? house).baseUrl;
  const cookie = await signedIn(baseUrl);
  const column = `${customers * 10} answers`;
  const wanted = process.argv[4] ?? '';
  for (const page of PAGES.filter((each) => each.startsWith(`/${wanted}`))) {
    const address = baseUrl + page.replace(/\{(\w+)\}/, (_, name: keyof typeof ids) => ids[name]);
    const { times, status } = await timesOf(address, cookie, ROUNDS);
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
  for (const { server, app, storage } of [house, ...(elsewhere ? [elsewhere.house] : [])]) {
    server.close();
    await app.stop();
    await storage.close();
  }
  await elsewhere?.cluster.stop();
  folder.remove();
}
console.log(`\nOne page after another, median of ${ROUNDS}`);
console.table(table);
process.exit(0);
