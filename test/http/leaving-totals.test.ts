import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { seeded } from '../../src/coding/engine/random.ts';
import { formatMoneyWhole } from '../../src/shared/money.ts';
import { SYSTEM } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { testClock } from '../support/clock.ts';
import { startAnswering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import { othersLike } from '../support/leavers.ts';
import { leavers } from '../support/waves.ts';

type Line = Record<string, string>;
type Figures = Awaited<ReturnType<TestApp['app']['reports']['wholeReport']>>;
type Groups = { columns: Figures[]; total: Figures; values: number };

const KEYS = ['price', 'quality', 'dissatisfaction', 'competitor', 'unknown', null];
const MONTHS = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10'].map((month) => `2026-${month}`);
const WHOLE = 'period=custom&from=2026-01-01&to=2026-10-31';
/** Another one each time, where nobody has set one. */
const [SEED = 1] = fc.sample(fc.nat(), 1);
const CITIES = Array.from({ length: 11 }, (_, i) => `Town ${i}`);

onBothEngines((on) => {
  let running: TestApp;
  let boss: Person & { accountId: string };
  let token: string;
  const random = seeded(SEED);
  const some = <T>(of: readonly T[]): T => of[Math.floor(random() ** 2 * of.length)]!;
  const money = () => Math.round(random() ** 3 * 2000) * 100;
  const leftOn = () => `${some(MONTHS.toReversed())}-${String(1 + Math.floor(random() * 28)).padStart(2, '0')}`;

  beforeAll(async () => {
    running = await startApp(on.storage(), { clock: testClock('2026-10-31T10:00:00.000Z') });
    const answering = await startAnswering(on.storage(), running.app, running.clock);
    boss = await running.signIn('manager', 'Carla Dahl');
    ({ token } = await running.app.accounts.createToken({ name: 'Report', role: 'manager' }));
    const book = (await running.app.coding.codebook(answering.programmeId))!;
    const template = await answering.answer({ words: 'You are too expensive for us.' });
    const answered = await othersLike(on.storage(), running.clock, template, 60, () => ({
      worthMinor: money(),
      leftOn: leftOn(),
    }));
    await running.app.customers.upsertMany(
      SYSTEM,
      leavers(70, () => ({ leftOn: leftOn(), yearlyValueMinor: money(), city: some(CITIES) })),
    );
    await on.storage().transaction(async (tx) => {
      for (const { responseId } of answered) {
        const key = some(KEYS);
        const code = key === null ? null : book.byKey.get(key)!.id;
        const main = { code_id: code, source: code === null ? null : ('colleague' as const) };
        await tx.updateTable('main_reason').set(main).where('response_id', '=', responseId).execute();
      }
      const contact = { contact_account_id: boss.accountId, city: 'Kiel' };
      const ids = answered.map(({ customerId }) => customerId);
      await tx.updateTable('customer').set(contact).where('id', 'in', ids.slice(0, 40)).execute();
      await running.app.reports.refreshLeavers(tx, ids);
    });
  });
  afterAll(() => running.close());

  const csv = async (path: string) => parse((await boss.get(path)).text, { columns: true, bom: true }) as Line[];
  const api = async <T = Figures>(path: string): Promise<T> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await (await fetch(`${running.baseUrl}/api/v1/reports/leaving${path}`, { headers })).json()) as T;
  };
  const total = <T>(rows: T[], of: (row: T) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const lastOf = (month: string) => new Date(Date.UTC(2026, Number(month.slice(5)), 0)).toISOString().slice(0, 10);
  const ofMonth = (month: string) => api(`?period=custom&from=${month}-01&to=${lastOf(month)}`);

  test.each(['counted one by one', 'summed up'])(
    `months, groups, table, file and trend add up: %s (seed ${SEED})`,
    async (how) => {
      if (how === 'summed up') await running.app.reports.sumUp(running.app.leases);
      const whole = await api(`?${WHOLE}`);
      expect([whole.basis, whole.leavers]).toEqual(['counted', 130]);
      const months = [];
      for (const month of MONTHS) months.push(await ofMonth(month));
      for (const name of ['leavers', 'lostMinor', 'base', 'asked', 'answered'] as const)
        expect([name, total(months, (month) => month[name])]).toEqual([name, whole[name]]);

      const lines = await csv(`/leaving.csv?${WHOLE}`);
      const trend = await csv(`/leaving/trend.csv?${WHOLE}`);
      const groups: Groups[] = [];
      for (const field of ['city', 'contact']) groups.push(await api<Groups>(`/by/${field}?${WHOLE}`));
      for (const { key, count, lostMinor } of whole.reasons) {
        const own = (figures: Figures) => figures.reasons.find((row) => row.key === key);
        expect(total(months, (month) => own(month)?.count ?? 0)).toBe(count);
        expect(total(months, (month) => own(month)?.lostMinor ?? 0)).toBe(lostMinor);
        expect(lines.find((line) => line.row === 'reason' && line.key === key)).toMatchObject({
          n: String(count),
          lost_a_year: (lostMinor / 100).toFixed(2),
        });
        const steps = trend.filter((line) => line.key === key);
        expect(total(steps, ({ n }) => Number(n))).toBe(count);
        for (const { columns } of groups) expect(total(columns, (column) => own(column)?.count ?? 0)).toBe(count);
      }
      for (const { columns, total: all } of groups) {
        expect(all).toMatchObject({ leavers: whole.leavers, lostMinor: whole.lostMinor });
        expect(total(columns, ({ lostMinor }) => lostMinor)).toBe(whole.lostMinor);
        expect(total(columns, ({ unknown }) => unknown.count)).toBe(whole.unknown.count);
      }
    },
  );

  test('of many cities the largest are shown, and it is said how many stand together; colleagues by their names', async () => {
    const { columns, values } = await api<Groups>(`/by/city?${WHOLE}`);
    expect([columns.length, values > 8]).toEqual([8, true]);
    const sizes = columns.slice(0, -1).map(({ leavers: n }) => n);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    const page = (await boss.get(`/leaving/by/city?${WHOLE}`)).text;
    expect(page).toContain(`The 7 largest have a column each; the other ${values - 7} stand together`);
    expect((await boss.get(`/leaving/by/contact?${WHOLE}`)).text).toContain('Carla Dahl');
    const file = await csv(`/leaving/by/contact.csv?${WHOLE}`);
    expect(file.find(({ value, key }) => value === 'Carla Dahl' && key === 'all')!.n).toBe('40');
    await running.app.reports.rebuildLeavers();
    expect(await api<Groups>(`/by/city?${WHOLE}`)).toMatchObject({ values, columns });
  });

  test('the mail of the month says what its figures say', async () => {
    const { leavers: count, lostMinor } = await ofMonth('2026-10');
    expect(count).toBeGreaterThan(1);
    running.clock.set('2026-11-02T08:00:00.000Z');
    for (const job of running.app.insight.summary.jobs) await job();
    await running.app.mailer.sendDue();
    const { rows } = await running.app.mailer.outbox.list(null, { isAdministrator: true });
    const mail = await running.app.mailer.outbox.get(rows[0]!.id, { isAdministrator: true });
    const worth = formatMoneyWhole(lostMinor, 'EUR', 'en');
    expect(mail.text).toContain(`In October 2026 ${count} customers left, worth ${worth} a year.`);
  });
});
