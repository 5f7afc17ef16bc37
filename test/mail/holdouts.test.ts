import { beforeAll, expect, test } from '@jest/globals';
import { colleague, COMMAND } from '../../src/shared/actor.ts';
import { startApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { leavers, newWave } from '../support/waves.ts';
import { wavesOn } from '../support/waves-on.ts';

onBothEngines((on) => {
  const here = wavesOn(on, { keepsMail: true });
  let programmeId: string;
  beforeAll(async () => {
    const all = await here.app.questionnaires.programmes();
    programmeId = all.find(({ key }) => key === 'leaving')?.id ?? '';
  });

  const read = () => on.storage().read;
  const add = (rows: ReturnType<typeof leavers>) => here.app.customers.upsertMany(COMMAND, rows);
  const setShare = (share: number) =>
    here.app.invitations.holdouts.setShare(colleague(here.ready.senderId), programmeId, share);
  async function start(): Promise<string> {
    const id = await newWave(here.app, here.ready, { reminderDays: [] });
    await here.app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
    await here.app.runDue();
    return id;
  }
  async function withheld(id: string): Promise<string[]> {
    const rows = await read()
      .selectFrom('invitation')
      .select('customer_id')
      .where('wave_id', '=', id)
      .where('delivery', '=', 'withheld')
      .orderBy('customer_id')
      .execute();
    return rows.map((row) => row.customer_id);
  }
  async function accounts(id: string) {
    const { accounts: all } = await here.app.invitations.waveStatus(id);
    const { sent, unknown, failed, cancelled, queued, sending, skipped } = all;
    expect(sent + unknown + failed + cancelled + skipped + all.withheld + queued + sending).toBe(all.recipients);
    return all;
  }

  test('off until somebody switches it on: nobody is drawn, nobody withheld', async () => {
    await add(leavers(30));
    const id = await start();
    expect(await accounts(id)).toMatchObject({ sent: 30, withheld: 0 });
    expect(await here.app.invitations.holdouts.state(read(), programmeId)).toEqual({
      share: 0,
      changed: null,
      drawn: 0,
      heldOut: 0,
    });
  });

  test('drawn once, before anything is sent; withheld in every wave after, also when the share changes', async () => {
    await add(leavers(200, (i) => (i === 0 ? { email: '' } : {})));
    await setShare(30);
    const first = await start();
    const held = await withheld(first);
    expect(held.length).toBeGreaterThan(30);
    expect(held.length).toBeLessThan(95);
    expect(await accounts(first)).toMatchObject({ sent: 199 - held.length, withheld: held.length, skipped: 1 });
    const state = await here.app.invitations.holdouts.state(read(), programmeId);
    expect(state).toMatchObject({ share: 30, drawn: 199, heldOut: held.length });
    expect(state.changed).toMatchObject({ changed_by: here.ready.senderId, changed_at: '2026-11-10T08:05:00.000Z' });
    const all = await read().selectFrom('customer').select('id').execute();
    const ids = all.map((row) => row.id);
    const isHeld = await here.app.invitations.holdouts.isHeldOut(read(), programmeId, ids);
    expect([...isHeld].sort()).toEqual(held);
    await setShare(0);
    here.clock.advance({ days: 100 });
    const second = await start();
    expect(await withheld(second)).toEqual(held);
    await setShare(50);
    here.clock.advance({ days: 100 });
    expect(await withheld(await start())).toEqual(held);
  });

  test('withheld costs no budget, sends nothing, and another programme may write', async () => {
    await add(leavers(60));
    await setShare(50);
    const held = await withheld(await start());
    const may = await here.app.invitations.contacts.mayContact(read(), held, 'survey', here.clock.now().toISOString());
    expect([...may.values()].every((each) => each.may)).toBe(true);
    const other = (await here.app.questionnaires.programmes()).find(({ key }) => key === 'satisfaction')?.id ?? '';
    expect(await here.app.invitations.holdouts.isHeldOut(read(), other, held)).toEqual(new Set());
  });

  test('whoever was asked before is never drawn for the holdout', async () => {
    await add(leavers(40));
    await start();
    await setShare(50);
    await add(leavers(40, () => ({}), 40));
    here.clock.advance({ days: 100 });
    const id = await start();
    const held = new Set(await withheld(id));
    const old = await read().selectFrom('customer').select('id').where('reference', '<', 'W-0040').execute();
    expect(old.filter((row) => held.has(row.id))).toEqual([]);
    expect(held.size).toBeGreaterThan(5);
    const state = await here.app.invitations.holdouts.state(read(), programmeId);
    expect(state.drawn).toBe(40);
  });

  test('two waves at the same moment draw everybody once, with one outcome', async () => {
    await add(leavers(150));
    await setShare(40);
    const ids = [await newWave(here.app, here.ready), await newWave(here.app, here.ready)];
    for (const id of ids) await here.app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
    const other = await startApp(on.storage(), { clock: here.clock });
    await Promise.all([here.app.invitations.work(), other.app.invitations.work()]);
    await other.close();
    const [a, b] = await Promise.all(ids.map(accounts));
    expect((a?.queued ?? 0) + (b?.queued ?? 0)).toBe(150 - (a?.withheld ?? 0));
    expect((await here.app.invitations.holdouts.state(read(), programmeId)).drawn).toBe(150);
  });

  test('the check says about how many; the page says why it is off, who changed it, and is the manager’s', async () => {
    await add(leavers(100));
    const manager = await here.running.signIn('manager', 'Ingrid Solheim');
    const staff = await here.running.signIn('staff', 'Tom Berg');
    const rules = await manager.get('/waves/rules');
    expect(rules.text).toContain('with 100 customers who left');
    const action = `/waves/rules/holdout/${programmeId}`;
    expect((await manager.post(action, { share: '60' })).status).toBe(422);
    expect((await manager.post(action, { share: '20' })).status).toBe(303);
    expect((await manager.post('/waves/rules/budget', { days: '0' })).status).toBe(422);
    expect((await manager.post('/waves/rules/budget', { days: '120' })).status).toBe(303);
    const after = (await manager.get('/waves/rules')).text;
    expect(after).toContain('Last changed by Ingrid Solheim');
    expect(after).toContain('value="120"');
    const id = await newWave(here.app, here.ready);
    expect((await staff.get(`/waves/${id}`)).text).toContain('About 20 of them are drawn for the holdout');
    expect((await staff.get('/waves/rules')).text).not.toContain('name="share"');
    expect((await staff.post(action, { share: '20' })).status).toBe(403);
    expect((await staff.post('/waves/rules/budget', { days: '5' })).status).toBe(403);
  });
});
