import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { CustomerRow } from '../../src/customers/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { createRollup } from '../../src/reports/rollups.ts';
import { addDays, daysBetween } from '../../src/shared/dates.ts';
import { openStorage } from '../../src/storage/index.ts';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { testClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';
import { partsOf } from '../support/page-parts.ts';
import { listenToQueries, scansOf } from '../support/plans.ts';
import { leavers, reference } from '../support/waves.ts';

const BEGUN = '2026-01-10';
const LEAVERS = 120;
const OTHERS = 60;
const PAGES = ['/winning-back?period=all', '/retention?period=all', '/retention?a=segment%3AOffice&b=segment%3AHome'];

/** Two groups as the interface compares them. */
interface Comparison {
  test: { p: number | null };
  afterYear: { difference: { difference: number } } | null;
}

onBothEngines((on) => {
  const clock = testClock(`${BEGUN}T08:00:00.000Z`);
  let app: TestApp;
  /** Sessions end while the clock moves on. */
  const asManager = async (path: string) => await (await app.signIn('manager')).get(path);
  let leaving: string;
  let token: string;

  beforeAll(async () => {
    app = await startApp(on.storage(), { clock });
    leaving = (await app.app.questionnaires.programmes()).find(({ key }) => key === 'leaving')!.id;
    token = (await app.app.accounts.createToken({ name: 'reports', role: 'manager' }, COMMAND)).token;
  });
  afterAll(() => app.close());

  const add = async (rows: CustomerRow[]) => (await app.app.customers.upsertMany(COMMAND, rows)).map(({ id }) => id);
  const buy = (i: number, purchasedOn: string, amountMinor = 2000) =>
    app.app.customers.addPurchases(COMMAND, [
      { customerReference: reference(i), purchasedOn, amountMinor, item: 'Espresso', reference: '' },
    ]);
  const at = (day: string) => clock.set(`${day}T08:00:00.000Z`);
  const count = async () => {
    await app.app.insight.effect.refresh();
    await app.app.insight.survival.refresh();
  };
  const fromInterface = async (path: string) => {
    const answer = await fetch(`${app.baseUrl}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
    return (await answer.json()) as Record<string, unknown>;
  };
  const programme = async () =>
    (await app.app.insight.effect.report({ period: 'all' })).programmes.find(({ key }) => key === 'leaving')!;

  test('before anything was counted the pages say so; they are the manager’s', async () => {
    const [manager, staff] = [await app.signIn('manager'), await app.signIn('staff')];
    for (const path of PAGES) {
      expect((await manager.get(path)).status).toBe(200);
      expect((await staff.get(path)).status).toBe(403);
    }
    expect((await manager.get('/winning-back')).text).toContain('being counted');
    await count();
    const page = (await manager.get('/winning-back')).text;
    expect(page).not.toContain('being counted');
    expect(page).toContain('it is worth its while from about 400 leavers a year');
    expect(partsOf(page)).toEqual({
      listed: ['holdout', 'kept', 'described'],
      headings: ['holdout', 'kept', 'described'],
    });
  });

  test('everybody who was drawn counts as drawn, once their days have passed; a purchase on the last day counts', async () => {
    const ids = await add(
      leavers(LEAVERS, () => ({ leftOn: '2026-01-05', customerSince: '2024-01-05', segment: 'Office' })),
    );
    await app.app.invitations.holdouts.setShare(COMMAND, leaving, 40);
    const held = await on.storage().transaction((tx) => app.app.invitations.holdouts.draw(tx, leaving, ids));
    const isHeld = ids.map((id) => held.has(id));
    const first = (heldOut: boolean, n: number) =>
      ids.flatMap((_, i) => (isHeld[i] === heldOut ? [i] : [])).slice(0, n);
    const [asked, left] = [first(false, 6), first(true, 3)];
    await buy(asked[0]!, addDays(BEGUN, 90));
    await buy(asked[1]!, addDays(BEGUN, 91));
    await buy(asked[2]!, BEGUN);
    await buy(asked[3]!, addDays(BEGUN, 30));
    await buy(asked[3]!, addDays(BEGUN, 70), 3500);
    await buy(asked[4]!, addDays(BEGUN, 30), -2000);
    await buy(left[0]!, addDays(BEGUN, 12));

    at(addDays(BEGUN, 90));
    await count();
    expect((await programme()).compared[0]).toMatchObject({
      open: LEAVERS,
      treated: { base: 0 },
      verdict: 'cannot_say',
    });

    at(addDays(BEGUN, 91));
    await count();
    const { drawn, heldOut, compared } = await programme();
    expect([drawn, heldOut]).toEqual([LEAVERS, held.size]);
    expect(compared[0]).toMatchObject({
      days: 90,
      open: 0,
      treated: { base: LEAVERS - held.size, back: 2 },
      held: { base: held.size, back: 1 },
      verdict: 'cannot_say',
    });
    expect(compared[1]).toMatchObject({ days: 180, open: LEAVERS });
    const page = (await asManager('/winning-back?period=all')).text;
    expect(page).toContain(`2 of ${LEAVERS - held.size}`);
    expect(page).toContain('Too few to say');
    expect(page).toMatch(/About [\d,]+ more draws, and a difference of 10 points would show/);
  });

  test('who came back, whether they are still there, and what they have spent since', async () => {
    const { rates, durability, reasons, netMinor } = await app.app.insight.effect.report({ period: 'all' });
    // Five bought after they had left: on the 90th and 91st day, on the day of the draw, twice, and one who was held out.
    expect(rates).toMatchObject({ lost: LEAVERS, attempted: 0, wonBack: 0, cameBack: 5 });
    expect(reasons.reduce((sum, { lost }) => sum + lost, 0)).toBe(LEAVERS);
    expect(durability.wonBack.returned).toBe(0);
    expect(durability.alone).toMatchObject({ returned: 5, spentMinor: 4 * 2000 + 2000 + 3500 });
    // On that day 90 days have passed since the return on the day of the draw alone, and nothing was bought again.
    expect(durability.alone.kept[0]).toMatchObject({ days: 90, base: 1, open: 4, kept: 0 });
    at(addDays(BEGUN, 150));
    await count();
    const later = (await app.app.insight.effect.report({ period: 'all' })).durability.alone;
    expect(later.kept[0]).toMatchObject({ base: 3, open: 2, kept: 1 });
    expect(netMinor).toBe(0);
  });

  test('whoever leaves once more is no longer there, and their return is not forgotten', async () => {
    const back = await on.storage().read.selectFrom('customer_return').selectAll().orderBy('returned_on').execute();
    const [one] = back;
    at(addDays(BEGUN, 160));
    await app.app.customers.markLeft(COMMAND, one!.customer_id, addDays(BEGUN, 155));
    await count();
    const rows = await on.storage().read.selectFrom('customer_return').selectAll().execute();
    expect(rows).toHaveLength(5);
    expect(rows.find((row) => row.customer_id === one!.customer_id)!.days).toBe(
      daysBetween(one!.returned_on, addDays(BEGUN, 155)),
    );
    await app.app.customers.markActive(COMMAND, one!.customer_id);
  });

  test('churn by customer-days, counted by hand; two groups; the same figures everywhere', async () => {
    const day = addDays(BEGUN, 160);
    await add(
      leavers(
        OTHERS,
        (i) => ({
          customerSince: day,
          segment: i % 2 === 0 ? 'Home' : 'Office',
          ...(i % 6 === 0 ? { leftOn: addDays(day, 20 + (i % 5)) } : { status: 'active', leftOn: null }),
        }),
        1000,
      ),
    );
    const today = addDays(day, 40);
    at(today);
    await count();
    const period = { from: day, to: today };
    const churn = await app.app.insight.survival.churn(period);
    const people = await on
      .storage()
      .read.selectFrom('customer')
      .select(['status', 'left_on', 'customer_since'])
      .execute();
    // Those who were there before: five who came back.
    const spans = people.flatMap(({ status, left_on, customer_since }) =>
      customer_since === day || status === 'active' ? [status === 'left' ? left_on! : null] : [],
    );
    expect(churn).toMatchObject({
      customers: OTHERS + 5,
      leavers: spans.filter((end) => end !== null).length,
      customerDays: spans.reduce((sum, end) => sum + (end === null ? 41 : daysBetween(day, end)), 0),
    });
    const manager = await app.signIn('manager');
    const query = `from=${period.from}&to=${period.to}`;
    const said = await fromInterface(`/reports/retention?${query}&by=segment&one=Home&other=Office`);
    expect(said.churn).toMatchObject({ customerDays: churn.customerDays, leavers: churn.leavers });
    expect(said.comparison).toMatchObject({ a: { value: 'Home', customers: 30, leavers: 10 }, b: { value: 'Office' } });
    const csv = parse((await manager.get(`/retention.csv?${query}&by=segment&one=Home&other=Office`)).text, {
      bom: true,
      columns: true,
    }) as Record<string, string>[];
    expect(csv.find((row) => row.table === 'period')).toMatchObject({
      customer_days: String(churn.customerDays),
      leavers: String(churn.leavers),
      stay: churn.retention!.share.toFixed(5),
    });
    const together = csv.find((row) => row.table === 'difference');
    const { test: logRank, afterYear } = said.comparison as Comparison;
    expect([together?.key, together?.p]).toEqual(['Home / Office', logRank.p?.toFixed(5) ?? '']);
    expect(together?.stay).toBe(afterYear?.difference.difference.toFixed(5) ?? '');
    const page = (await manager.get('/retention?a=segment%3AHome&b=segment%3AOffice')).text;
    expect(page).toMatch(/log-rank test, p = |Too few have left/);
    expect(page).toMatch(/<path class="trend"[^>]+ d="M46 12H/);
    expect((await manager.get('/retention?a=segment%3AMars')).text).toContain('Choose a group');
    const effect = await fromInterface('/reports/winning-back?period=all');
    const rows = parse((await manager.get('/winning-back.csv?period=all')).text, {
      bom: true,
      columns: true,
    }) as Record<string, string>[];
    const reasons = (effect.reasons as { attempted: number }[]).length;
    expect(rows.filter((row) => row.table === 'reason')).toHaveLength(reasons);
    expect(await app.app.insight.effect.winbackRate({ from: '2026-01-01', to: today })).toMatchObject({
      base: 0,
      value: null,
    });
  });

  test('what is left of it goes by the margin, once somebody has typed it', async () => {
    const report = () => app.app.insight.effect.report({ period: 'all' });
    await on.storage().transaction((tx) => tx.updateTable('customer_return').set({ attempted: 1 }).execute());
    const turnover = await report();
    const { spentMinor } = turnover.durability.wonBack;
    expect(spentMinor).toBeGreaterThan(0);
    expect(turnover).toMatchObject({ marginMinor: null, netMinor: spentMinor - turnover.cost.usedMinor });
    expect((await asManager('/winning-back?period=all')).text).toContain('nobody has typed your margin');
    await app.app.insight.value.save(COMMAND, { margin: 0.4, discount: 0.1 }, 0);
    const marginMinor = Math.round(spentMinor * 0.4);
    const net = { marginMinor, netMinor: marginMinor - turnover.cost.usedMinor };
    expect(await report()).toMatchObject(net);
    expect(await fromInterface('/reports/winning-back?period=all')).toMatchObject(net);
    const { text } = await asManager('/winning-back.csv?period=all');
    expect(text).toContain(`money,margin,,,,,,,,,${(marginMinor / 100).toFixed(2)},`);
    expect((await asManager('/winning-back?period=all')).text).toContain('Net: what is left, less offers used');
  });

  test('a second lifetime has its value to come, once for each who is a customer today', async () => {
    const { read } = on.storage();
    const wonBack = async () => (await app.app.insight.effect.report({ period: 'all' })).durability.wonBack;
    expect((await wonBack()).toComeMinor).toBeNull();
    for (const job of app.app.insight.value.jobs) await job();
    const returned = await read.selectFrom('customer_return').selectAll().execute();
    const [again, gone] = returned;
    await on.storage().transaction(async (tx) => {
      // One left and came back twice, another left for good.
      await tx
        .insertInto('customer_return')
        .values({ ...again!, left_on: '2025-11-01' })
        .execute();
      await tx
        .updateTable('customer_value')
        .set({ has_left: 1, lifetime_minor: 77_700 })
        .where('customer_id', '=', gone!.customer_id)
        .execute();
    });
    const values = await read.selectFrom('customer_value').select(['customer_id', 'lifetime_minor']).execute();
    const there = new Set(returned.map((row) => row.customer_id).filter((id) => id !== gone!.customer_id));
    const worth = values.reduce((sum, row) => sum + (there.has(row.customer_id) ? row.lifetime_minor : 0), 0);
    expect(there.size).toBe(4);
    expect(worth).toBeGreaterThan(0);
    expect((await wonBack()).toComeMinor).toBe(worth);
    const inInterface = await fromInterface('/reports/winning-back?period=all');
    expect(inInterface.durability).toMatchObject({ wonBack: { toComeMinor: worth } });
    const lines = parse((await asManager('/winning-back.csv?period=all')).text, { columns: true, bom: true }) as {
      [column: string]: string;
    }[];
    expect(lines.find(({ key }) => key === 'lifetime_to_come')!.amount).toBe((worth / 100).toFixed(2));
    expect((await asManager('/winning-back?period=all')).text).toContain(
      'Still to come from those who are customers today: lifetime value',
    );
    // While nobody’s days have passed there is no share.
    for (const line of lines.filter(({ table, base, key }) => table === 'holdout' && base === '0' && key))
      expect([line.share, line.share_low, line.share_high]).toEqual(['', '', '']);
    expect(lines.filter(({ table }) => table === 'reason').map(({ key }) => key)).not.toContain('');
  });

  test('counting rests in proportion to what it took, and the page says when it was done', async () => {
    const deps = { ...app.app, storage: on.storage(), clock };
    let counted = 0;
    const rollup = createRollup(deps, 'rest', async () => {
      counted += 1;
      clock.advance({ seconds: 3 });
      return Promise.resolve({ content: '{}', save: async () => undefined });
    });
    await rollup.job();
    await add(leavers(1, () => ({ status: 'active', leftOn: null }), 900));
    clock.advance({ seconds: 30 });
    await rollup.job();
    expect(counted).toBe(1);
    // Three seconds of 150: at most two per cent of the time.
    clock.advance({ seconds: 120 });
    await rollup.job();
    expect(counted).toBe(2);
    clock.advance({ seconds: 150 });
    await rollup.job();
    expect(counted).toBe(2);
    const at = (await app.app.insight.effect.report({})).countedAt;
    expect(at).not.toBeNull();
    expect((await asManager('/winning-back')).text).toContain('Counted on');
    expect((await asManager('/retention')).text).toContain('Counted on');
  });

  test('the pages read no whole table that grows', async () => {
    if (on.engine !== 'sqlite') return;
    const heard = listenToQueries();
    const again = await openStorage(on.url());
    const other = await startApp(again, { clock });
    const reader = await other.signIn('manager', 'Somebody else');
    heard.clear();
    for (const path of PAGES) expect((await reader.get(path)).status).toBe(200);
    const { writer } = again as SqliteStorage;
    expect([...heard].flatMap((query) => scansOf(writer, query).map((step) => ({ step, query })))).toEqual([]);
    expect(heard.size).toBeGreaterThan(10);
    await other.close();
    await again.close();
  });
});
