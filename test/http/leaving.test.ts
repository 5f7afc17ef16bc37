import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { COMMAND, colleague } from '../../src/shared/actor.ts';
import { createEstimates, type Audits } from '../../src/reports/estimate-service.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { startAnswering, type Answering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import { believe, othersLike, type Left } from '../support/leavers.ts';

type Lowest = Parameters<Audits['draw']>[1];

const KEYS = ['price', 'quality', 'dissatisfaction'];
const REAL = [0.5, 0.3, 0.2];

onBothEngines((on) => {
  let running: TestApp;
  let leaving: Answering;
  let boss: Person & { accountId: string };
  let staff: Person & { accountId: string };
  let left: Left[];
  let codes: Map<string, string>;

  /** What somebody would find the main reason: half of them the first, and so on. */
  const mainOf = (i: number) => KEYS[[0, 1, 0, 2, 0, 1, 0, 1, 0, 2][i % 10]!]!;
  const id = (key: string) => codes.get(key)!;
  const report = (segment?: string) => running.app.reports.leaving({ period: 'all', segment });
  const tasks = async () =>
    await on.storage().read.selectFrom('coding_task').select(['response_id', 'inclusion', 'blind']).execute();
  const refresh = (some: Left[]) =>
    on.storage().transaction((tx) =>
      running.app.reports.refreshLeavers(
        tx,
        some.map(({ customerId }) => customerId),
      ),
    );
  async function check(i: number): Promise<void> {
    await running.app.coding.saveCoding(colleague(leaving.accountId), {
      responseId: left[i]!.responseId,
      questionKey: 'happened',
      codeIds: [id(mainOf(i))],
      mainCodeId: id(mainOf(i)),
      blind: true,
    });
  }
  async function checkWithoutMain(i: number, blind = true): Promise<void> {
    await running.app.coding.saveCoding(colleague(leaving.accountId), {
      responseId: left[i]!.responseId,
      questionKey: 'happened',
      codeIds: [id('price'), id('quality')],
      mainCodeId: null,
      blind,
    });
  }
  async function checkUntil(count: number): Promise<void> {
    const drawn = new Set((await tasks()).flatMap((task) => (task.inclusion === null ? [] : [task.response_id])));
    const open = left.flatMap(({ responseId }, i) => (drawn.has(responseId) ? [i] : []));
    const done = (await tasks()).filter(({ blind }) => blind === 1).length;
    for (const i of open.slice(done, count)) await check(i);
  }
  const addsUp = ({ reasons, unknown, base, leavers, lostMinor }: Awaited<ReturnType<typeof report>>) => {
    expect(reasons.reduce((sum, { count }) => sum + count, 0)).toBe(base);
    expect(base + unknown.count).toBe(leavers);
    expect(reasons.reduce((sum, row) => sum + row.lostMinor, 0) + unknown.lostMinor).toBe(lostMinor);
  };

  beforeAll(async () => {
    running = await startApp(on.storage());
    leaving = await startAnswering(on.storage(), running.app, running.clock);
    boss = await running.signIn('manager', 'Carla Dahl');
    staff = await running.signIn('staff', 'Anna Berg');
    const book = await running.app.coding.codebook(leaving.programmeId);
    codes = new Map(book!.codes.map((code) => [code.key, code.id]));
    const worded = await leaving.answer({ words: 'You are too expensive for us.' });
    const ticked = await leaving.answer({ ticked: ['price'] });
    const random = (i: number) => ((i * 37) % 101) / 101;
    left = await othersLike(
      on.storage(),
      running.clock,
      worded,
      60,
      (i) => ({ segment: i < 40 ? 'Café' : 'Büro' }),
      random,
    );
    const ticks = await othersLike(on.storage(), running.clock, ticked, 80, () => ({}));
    await refresh([...left, ...ticks]);
  });
  afterAll(() => running.close());

  test('nothing read: what people ticked is counted, the rest is not yet coded', async () => {
    const found = await report();
    expect(found).toMatchObject({ basis: 'counted', audit: null, leavers: 140, lostMinor: 4_200_000, base: 80 });
    expect(found.unknown.parts).toContainEqual({ knowledge: 'not_coded', count: 60, lostMinor: 1_800_000 });
    const { text } = await boss.get('/leaving?period=all');
    expect(text).not.toContain('/leaving/audit');
    expect(text).toContain('/leaving/trend.csv');
  });

  test('read and not audited: unverified, without intervals, and how many to check', async () => {
    await on.storage().transaction((tx) =>
      believe(
        tx,
        left.map(({ responseId }) => responseId),
        (i) => Object.fromEntries(KEYS.map((key) => [id(key), key === mainOf(i) ? 0.7 : 0.15])),
      ),
    );
    const found = await report();
    expect(found).toMatchObject({ basis: 'unverified', base: 140, leavers: 140, lostMinor: 4_200_000 });
    expect(found.audit).toMatchObject({ read: 60, audited: 0, waiting: 0 });
    addsUp(found);
    const price = found.reasons.find(({ key }) => key === 'price')!;
    expect(price).toMatchObject({ count: 80 + 25, coded: { low: null, high: null }, lost: null });
    const page = await boss.get('/leaving?period=all');
    expect(page.text).toContain('Nobody has checked these shares yet: they are what the engine makes of 60 answers.');
    expect(page.text).toContain('about 105');
    // A trend without a single interval would be a row of empty charts.
    expect(page.text).not.toContain('/leaving/trend.csv');
    expect(page.text).toContain(
      `Check ${found.audit!.needed} more answers drawn at random, and every share is right to within 5 points.`,
    );
  });

  test('a filter of its own: everyone in it, and the audit drawn for it covers its fields and days', async () => {
    const found = await report('Büro');
    expect(found).toMatchObject({ basis: 'unverified', leavers: 20, base: 20, audit: { read: 20, needed: 20 } });
    await boss.get('/leaving?period=all&segment=B%C3%BCro');
    const answer = await boss.post('/leaving/audit', { period: 'all', segment: 'Büro' });
    expect([answer.status, answer.headers.location]).toEqual([303, '/answers/leaving?queue=audit']);
    expect((await tasks()).filter(({ inclusion }) => inclusion === 1)).toHaveLength(20);
    const page = await boss.get('/leaving?period=all&segment=B%C3%BCro');
    expect(page.text).toContain('20 answers are drawn and wait to be checked.');
    expect(page.text).not.toContain('action="/leaving/audit"');
  });

  test('the same are drawn whether their filter is rare among the answers or not', async () => {
    const lowestOf = async (among: number) => {
      let found: unknown;
      const audits = {
        ...running.app.coding.audits,
        draw: async (_: unknown, { lowest }: Lowest) => (found = await lowest(15)),
      };
      const estimates = createEstimates({ storage: on.storage(), audits, programmeKey: 'leaving' });
      await estimates.draw(COMMAND, { from: '0001-01-01', to: '9999-12-31', segment: 'Café' }, 15, among);
      return (found as { responseId: string; random: number }[]).map(({ responseId, random }) => ({
        responseId,
        random,
      }));
    };
    const rare = await lowestOf(40);
    expect(rare.map(({ random }) => random)).toEqual(rare.map(({ random }) => random).sort((a, b) => a - b));
    expect(rare).toHaveLength(15);
    expect(await lowestOf(1_000_000)).toEqual(rare);
  });

  test('whoever comes into an audited filter later is drawn like those before, by their number; others are not', async () => {
    const template = await leaving.answer({ words: 'Too late.' });
    const covers = { from: '0001-01-01', to: (await report()).period.to, segment: 'Büro' };
    const { responseId } = left[45]!;
    await running.app.coding.audits.draw(COMMAND, {
      programmeId: leaving.programmeId,
      covers,
      wanted: 1,
      lowest: async () => [0.1, 0.4].map((random) => ({ responseId, random })),
    });
    const segments = ['Büro', 'Hotel', 'Büro'];
    const number = (i: number) => (i < 2 ? 0.3 : 0.5);
    const late = await othersLike(on.storage(), running.clock, template, 3, (i) => ({ segment: segments[i] }), number);
    await refresh(late);
    const inclusions = await Promise.all(
      late.map(async ({ responseId }) => (await tasks()).find((task) => task.response_id === responseId)?.inclusion),
    );
    expect(inclusions).toEqual([0.4, null, null]);
    await on.storage().transaction(async (tx) => {
      await tx
        .deleteFrom('leaver')
        .where(
          'customer_id',
          'in',
          late.map(({ customerId }) => customerId),
        )
        .execute();
    });
  });

  test('some audited: marked as few; enough: estimated, the same on the page, in the file and in the interface', async () => {
    await staff.get('/answers');
    expect((await staff.get('/leaving')).status).toBe(403);
    expect((await staff.post('/leaving/audit', { period: 'all' })).headers.location).toContain('queue=audit');
    await checkUntil(20);
    const few = await report();
    expect(few).toMatchObject({ basis: 'few', audit: { read: 60, audited: 20 } });
    addsUp(few);
    expect((await boss.get('/leaving?period=all')).text).toContain('Only 20 of 60 answers have been drawn at random');
    for (let i = 0; i < 51; i++) await check(i);
    await on.storage().transaction(async (tx) => {
      // As if all had been drawn with the same chance.
      await tx.updateTable('coding_task').set({ inclusion: 0.85 }).where('state', '=', 'coded').execute();
    });
    const found = await report();
    expect(found.basis).toBe('estimated');
    addsUp(found);
    expect(found.reasons.map(({ key }) => key).slice(0, 3)).toEqual(KEYS);
    found.reasons.slice(0, 3).forEach(({ coded, key }, i) => {
      const truth = (60 * REAL[i]! + (key === 'price' ? 80 : 0)) / 140;
      expect(coded.low! <= truth && truth <= coded.high!).toBe(true);
    });
    const page = await boss.get('/leaving?period=all');
    const csv = parse((await boss.get('/leaving.csv?period=all')).text, { columns: true, bom: true }) as Record<
      string,
      string
    >[];
    const token = await running.app.accounts.createToken({ name: 'Report', role: 'manager' });
    const response = await fetch(`${running.baseUrl}/api/v1/reports/leaving?period=all`, {
      headers: { authorization: `Bearer ${token.token}` },
    });
    const api = (await response.json()) as typeof found;
    expect(api).toMatchObject({
      basis: 'estimated',
      base: found.base,
      audit: found.audit,
      unknown: { count: found.unknown.count },
    });
    found.reasons.forEach((row, i) => {
      expect(api.reasons[i]).toMatchObject({ key: row.key, count: row.count, coded: row.coded, lost: row.lost });
      const line = csv.find((each) => each.row === 'reason' && each.key === row.key)!;
      expect(line).toMatchObject({
        n: String(row.count),
        base: String(found.base),
        share: row.coded.share.toFixed(4),
        share_low: row.coded.low!.toFixed(4),
        lost_a_year: (row.lostMinor / 100).toFixed(2),
        basis: 'estimated',
        audited: String(found.audit!.audited),
        needed: String(found.audit!.needed),
      });
      expect(page.text).toContain(`about ${row.count}`);
    });
  });

  test('groups and times stand beside each other with intervals that allow for who happened to leave, too', async () => {
    const lines = async (path: string) =>
      parse((await boss.get(path)).text, { columns: true, bom: true }) as Record<string, string>[];
    const { coded, count } = (await report()).reasons.find(({ key }) => key === 'quality')!;
    const [all] = (await lines('/leaving/by/segment.csv?period=all')).filter(
      ({ value, key }) => value === '**' && key === 'quality',
    );
    const [step] = (await lines('/leaving/trend.csv?period=all')).filter(
      ({ key, n }) => key === 'quality' && n !== '0',
    );
    for (const line of [all!, step!]) {
      expect(line).toMatchObject({ n: String(count), share: coded.share.toFixed(4) });
      expect(Number(line.share_high) - Number(line.share_low)).toBeGreaterThan(1.2 * (coded.high! - coded.low!));
    }
    expect((await boss.get('/leaving/by/segment?period=all')).text).toContain(
      'Their intervals also allow for who happened to leave',
    );
    expect((await boss.get('/leaving?period=all')).text).toContain('their band also allows for who happened to leave');
  });

  test('one in which a colleague found no main reason is checked, and its reason unknown', async () => {
    const before = await report();
    await checkWithoutMain(51);
    const after = await report();
    addsUp(after);
    expect(after.audit).toMatchObject({ audited: before.audit!.audited + 1, waiting: before.audit!.waiting - 1 });
    expect(after.unknown.count).toBeGreaterThan(before.unknown.count);
    const { weighted, base } = await running.app.reports.wholeReport({ period: 'all' });
    expect(weighted!.effective).toBeLessThanOrEqual(base + 1e-6);
  });

  test('answers behind a reason say whose word it is', async () => {
    const unsure = left.slice(51).map(({ responseId }) => responseId);
    await on.storage().transaction(async (tx) => {
      for (const responseId of unsure) {
        const main = id(mainOf(left.findIndex((each) => each.responseId === responseId)));
        await tx
          .updateTable('main_reason')
          .set({ source: 'engine', code_id: main })
          .where('response_id', '=', responseId)
          .execute();
      }
    });
    await refresh(left);
    const pages = await Promise.all(
      [0, 0.3, 0.6, 0.8].map((after) => boss.get(`/leaving/reasons/quality?period=all&after=${after}`)),
    );
    const text = pages.map((page) => page.text).join();
    expect(text).toContain('By the engine, 70%.');
    expect(text).toContain('Coded by Ingrid Solheim.');
    expect(text).toContain('those for which this is the likeliest reason');
  });

  test('a code of the second level counts what people coded, beside an estimate and without one', async () => {
    const faulty = id('quality_faulty');
    const page = async () => (await boss.get('/leaving/reasons/quality_faulty?period=all')).text;
    expect(await page()).toContain('Nobody left mainly for this reason in this period.');
    expect(await page()).not.toContain('shown below');
    await running.app.coding.saveCoding(colleague(leaving.accountId), {
      responseId: left[1]!.responseId,
      questionKey: 'happened',
      codeIds: [faulty],
      mainCodeId: faulty,
      blind: true,
    });
    expect((await report()).audit).not.toBeNull();
    const text = await page();
    expect(text).toContain('One customer left mainly for this reason, worth €300 a year. One answer is shown below.');
    expect(text).toContain('As far as colleagues have coded the answers.');
    expect(text).not.toContain('likeliest reason');
  });

  test('all coded by people: counted, and nothing is asked', async () => {
    for (let i = 51; i < 60; i++) await check(i);
    const found = await report();
    expect(found).toMatchObject({ basis: 'counted', audit: null, base: 140 });
    expect(found.reasons.map(({ key, count }) => [key, count]).slice(0, 3)).toEqual([
      ['price', 110],
      ['quality', 18],
      ['dissatisfaction', 12],
    ]);
    addsUp(found);
    expect((await boss.get('/leaving/reasons/quality_faulty?period=all')).text).toContain(
      'One customer left mainly for this reason, worth €300 a year.',
    );
    expect((await boss.post('/leaving/audit', { period: 'all' })).headers.location).toBe('/leaving?period=all');
    await checkWithoutMain(59);
    const without = await report();
    expect(without).toMatchObject({ basis: 'counted', audit: null, base: 139, unknown: { count: 1 } });
    addsUp(without);
    // Neither in an audit nor with a main reason: the others' words still count as they stand.
    await checkWithoutMain(58, false);
    const two = await report();
    expect(two).toMatchObject({ basis: 'counted', audit: null, base: 138, unknown: { count: 2 } });
    addsUp(two);
  });
});
