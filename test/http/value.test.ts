import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { seeded } from '../../src/coding/engine/random.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { addDays } from '../../src/shared/dates.ts';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { barsSaid, partsOf } from '../support/page-parts.ts';
import { listenToQueries, scansOf } from '../support/plans.ts';
import { simulateBuyers } from '../support/simulated-buyers.ts';
import { leavers, reference } from '../support/waves.ts';

const TODAY = '2026-11-10';
const BUYERS = 260;
const LEFT = 40;
const TYPED = 10;
const ALL = BUYERS + LEFT + TYPED;

onBothEngines((on) => {
  let running: TestApp;
  let boss: Person;
  let token: string;

  const value = () => running.app.insight.value;
  const work = () => Promise.all(value().jobs.map((job) => job()));
  const models = async () => await on.storage().read.selectFrom('value_model').selectAll().orderBy('id').execute();
  const values = async () => await on.storage().read.selectFrom('customer_value').selectAll().execute();
  const idOf = async (i: number) =>
    (
      await on
        .storage()
        .read.selectFrom('customer')
        .select('id')
        .where('reference', '=', reference(i))
        .executeTakeFirstOrThrow()
    ).id;
  const api = async (path: string) =>
    JSON.parse(
      (await running.visitor().agent.get(`/api/v1${path}`).set('Authorization', `Bearer ${token}`)).text,
    ) as never;

  /** Purchases of the first customers, as the models would have them, each day's once. */
  async function buy(count: number): Promise<void> {
    const made = simulateBuyers(count, { r: 2, alpha: 60, a: 0.7, b: 8, p: 6, q: 4, gamma: 1500 }, seeded(7));
    const random = seeded(8);
    const rows = made.frequency.flatMap((x, i) => {
      const moments = Array.from({ length: x }, (_, k) => made.recency[i]! * (k + 1 === x ? 1 : random()));
      const from = addDays(TODAY, -Math.ceil(made.age[i]!));
      return Array.from({ length: x + 1 }, (_, k) => ({
        customerReference: reference(i),
        reference: '',
        purchasedOn: addDays(from, k === 0 ? 0 : Math.ceil(moments[k - 1]!)),
        amountMinor: Math.max(100, Math.round(made.mean[i]! * (k % 2 ? 1.1 : 0.9))),
        item: '',
      }));
    });
    for (let at = 0; at < rows.length; at += 500)
      await running.app.customers.addPurchases(COMMAND, rows.slice(at, at + 500));
  }

  beforeAll(async () => {
    running = await startApp(on.storage());
    boss = await running.signIn('manager', 'Carla Dahl');
    token = (await running.app.accounts.createToken({ name: 'value', role: 'manager' }, COMMAND)).token;
    await work();
    expect(await models()).toEqual([]);
    const rows = leavers(ALL, (i) => ({
      ...(i < BUYERS || i >= BUYERS + LEFT ? { status: 'active' as const, leftOn: null } : {}),
      ...(i >= BUYERS ? { yearlyValueMinor: 30_000 } : {}),
      segment: i % 2 ? 'Café' : 'Büro',
    }));
    for (let at = 0; at < ALL; at += 100) await running.app.customers.upsertMany(COMMAND, rows.slice(at, at + 100));
  });
  afterAll(() => running.close());

  test('before the first night the page says so; without purchases all go by the simple formula, and it says why', async () => {
    expect((await boss.get('/value')).text).toContain('Nobody’s value has been worked out yet.');
    await work();
    expect(await models()).toMatchObject([{ night: TODAY, method: 'formula', reason: 'none', customers: 0 }]);
    const rates = 300 * (1 - LEFT / ALL);
    const each = Math.round((rates / (1.1 - (1 - LEFT / ALL))) * 100);
    const typed = (await values()).filter(({ source }) => source === 'typed');
    expect(typed).toHaveLength(LEFT + TYPED);
    expect(new Set(typed.map((row) => row.lifetime_minor))).toEqual(new Set([each]));
    expect((await boss.get('/value')).text).toContain('No customer has purchases on record');
  });

  test('once a night: not again the same day, again when the night is over, now with a model', async () => {
    await buy(BUYERS);
    await work();
    expect(await models()).toHaveLength(1);
    running.clock.set('2026-11-11T00:30:00.000Z');
    await work();
    expect(await models()).toHaveLength(1);
    running.clock.set('2026-11-11T01:30:00.000Z');
    await Promise.all([work(), work()]);
    boss = await running.signIn('manager', 'Carla Dahl');
    const [, second, ...more] = await models();
    expect(second).toMatchObject({ night: '2026-11-11', method: 'model', reason: '', customers: BUYERS });
    expect(more).toEqual([]);
    const rows = await values();
    expect(rows).toHaveLength(ALL);
    for (const row of rows) {
      if (row.alive !== null) expect(row.alive).toBeLessThanOrEqual(1);
      if (row.source === 'purchases' && row.frequency === 0) expect(row.alive).toBeNull();
      if (row.source === 'purchases') expect(row.expected_year).toBeGreaterThan(0);
    }
    const report = await value().report();
    expect(report.night!.facts.active.count).toBe(BUYERS + TYPED);
    expect(report.night!.facts.bands.reduce((sum, band) => sum + band.count, 0)).toBe(BUYERS + TYPED);
    const active = rows.filter((row) => row.has_left === 0);
    const total = active.reduce((sum, row) => sum + row.lifetime_minor, 0);
    expect(report.night!.facts.bands.reduce((sum, band) => sum + band.sumMinor, 0)).toBe(total);
    expect(report.night!.facts.active.lifetimeMinor).toBe(total);
  });

  test('the same totals on the page, in the file and in the interface; what was lost is lost by reason and by segment', async () => {
    const { lost, leaving } = await value().report();
    expect(lost).toMatchObject({ leavers: LEFT, minor: LEFT * 30_000 });
    const byReason = leaving.reasons.reduce((sum, row) => sum + row.lostMinor, 0) + leaving.unknown.lostMinor;
    expect(byReason).toBe(lost.minor);
    const period = { from: '2025-11-12', to: '2026-11-11' };
    expect(await value().moneyLost(period)).toEqual({
      value: lost.minor,
      low: null,
      high: null,
      base: LEFT,
      unit: 'money',
    });
    expect((await value().moneyLost({ from: '2024-01-01', to: '2024-12-31' })).value).toBeNull();
    const page = (await boss.get('/value')).text;
    expect(page).toContain(`${LEFT} customers left, and €12,000 a year with them.`);
    const file = parse((await boss.get('/value.csv')).text, { columns: true, bom: true }) as Record<string, string>[];
    const sum = (section: string, column: string) =>
      file
        .filter((row) => row.section === section)
        .reduce((all, row) => all + Math.round(Number(row[column]) * 100), 0);
    for (const section of ['lost', 'lost_segment', 'lost_reason'])
      expect(sum(section, 'spend_or_loss_a_year')).toBe(lost.minor);
    const told = (await api('/reports/value')) as {
      lost: { lostMinor: number };
      customers: { active: { lifetimeMinor: number }; parameters: { buying: { r: number } } };
    };
    expect(told.lost.lostMinor).toBe(lost.minor);
    for (const section of ['customers', 'customers_segment', 'customers_tenth'])
      expect([section, sum(section, 'lifetime_value')]).toEqual([section, told.customers.active.lifetimeMinor]);
    expect(told.customers.parameters.buying.r).toBeGreaterThan(0);
    expect(page).toContain('a BG/NBD model, fitted to 260 customers');
    expect([page.includes('class="bars'), barsSaid(page)]).toEqual([true, []]);
    const { listed, headings } = partsOf(page);
    expect([listed.includes('calculator'), listed]).toEqual([true, headings]);
  });

  test('the most valuable come first, each once, over pages, and none who has left', async () => {
    const listed: [reference: string, lifetime: string][] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
      const part = (await api(`/reports/value/customers${query}`)) as {
        customers: { reference: string; lifetimeMinor: number }[];
        next: string | null;
      };
      for (const each of part.customers) listed.push([each.reference, (each.lifetimeMinor / 100).toFixed(2)]);
      cursor = part.next;
    } while (cursor !== null);
    expect(listed).toHaveLength(BUYERS + TYPED);
    expect(new Map(listed).size).toBe(BUYERS + TYPED);
    const page = await boss.get('/value/customers');
    expect(page.text).toContain('/value/customers?after=');
    expect(page.text).toContain('href="/value/customers.csv"');
    const file = parse((await boss.get('/value/customers.csv')).text, { columns: true, bom: true }) as Record<
      string,
      string
    >[];
    expect(file.map(({ reference: each, lifetime_value }) => [each, lifetime_value])).toEqual(listed);
    expect((await boss.get('/value/customers?after=nonsense')).status).toBe(200);
  });

  test('other figures are tried without keeping them; the margin is kept by a manager, logged, and all is worked out anew', async () => {
    const tried = await boss.get('/value?customers=700&lost=20&spend=300&margin=100&discount=10');
    for (const figure of ['€42,000', '€800', '€112,000 for 140', '€154,000 for 140', '€1,500', '€210,000 for 140'])
      expect([figure, tried.text.split(figure).length > 2]).toEqual([figure, true]);
    expect(tried.text).toContain(
      'Worked out for 700 customers, of whom 20% are lost in a year, €300.00 a year each, a margin of 100% and a discount of 10%.',
    );
    const [, link = ''] = /href="(\/value\.csv[^"]*)"/.exec(tried.text) ?? [];
    const file = parse((await boss.get(link.replaceAll('&amp;', '&'))).text, { columns: true, bom: true }) as Record<
      string,
      string
    >[];
    expect(file.find(({ key }) => key === 'lost_in_a_year')?.spend_or_loss_a_year).toBe('42000.00');
    expect(file.find(({ key }) => key === 'most_for_winning_back')?.lifetime_value).toBe('1100.00');
    const refused = await boss.get('/value?customers=many&margin=140');
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Type a percentage from 0 to 100');
    expect(refused.text).toContain('value="140"');
    for (const [customers, status] of [
      ['1.5', 422],
      ['-5', 422],
      ['1,500', 200],
      ['1.500.000', 200],
    ] as const)
      expect([customers, (await boss.get(`/value?customers=${customers}`)).status]).toEqual([customers, status]);
    expect(await value().setting()).toEqual({ margin: 1, discount: 0.1 });

    const before = (await value().report()).night!.facts.active;
    expect((await boss.post('/value/settings', { margin: '140', discount: '8' })).status).toBe(422);
    running.clock.advance({ minutes: 1 });
    expect((await boss.post('/value/settings', { margin: '50', discount: '10', revision: '0' })).status).toBe(303);
    const late = await boss.post('/value/settings', { margin: '40', discount: '10', revision: '0' });
    expect([late.status, late.text.includes('Somebody else has saved this in the meantime.')]).toEqual([409, true]);
    expect(late.text).toContain('name="revision" value="1"><input type="hidden" name="margin" value="40"');
    await work();
    const after = (await value().report()).night!.facts.active;
    expect(Math.abs(after.lifetimeMinor / before.lifetimeMinor - 0.5)).toBeLessThan(0.001);
    expect(after.spendMinor).toBe(before.spendMinor);
    const audit = await on
      .storage()
      .read.selectFrom('audit_entry')
      .select('detail')
      .where('action', '=', 'value.setting')
      .execute();
    expect(audit.map(({ detail }) => JSON.parse(detail) as object)).toEqual([{ margin: 0.5, discount: 0.1 }]);
  });

  test('a profile says what its customer is worth and how that was worked out', async () => {
    const bought = await boss.get(`/customers/${await idOf(0)}`);
    expect(bought.text).toContain('purchases a year expected at €');
    const left = await boss.get(`/customers/${await idOf(BUYERS)}`);
    expect(left.text).toMatch(/Would be worth €\d+, had they stayed/);
    expect(left.text).not.toContain('Still a customer:');
  });

  test('colleagues who are no managers see none of it; no query walks through a table that grows', async () => {
    const staff = await running.signIn('staff', 'Anna Berg');
    for (const path of ['/value', '/value.csv', '/value/customers', '/value/customers.csv'])
      expect((await staff.get(path)).status).toBe(403);
    expect((await staff.post('/value/settings', { margin: '1', discount: '1' })).status).toBe(403);
    if (on.engine !== 'sqlite') return;
    const heard = listenToQueries();
    running.clock.advance({ days: 1 });
    await work();
    await boss.get('/value');
    await boss.get('/value/customers');
    const { writer } = on.storage() as SqliteStorage;
    expect([...heard].flatMap((query) => scansOf(writer, query).map((step) => ({ step, query })))).toEqual([]);
  });
});
