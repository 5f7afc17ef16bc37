import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { COMMAND } from '../../src/shared/actor.ts';
import type { Tx } from '../../src/storage/index.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { forgetWaves, leavers, newWave, readyToSend } from '../support/waves.ts';

onBothEngines((on) => {
  let running: TestApp;
  let ready: { senderId: string; questionnaireId: string };

  beforeAll(async () => {
    running = await startApp(on.storage());
    ready = await readyToSend(running.app);
  });
  afterAll(() => running.close());
  afterEach(() => forgetWaves(on.storage()));

  /** A wave that has gone to six people; it and their invitations. */
  async function sent() {
    await running.app.customers.upsertMany(COMMAND, leavers(6));
    const id = await newWave(running.app, ready);
    await running.app.invitations.startWaveAtOnce(COMMAND, id);
    await running.app.runDue();
    const rows = await on.storage().read.selectFrom('invitation').select('id').where('wave_id', '=', id).execute();
    return { id, ids: rows.map((each) => each.id) };
  }

  /** One by one. */
  async function counted(id: string) {
    const rows = await on.storage().read.selectFrom('invitation').selectAll().where('wave_id', '=', id).execute();
    const of = (is: (row: (typeof rows)[number]) => boolean) => rows.filter(is).length;
    return {
      recipients: rows.length,
      sent: of(({ delivery }) => delivery === 'sent'),
      bounced: of((row) => row.delivery === 'sent' && row.bounced_at !== null),
      reached: of((row) => row.delivery === 'sent' && row.reached_at !== null),
      started: of(({ progress }) => progress === 'started' || progress === 'completed'),
      completed: of(({ progress }) => progress === 'completed'),
      optedOut: of(({ progress }) => progress === 'opted_out'),
    };
  }
  const listed = async (id: string) => {
    const { rows } = await running.app.invitations.listWaves(null);
    return rows.find(({ wave }) => wave.id === id)?.accounts;
  };
  const kept = async () => await on.storage().read.selectFrom('wave_count').selectAll().execute();

  test('counts of a wave that is over are kept, and whatever changes afterwards shows at once', async () => {
    const { id, ids } = await sent();
    const [first, second, third, fourth] = ids as [string, string, string, string];
    await running.app.runDue();
    expect((await kept()).map((row) => row.wave_id)).toEqual([id]);
    expect(await listed(id)).toMatchObject(await counted(id));
    const { invitations } = running.app;
    const wave = await invitations.getWave(id);
    const changes: ((tx: Tx) => Promise<unknown>)[] = [
      (tx) => invitations.markStarted(tx, first),
      (tx) => invitations.markCompleted(tx, first),
      (tx) => invitations.optOut(tx, second),
      (tx) => invitations.markBounced(tx, third),
      (tx) => invitations.reachedOtherwise(tx, wave, { id: third, from: 'sent', language: 'en' }),
      (tx) => invitations.letterCameBack(tx, third),
      (tx) => invitations.markStarted(tx, fourth),
    ];
    for (const [i, change] of changes.entries()) {
      await on.storage().transaction(change);
      const now = await counted(id);
      expect([i, await listed(id)]).toMatchObject([i, now]);
      expect([i, (await invitations.waveStatus(id)).accounts]).toMatchObject([i, now]);
      running.clock.advance({ minutes: 61 });
      await running.app.runDue();
      expect((await kept()).map((row) => row.has_changed)).toEqual([0]);
      expect([i, await listed(id)]).toMatchObject([i, now]);
      running.clock.advance({ minutes: 2 });
      await running.app.runDue();
      expect((await kept()).map((row) => row.counts)).toEqual([expect.any(String)]);
      expect([i, await listed(id)]).toMatchObject([i, now]);
    }
  });

  test('what is kept is what the pages read, and counted again once an hour at most', async () => {
    const { id, ids } = await sent();
    await running.app.runDue();
    const [row] = await kept();
    const wrong = { progress: [{ progress: 'completed', count: 5 }], delivery: [] };
    const put = (counts: object) =>
      on.storage().transaction((tx) =>
        tx
          .updateTable('wave_count')
          .set({ counts: JSON.stringify(counts) })
          .execute(),
      );
    await put(wrong);
    expect(await listed(id)).toMatchObject({ completed: 5 });
    await on.storage().transaction((tx) => running.app.invitations.markStarted(tx, ids[0]!));
    expect(await listed(id)).toMatchObject({ started: 1, completed: 0 });
    await running.app.runDue();
    expect((await kept())[0]?.followed_at).toBe(row!.followed_at);
    expect(await listed(id)).toMatchObject({ started: 1, completed: 0 });
  });

  test('while answers are still coming in, the response rate says that it is so far; later it stands by itself', async () => {
    const { token } = await running.app.accounts.createToken({ name: 'Waves', role: 'manager' });
    await running.app.customers.upsertMany(COMMAND, leavers(20));
    const id = await newWave(running.app, ready);
    await running.app.invitations.startWaveAtOnce(COMMAND, id);
    await running.app.runDue();
    const { startedAt } = await running.app.invitations.getWave(id);
    const settled = new Date(Date.parse(startedAt ?? '') + 14 * 24 * 3_600_000);
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${running.baseUrl}/api/v1/waves/${id}`, { headers });
    expect(await answer.json()).toMatchObject({ settlesAt: settled.toISOString() });
    const report = await fetch(`${running.baseUrl}/api/v1/reports/leaving`, { headers });
    expect(await report.json()).toMatchObject({ asked: 20, comingInUntil: settled.toISOString().slice(0, 10) });
    const shown = async () => {
      // Nobody stays signed in for two weeks.
      const boss = await running.signIn('manager');
      const list = (await boss.get('/waves')).text;
      const page = (await boss.get(`/waves/${id}`)).text;
      const rate = /0\.0% \(0\.0–16\.1\)[^<]*/.exec(list)?.[0];
      const why = (await boss.get('/leaving')).text;
      const month = (await boss.get(`/summary?month=${running.clock.now().toISOString().slice(0, 7)}`)).text;
      const file = parse<Record<string, string>>((await boss.get('/leaving.csv')).text, { columns: true, bom: true });
      const answered = file.find(({ row }) => row === 'answered');
      return [
        rate,
        ...[page, why, month].map((each) => each.includes('still coming in')),
        ...['n', 'base', 'share', 'coming_in_until'].map((column) => answered?.[column]),
      ];
    };
    const counted = ['0', '20', '0.0000'];
    const day = settled.toISOString().slice(0, 10);
    const soFar = ['0.0% (0.0–16.1), so far', true, true, true, ...counted, day];
    expect(await shown()).toEqual(soFar);
    running.clock.advance({ minutes: Math.floor((settled.getTime() - running.clock.now().getTime()) / 60_000) - 1 });
    expect(await shown()).toEqual(soFar);
    running.clock.advance({ minutes: 2 });
    expect(await shown()).toEqual(['0.0% (0.0–16.1)', false, false, false, ...counted, '']);
  });
});
