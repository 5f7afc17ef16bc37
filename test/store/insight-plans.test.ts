import { expect, test } from '@jest/globals';
import pg from 'pg';
import { MEASURES } from '../../src/retention/index.ts';
import { colleague, COMMAND } from '../../src/shared/actor.ts';
import { openStorage } from '../../src/storage/index.ts';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { testClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';
import { listenToPostgres, listenToQueries, scansInPostgres, scansOf } from '../support/plans.ts';
import { leavers, reference } from '../support/waves.ts';

const NOW = '2026-11-10T08:05:00.000Z';
const WORDS = { en: { title: 'Fewer leave', words: 'We ring them up.', said: 'Too dear', did: 'We keep the price.' } };

onBothEngines((on) => {
  test('goals, policies, winning back, retention, the month, value and risk read no whole table that grows', async () => {
    const clock = testClock(NOW);
    const first = await startApp(on.storage(), { clock });
    const pages = await prepare(first);
    await first.close();
    // A second process has nothing in mind and no query prepared.
    const heard = on.engine === 'sqlite' ? listenToQueries() : listenToPostgres();
    const again = await openStorage(on.url());
    const app = await startApp(again, { clock });
    const manager = await app.signIn('manager', 'Somebody else');
    heard.clear();
    for (const page of pages) expect([page, (await manager.get(page)).status]).toEqual([page, 200]);
    expect(heard.size).toBeGreaterThan(45);
    const unserved = `select id from customer where given_name = ${on.engine === 'sqlite' ? '?' : '$1'}`;
    heard.add(unserved);
    const scans = on.engine === 'sqlite' ? inSqlite(again as SqliteStorage, heard) : await inPostgres(on.url(), heard);
    expect(scans.map(({ query }) => query)).toEqual([unserved]);
    await app.close();
    await again.close();
  });
});

/** A goal for each measure, a policy, somebody who left and is back: every query of the pages is asked. @returns the pages */
async function prepare({ app, signIn }: TestApp): Promise<string[]> {
  const { accountId: ownerId } = await signIn('manager', 'Carla Dahl');
  const { customers, insight, retention, questionnaires, coding } = app;
  await customers.upsertMany(
    COMMAND,
    leavers(2, () => ({ segment: 'Office', leftOn: '2026-10-05' })),
  );
  await customers.addPurchases(COMMAND, [
    { customerReference: reference(1), purchasedOn: '2026-10-20', amountMinor: 2000, item: 'Espresso', reference: '' },
  ]);
  const text = { texts: WORDS, ownerId };
  const aim = { ...text, dueOn: '2027-12-31', direction: 'up', target: 2_000_000_00 } as const;
  for (const measure of MEASURES) await retention.goals.create(colleague(ownerId), { ...aim, measure });
  const leaving = (await questionnaires.programmes()).find(({ key }) => key === 'leaving');
  const codeId = (await coding.codebook(leaving?.id ?? ''))?.codes.find(({ key }) => key === 'price')?.id ?? '';
  const policy = await retention.policies.create(colleague(ownerId), { ...text, codeId, inForceOn: '2026-10-01' });
  for (const { jobs } of [insight.value, insight.effect, insight.survival]) for (const job of jobs) await job();
  const [goal] = await retention.goals.list();
  return [
    ...['/goals', `/goals/${goal?.id}`, '/goals.csv', '/policies', `/policies/${policy}`, '/policies.csv'],
    ...['/winning-back', '/winning-back?period=all', '/winning-back.csv'],
    ...['/retention', '/retention?a=segment:Office', '/retention?a=language:en&b=language:de', '/retention.csv'],
    ...['/summary', '/summary?month=2026-11', '/summary.csv', '/value', '/value/customers', '/value.csv'],
    ...['/risk', '/risk?segment=Office&kind=silence', '/risk/record', '/risk.csv', '/risk/calls'],
  ];
}

function inSqlite({ writer }: SqliteStorage, queries: Set<string>) {
  return [...queries].flatMap((query) => scansOf(writer, query).map((step) => ({ step, query })));
}

async function inPostgres(url: string, queries: Set<string>) {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await scansInPostgres(client, queries);
  } finally {
    await client.end();
  }
}
