import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { CustomerRow } from '../../src/customers/index.ts';
import { COMMAND, colleague } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { startAnswering, type Answering } from '../support/coding.ts';
import { onBothEngines } from '../support/engines.ts';
import { barsSaid, partsOf } from '../support/page-parts.ts';
import { leavers } from '../support/waves.ts';

type Line = Record<string, string>;
type Figures = Awaited<ReturnType<TestApp['app']['reports']['wholeReport']>>;

onBothEngines((on) => {
  let running: TestApp;
  let leaving: Answering;
  let boss: Person & { accountId: string };
  let anna: Person & { accountId: string };
  let token: string;
  let people = 700;

  beforeAll(async () => {
    running = await startApp(on.storage());
    leaving = await startAnswering(on.storage(), running.app, running.clock);
    [boss, anna] = [await running.signIn('manager', 'Carla Dahl'), await running.signIn('staff', 'Anna Berg')];
    ({ token } = await running.app.accounts.createToken({ name: 'Report', role: 'manager' }));
  });
  afterAll(() => running.close());

  const leaver = async (n = ++people, more: Partial<CustomerRow> = {}): Promise<string> => {
    const fields = { telephone: `0431 555 ${n}`, yearlyValueMinor: 100_000, customerSince: '2020-05-01', ...more };
    const [made] = await running.app.customers.upsertMany(
      COMMAND,
      leavers(1, () => fields, n),
    );
    return made!.id;
  };
  /** Whoever was invited has left, and may be called. */
  const leaves = async (invitationId: string): Promise<string> =>
    await on.storage().transaction(async (tx) => {
      const { customer_id: id } = await tx
        .selectFrom('invitation')
        .select('customer_id')
        .where('id', '=', invitationId)
        .executeTakeFirstOrThrow();
      const basis = {
        legal_basis: 'existing_customer',
        legal_basis_source: 'contract',
        legal_basis_on: '2024-01-01',
      } as const;
      await tx
        .updateTable('customer')
        .set({ status: 'left', left_on: '2026-10-20', telephone: '0431 555 01', ...basis })
        .where('id', '=', id)
        .execute();
      await running.app.recovery.winback.refresh(tx, [id]);
      await running.app.reports.refreshLeavers(tx, [id]);
      return id;
    });
  const call = async (id: string, fields: Record<string, string>): Promise<string> => {
    await anna.get('/winback');
    const { headers } = await anna.post(`/winback/${id}/case`);
    const caseId = /\/cases\/([0-9a-f-]{36})\/call/.exec(headers.location ?? '')?.[1] ?? '';
    await anna.post(`/cases/${caseId}/call/claim`);
    expect((await anna.post(`/cases/${caseId}/call`, fields)).status).toBe(303);
    return caseId;
  };
  const csv = async (path: string) => parse((await boss.get(path)).text, { columns: true, bom: true }) as Line[];
  const api = async <T = Figures>(path = ''): Promise<T> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await (await fetch(`${running.baseUrl}/api/v1/reports/leaving${path}`, { headers })).json()) as T;
  };
  const reason = async (key: string) => (await api()).reasons.find((row) => row.key === key)!;
  const sumUp = () => running.app.reports.sumUp(running.app.leases);

  test('a reason kept on a call counts with its money, on the page, in the file, by group and in the trend', async () => {
    const before = await api();
    const id = await leaver();
    expect((await api()).unknown.count).toBe(before.unknown.count + 1);
    await call(id, { outcome: 'thinking', reason: 'price', said: 'Dearer every year' });
    const check = async () => {
      const after = await api();
      expect(after).toMatchObject({ base: before.base + 1, asked: before.asked, answered: before.answered });
      expect(after.bySource).toMatchObject({ call: 1, colleague: before.bySource.colleague });
      expect(await reason('price')).toMatchObject({ count: 1, fromCalls: 1, lostMinor: 100_000 });
      expect(after.unknown).toMatchObject({ count: before.unknown.count, lostMinor: before.unknown.lostMinor });
      const lines = await csv('/leaving.csv');
      expect(lines.find(({ key }) => key === 'price')).toMatchObject({
        n: '1',
        from_calls: '1',
        lost_a_year: '1000.00',
      });
      const trend = await csv('/leaving/trend.csv');
      expect(trend.filter(({ key }) => key === 'price').reduce((sum, { n }) => sum + Number(n), 0)).toBe(1);
      const groups = await csv('/leaving/by/channel.csv');
      expect(groups.find(({ value, key }) => value === 'call' && key === 'price')).toMatchObject({ n: '1', base: '1' });
    };
    await check();
    await sumUp();
    await check();
    const page = (await boss.get('/leaving')).text;
    expect(page).toContain('a colleague heard on a call to win them back');
    // The bars say nothing that the figures beside them do not, so nobody hears an empty cell.
    expect([page.includes('class="bars'), barsSaid(page)]).toEqual([true, []]);
    const { listed, headings } = partsOf(page);
    expect([listed.includes('reasons'), listed]).toEqual([true, headings]);
    expect((await boss.get('/leaving/reasons/price')).text).toContain('1 of them never answered our questions');
    const byChannel = (await boss.get('/leaving/by/channel')).text;
    expect(byChannel).toContain('On a call to win them back');
    expect(byChannel).toContain('One customer left (reasons known: 1); here by group.');
  });

  test('another reason takes its place, and whoever is back has none', async () => {
    const n = ++people;
    const caseId = await call(await leaver(n), { outcome: 'thinking', reason: 'price' });
    const price = (await reason('price')).count;
    await anna.post(`/cases/${caseId}/call/claim`);
    expect(
      (await anna.post(`/cases/${caseId}/call`, { outcome: 'thinking', reason: 'promises_callback' })).status,
    ).toBe(303);
    expect((await reason('price')).count).toBe(price - 1);
    const { count, parts } = await reason('promises');
    expect([count, parts.find(({ key }) => key === 'promises_callback')?.count]).toEqual([1, 1]);
    await anna.post(`/cases/${caseId}/call/claim`);
    expect((await anna.post(`/cases/${caseId}/call`, { outcome: 'thinking', reason: 'unknown' })).status).toBe(303);
    expect((await reason('promises')).count).toBe(0);
    const unsure = (figures: Figures) =>
      figures.unknown.parts.find((part) => part.knowledge === 'does_not_know')!.count;
    const all = await api();
    await leaver(n, { status: 'active', leftOn: null });
    expect(unsure(await api())).toBe(unsure(all) - 1);
  });

  test('an answer outranks the call, coded or not; whoever was asked and is silent counts as asked', async () => {
    const invitation = await leaving.invite();
    const id = await leaves(invitation);
    const before = await api();
    await call(id, { outcome: 'thinking', reason: 'price' });
    const spoken = await api();
    expect(spoken).toMatchObject({ asked: before.asked, answered: before.answered, base: before.base + 1 });
    const price = (await reason('price')).count;
    const { responseId } = await leaving.answer({ words: 'The roast was burnt.' }, invitation);
    expect(await api()).toMatchObject({ asked: before.asked, answered: before.answered + 1, base: before.base });
    expect((await reason('price')).count).toBe(price - 1);
    const { count } = await reason('quality');
    const given = { responseId, questionKey: 'happened', codes: ['quality'], main: 'quality' };
    await running.app.coding.codeResponse(colleague(anna.accountId), given);
    expect(await reason('quality')).toMatchObject({ count: count + 1 });
    expect((await api()).bySource).toMatchObject({ colleague: before.bySource.colleague + 1 });
  });

  test('a conversation about an earlier leaving says nothing of this one', async () => {
    const n = ++people;
    await call(await leaver(n), { outcome: 'lost', reason: 'quality' });
    const { count } = await reason('quality');
    expect(count).toBeGreaterThan(0);
    await leaver(n, { leftOn: running.clock.now().toISOString().slice(0, 10) });
    expect((await reason('quality')).count).toBe(count);
    running.clock.advance({ minutes: 2 * 24 * 60 });
    await leaver(n, { leftOn: running.clock.now().toISOString().slice(0, 10) });
    expect((await reason('quality')).count).toBe(count - 1);
  });
});
