import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seeded } from '../../src/coding/engine/random.ts';
import { FIELDS, NAMES } from '../../src/reports/covers-rules.ts';
import { tenureBand, valueBand, type Period } from '../../src/reports/rules.ts';
import { createSums } from '../../src/reports/sums/service.ts';
import { countIn, lostIn } from '../../src/reports/sums/sums.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { testClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';
import { leavers, reference } from '../support/waves.ts';

const PEOPLE = 50;
const STEPS = { sqlite: 40, postgres: 15 };
const SEGMENTS = ['Café', 'Büro', ''];
const ALWAYS = { from: '0001-01-01', to: '2026-10-31' };
/** Another one each time, where nobody has set one. */
const [SEED = 1] = fc.sample(fc.nat(), 1);

onBothEngines((on) => {
  let running: TestApp;
  const random = seeded(SEED);
  const some = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
  const day = (months = ['02', '03', '06', '08']) =>
    `2026-${some(months)}-${String(1 + Math.floor(random() * 28)).padStart(2, '0')}`;
  const someone = () => Math.floor(random() * PEOPLE);

  beforeAll(async () => {
    running = await startApp(on.storage(), { clock: testClock('2026-10-31T10:00:00.000Z') });
    await running.app.customers.upsertMany(COMMAND, leavers(PEOPLE, facts));
    for (let i = 0; i < PEOPLE / 2; i++) await buy();
  });
  afterAll(() => running.close());

  const facts = () => ({
    leftOn: day(),
    segment: some(SEGMENTS),
    country: some(['DE', 'NL']),
    language: some(['de', 'en']),
    customerSince: some(['2019-05-01', '2024-01-01', '2026-01-01', null]),
    yearlyValueMinor: Math.round(random() * 150_000),
  });
  const buy = () =>
    running.app.customers.addPurchases(COMMAND, [
      {
        customerReference: reference(someone()),
        purchasedOn: day(['03', '06', '09', '10']),
        amountMinor: 100 + Math.round(random() * 9_000),
        item: 'Espresso',
        reference: '',
      },
    ]);

  async function mergeTwo(): Promise<void> {
    const two = [someone(), someone()].map((i) => running.app.customers.findByReference(reference(i)));
    const [kept, other] = await Promise.all(two);
    if (!kept || !other || kept.id === other.id) return;
    const seen = { kept: kept.revision, other: other.revision };
    await running.app.merging.merge(COMMAND, { keptId: kept.id, otherId: other.id, seen }, {});
  }

  async function eraseOne(): Promise<void> {
    const found = await running.app.customers.findByReference(reference(someone()));
    if (found) await running.app.privacy.erase(COMMAND, found.id);
  }

  const changes = {
    bought: buy,
    leftAgain: () => running.app.customers.upsertMany(COMMAND, leavers(1, facts, someone())),
    merged: mergeTwo,
    erased: eraseOne,
    summedUp: () => running.app.reports.sumUp(running.app.leases),
    anew: () => running.app.reports.rebuildLeavers(),
  };

  const allReturns = () =>
    on
      .storage()
      .read.selectFrom('customer_return as r')
      .innerJoin('customer as c', 'c.id', 'r.customer_id')
      .leftJoin('winback as w', (join) =>
        join.onRef('w.customer_id', '=', 'r.customer_id').onRef('w.left_on', '=', 'r.left_on'),
      )
      .select(['r.left_on', 'c.segment', 'c.country', 'c.language', 'c.customer_since'])
      .select(['w.worth_minor as then', 'c.worth_minor as now'])
      .execute();
  type Returned = Awaited<ReturnType<typeof allReturns>>[number];

  const recounted = (
    rows: Returned[],
    { from, to }: Period,
    among: Partial<Record<(typeof NAMES)[number], string>>,
  ) => {
    const meant = rows
      .filter(({ left_on }) => from <= left_on && left_on <= to)
      .map((row) => ({ ...row, worth: Number(row.then ?? row.now) }))
      .map((row) => ({
        ...row,
        tenure_band: tenureBand(row.customer_since, row.left_on),
        value_band: valueBand(row.worth, 'EUR'),
      }))
      .filter((row) => NAMES.every((name) => among[name] === undefined || row[FIELDS[name]] === among[name]));
    const sum = (of: (worth: number) => number) => meant.reduce((total, { worth }) => total + of(worth), 0);
    return { count: meant.length, lost: sum((worth) => worth), squares: sum((worth) => worth * worth) };
  };

  test(`whatever changes, those who came back are summed up as one by one they are (seed ${SEED})`, async () => {
    const filters = [
      {},
      { segment: 'Café' },
      { segment: '' },
      { country: 'DE', language: 'de' },
      { tenureBand: 'over_5' },
      { valueBand: '200_to_1000', segment: 'Büro' },
    ];
    const periods: Period[] = [
      ALWAYS,
      { from: '2026-02-10', to: '2026-06-20' },
      { from: '2026-06-03', to: '2026-08-15' },
    ];
    const sums = createSums({
      storage: on.storage(),
      clock: running.clock,
      company: () => running.app.accounts.company(),
    });
    let most = 0;
    for (let step = 0; step < STEPS[on.engine]; step++) {
      const name = some(Object.keys(changes) as (keyof typeof changes)[]);
      await changes[name]();
      if (random() < 0.4) await changes.summedUp();
      const rows = await allReturns();
      most = Math.max(most, rows.length);
      for (const among of filters) {
        const kept = await sums.returned(among, periods, 'EUR');
        expect([
          step,
          name,
          among,
          kept.map((each) => ({ count: countIn(each), lost: lostIn(each), squares: each.squares })),
        ]).toEqual([step, name, among, periods.map((period) => recounted(rows, period, among))]);
      }
    }
    expect(most).toBeGreaterThan(5);
  });

  test('once summed up, nobody is read one by one', async () => {
    await changes.summedUp();
    const { months, stale } = await createSums({
      storage: on.storage(),
      clock: running.clock,
      company: () => running.app.accounts.company(),
    }).summed(ALWAYS);
    const days = (await allReturns()).map(({ left_on }) => left_on);
    expect(days.filter((each) => !months.has(each.slice(0, 7)))).toEqual([]);
    expect([...stale]).toEqual([]);
  });
});
