import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { seeded } from '../../src/coding/engine/random.ts';
import { colleague } from '../../src/shared/actor.ts';
import type { LeavingQuery } from '../../src/reports/index.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { startAnswering, type Answering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import { believe, othersLike, type Left } from '../support/leavers.ts';

type Line = Record<string, string>;
/** A change as the interface tells it. */
interface Told {
  about: string;
  reason: string | null;
  now: number;
  before: number;
  difference: { low: number };
}
const KEYS = ['price', 'quality', 'dissatisfaction', 'competitor'];
const SEGMENTS = ['Café', 'Büro', ''];
const queries = fc.record(
  {
    period: fc.constantFrom('12m', '6m', '90d', 'year', 'last-year', 'all'),
    compare: fc.constantFrom('before', 'last-year'),
    segment: fc.constantFrom('Café', 'Büro'),
    value: fc.constantFrom('under_200', '200_to_1000', 'over_1000'),
    tenure: fc.constantFrom('unknown', 'under_1'),
  },
  { requiredKeys: ['period'] },
);

onBothEngines((on) => {
  let running: TestApp;
  let leaving: Answering;
  let boss: Person & { accountId: string };
  let coded: Left[];
  let token: string;
  const random = seeded(41);
  const dayBefore = (days: number) =>
    new Date(running.clock.now().getTime() - days * 86_400_000).toISOString().slice(0, 10);

  const address = (path: string, query: LeavingQuery) =>
    `${path}?${new URLSearchParams(Object.entries(query) as [string, string][]).toString()}`;
  const csv = async (path: string, query: LeavingQuery) =>
    parse((await boss.get(address(path, query))).text, { columns: true, bom: true }) as Line[];
  const api = async (path: string, query: LeavingQuery) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await (await fetch(running.baseUrl + address(`/api/v1${path}`, query), { headers })).json()) as Awaited<
      ReturnType<TestApp['app']['reports']['wholeReport']>
    >;
  };
  const sumUp = () => running.app.reports.sumUp(running.app.leases);

  beforeAll(async () => {
    running = await startApp(on.storage());
    leaving = await startAnswering(on.storage(), running.app, running.clock);
    boss = await running.signIn('manager', 'Carla Dahl');
    ({ token } = await running.app.accounts.createToken({ name: 'Report', role: 'manager' }));
    const codes = new Map(
      (await running.app.coding.codebook(leaving.programmeId))!.codes.map((code) => [code.key, code.id]),
    );
    const who = () => ({
      segment: SEGMENTS[Math.floor(random() * 3)]!,
      worthMinor: Math.round(random() ** 3 * 200_000),
      leftOn: dayBefore(Math.floor(random() * 500)),
    });
    const template = await leaving.answer({ words: 'You are too expensive for us.' });
    coded = await othersLike(on.storage(), running.clock, template, 70, who);
    const read = await othersLike(on.storage(), running.clock, template, 40, who);
    const ticked = await leaving.answer({ ticked: ['price'] });
    const ticks = await othersLike(on.storage(), running.clock, ticked, 20, who);
    await on.storage().transaction(async (tx) => {
      for (const [i, { responseId }] of coded.entries()) {
        const code = codes.get(KEYS[i % 4]!)!;
        await tx
          .updateTable('main_reason')
          .set({ code_id: code, source: 'colleague' })
          .where('response_id', '=', responseId)
          .execute();
      }
      await believe(
        tx,
        read.map(({ responseId }) => responseId),
        (i) => Object.fromEntries(KEYS.map((key, k) => [codes.get(key)!, k === i % 4 ? 0.7 : 0.1])),
      );
      const all = [...coded, ...read, ...ticks].map(({ customerId }) => customerId);
      await running.app.reports.refreshLeavers(tx, all);
    });
  });
  afterAll(() => running.close());

  test('sums by day and month say what counting one by one says, before and after somebody changes', async () => {
    const asked = fc.sample(queries, { numRuns: 6, seed: 5 }) as LeavingQuery[];
    const figures = async () => {
      const all = [];
      for (const query of asked) {
        const { cross, wholeReport } = running.app.reports;
        const { changed, compared, trend, weighted, ...rest } = await wholeReport(query);
        all.push(
          { changed, compared, trend, weighted, ...rest },
          await cross(query, 'segment'),
          await cross(query, 'tag'),
          await cross(query, 'channel'),
        );
      }
      return JSON.parse(
        JSON.stringify(all, (_, value: unknown) =>
          typeof value === 'number' ? Number(value.toPrecision(9)) : value instanceof Map ? [...value].sort() : value,
        ),
      ) as unknown;
    };
    const counted = await figures();
    await sumUp();
    const spans = on
      .storage()
      .read.selectFrom('leaver_span')
      .select(({ fn }) => [fn.countAll<number>().as('count')]);
    expect(Number((await spans.executeTakeFirstOrThrow()).count)).toBeGreaterThan(300);
    expect(await on.storage().read.selectFrom('leaver_stale').select('id').execute()).toEqual([]);
    expect(await figures()).toEqual(counted);

    // One comes back, one left on another day.
    const [first, second] = coded;
    await on.storage().transaction(async (tx) => {
      await tx
        .updateTable('customer')
        .set({ status: 'active', left_on: null })
        .where('id', '=', first!.customerId)
        .execute();
      await tx
        .updateTable('customer')
        .set({ left_on: dayBefore(3) })
        .where('id', '=', second!.customerId)
        .execute();
      await running.app.reports.refreshLeavers(tx, [first!.customerId, second!.customerId]);
    });
    const changed = await figures();
    expect(changed).not.toEqual(counted);
    await sumUp();
    expect(await figures()).toEqual(changed);
    await running.app.reports.rebuildLeavers();
    expect(await figures()).toEqual(changed);
  });

  test('totals agree on the page, in the file and in the interface, and rows add up to all that was lost', async () => {
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const page = (await boss.get(address('/leaving', query as LeavingQuery))).text;
        const lines = await csv('/leaving.csv', query as LeavingQuery);
        const figures = await api('/reports/leaving', query as LeavingQuery);
        const total = lines.find(({ row }) => row === 'total')!;
        expect(total).toMatchObject({ n: String(figures.leavers), lost_a_year: (figures.lostMinor / 100).toFixed(2) });
        const rows = lines.filter(({ row }) => row === 'reason' || row === 'unknown');
        const sum = (column: string) => rows.reduce((all, line) => all + Number(line[column]), 0);
        expect(sum('n')).toBe(figures.leavers);
        expect(Math.round(sum('lost_a_year') * 100)).toBe(figures.lostMinor);
        const reasons = rows.filter(({ row }) => row === 'reason');
        expect(reasons.map(({ key, n }) => [key, n])).toEqual(
          figures.reasons.map(({ key, count }) => [key, String(count)]),
        );
        const { changes } = figures as never as { changes: Told[] };
        expect(lines.filter(({ row }) => row === 'change').map(({ key }) => key)).toEqual(
          changes.map(({ about, reason }) => reason ?? about),
        );
        const more = changes.find(({ about }) => about === 'leavers');
        if (more)
          expect(lines.find(({ row, key }) => row === 'change' && key === 'leavers')).toMatchObject({
            n: String(more.now),
            before_n: String(more.before),
            difference_low: String(Math.round(more.difference.low)),
          });
        if (figures.leavers === 0) return;
        const table = page.slice(0, page.indexOf('</tfoot>'));
        const shown = [...table.matchAll(/data-l="n">(?:about )?([\d,]+)</g)].map(([, n]) =>
          Number(n!.replace(',', '')),
        );
        expect(shown.slice(0, reasons.length)).toEqual(figures.reasons.map(({ count }) => count));
        expect(shown.at(-1)).toBe(figures.leavers);

        const sums = [...table.matchAll(/class="num fig">(?:<b>)?€([\d,.]+)</g)].map(([, text]) => text!);
        const cents = (texts: string[]) => texts.map((text) => Math.round(Number(text.replaceAll(',', '')) * 100));
        const add = (minors: number[]) => minors.reduce((all, minor) => all + minor, 0);
        const [unknown, ...parts] = cents(sums.slice(reasons.length, -1));
        const costs = cents(sums.slice(0, reasons.length));
        const [lost = 0] = cents(sums.slice(-1));
        expect([add(parts), add([...costs, unknown!])]).toEqual([unknown, lost]);
        const running = cents([...table.matchAll(/<td class="num wide-only">€([\d,.]+)</g)].map(([, text]) => text!));
        expect(running).toEqual([...costs.map((_, i) => add(costs.slice(0, i + 1))), lost]);
        expect(Math.abs(lost - figures.lostMinor)).toBeLessThan(figures.basis === 'counted' ? 1 : 51);
        if (figures.basis !== 'counted') expect(sums.join(' ')).not.toContain('.');
      }),
      { numRuns: 8 },
    );
  });

  test('reasons by group: each group in the file and in the interface, together all who left', async () => {
    const query = { period: 'all' } as const;
    const figures = (await api('/reports/leaving/by/segment', query)) as never as {
      columns: { value: string; leavers: number; lostMinor: number }[];
      total: { leavers: number; lostMinor: number };
    };
    expect(figures.columns.reduce((sum, { leavers }) => sum + leavers, 0)).toBe(figures.total.leavers);
    expect(figures.columns.reduce((sum, { lostMinor }) => sum + lostMinor, 0)).toBe(figures.total.lostMinor);
    const lines = await csv('/leaving/by/segment.csv', query);
    for (const { value, leavers } of figures.columns)
      expect(lines.find((line) => line.value === value && line.key === 'all')!.n).toBe(String(leavers));
    const page = await boss.get('/leaving/by/segment?period=all');
    expect(page.text).toContain('Why they leave, by segment');
    expect((await boss.get('/leaving/by/nothing')).status).toBe(404);
  });

  test('a page that is about some of them says about whom, on paper too, where no fields stand', async () => {
    const only = 'Only these customers – Customer for: 1–5 years; Segment: B&amp;B; Country: Germany.';
    const some = 'period=all&segment=B%26B&country=DE';
    for (const path of ['/leaving', '/leaving/by/value', '/leaving/reasons/price'])
      expect([path, (await boss.get(`${path}?${some}&tenure=1_to_5`)).text]).toEqual([
        path,
        expect.stringContaining(only),
      ]);
    expect((await boss.get(`/satisfaction?${some}`)).text).toContain(
      'Only these customers – Segment: B&amp;B; Country',
    );
    for (const path of ['/leaving', '/leaving/by/value', '/leaving/reasons/price', '/satisfaction'])
      expect((await boss.get(`${path}?period=all`)).text).not.toContain('Only these customers');
  });

  test('a file says whom it is about, in its name and in columns behind those that it has always had', async () => {
    const query: LeavingQuery = { period: 'all', segment: 'Büro' };
    for (const path of ['/leaving.csv', '/leaving/trend.csv', '/leaving/by/country.csv', '/satisfaction.csv']) {
      const file = await boss.get(address(path, query));
      const rows = parse(file.text, { columns: true, bom: true }) as Line[];
      expect([path, file.headers['content-disposition']]).toEqual([
        path,
        expect.stringMatching(/-segment-B%C3%BCro\.csv$/),
      ]);
      expect([path, rows.length]).not.toEqual([path, 0]);
      for (const row of rows)
        expect([path, row]).toEqual([path, expect.objectContaining({ filter_segment: 'Büro', filter_country: '' })]);
      const whole = await boss.get(`${path}?period=all`);
      expect([path, whole.headers['content-disposition']]).toEqual([
        path,
        expect.stringMatching(/-\d{4}-\d\d-\d\d\.csv$/),
      ]);
      const [everybody] = parse(whole.text, { columns: true, bom: true }) as Line[];
      expect([path, everybody!.filter_segment]).toEqual([path, '']);
      const names = Object.keys(everybody!);
      expect(names.slice(names.findIndex((name) => name.startsWith('filter_')))).toEqual(
        names.filter((name) => name.startsWith('filter_')),
      );
    }
  });

  test('every step of the trend has its line for each reason', async () => {
    const { trend, reasons } = await running.app.reports.wholeReport({});
    const lines = await csv('/leaving/trend.csv', {});
    expect(lines).toHaveLength(trend.steps.length * reasons.length);
    // Nobody has checked what the engine made of them: the file has their shares, the page draws no charts of them.
    expect((await boss.get('/leaving')).text).not.toContain('/leaving/trend.csv');
  });

  test('how often people give a code: of those that they have coded, with its interval', async () => {
    const book = await running.app.coding.codebook(leaving.programmeId);
    const price = book!.codes.find(({ key }) => key === 'price')!.id;
    const today = dayBefore(0);
    const share = () => running.app.reports.codeShare(price, { from: today, to: today });
    const before = await share();
    const one = await leaving.answer({ words: 'Dear me.' });
    await running.app.coding.saveCoding(colleague(leaving.accountId), {
      responseId: one.responseId,
      questionKey: 'happened',
      codeIds: [price],
      mainCodeId: null,
    });
    const after = await share();
    expect(after.base).toBe(before.base + 1);
    expect(after.low! < after.value! && after.value! < 1.0001).toBe(true);
    await expect(running.app.reports.codeShare('none', { from: today, to: today })).rejects.toThrow();
  });
});
