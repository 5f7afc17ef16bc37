import { beforeAll, expect, test } from '@jest/globals';
import { sql, type Kysely } from 'kysely';
import { colleague, COMMAND } from '../../src/shared/actor.ts';
import type { Person } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { addressOf, leavers, newWave } from '../support/waves.ts';
import { wavesOn } from '../support/waves-on.ts';

onBothEngines((on) => {
  const here = wavesOn(on);
  let staff: Person & { accountId: string };
  beforeAll(async () => {
    staff = await here.running.signIn('staff', 'Ingrid Solheim');
  });

  const { pauseWave, resumeWave, startWave, stopWave, waveStatus } = {
    pauseWave: (id: string) => here.app.invitations.pauseWave(COMMAND, id),
    resumeWave: (id: string) => here.app.invitations.resumeWave(COMMAND, id),
    startWave: (id: string, holdMinutes = 0) => here.app.invitations.startWave(COMMAND, id, { holdMinutes }),
    stopWave: (id: string) => here.app.invitations.stopWave(COMMAND, id),
    waveStatus: (id: string) => here.app.invitations.waveStatus(id),
  };

  async function started(count: number, holdMinutes = 0): Promise<string> {
    await here.app.customers.upsertMany(COMMAND, leavers(count));
    const id = await newWave(here.app, here.ready);
    await startWave(id, holdMinutes);
    await here.app.invitations.work();
    return id;
  }
  async function accounts(id: string) {
    const { accounts: all, wave } = await waveStatus(id);
    const { sent, unknown, failed, cancelled, queued, sending, withheld, skipped } = all;
    expect(sent + unknown + failed + cancelled + skipped + withheld + queued + sending).toBe(all.recipients);
    return { state: wave.state, ...all };
  }

  test('of a paused wave nothing is taken up; resumed, everybody gets it once', async () => {
    const id = await started(250);
    await pauseWave(id);
    await here.app.runDue();
    await here.app.mailer.sendDue();
    expect(await accounts(id)).toMatchObject({ state: 'paused', queued: 250, sent: 0 });
    expect(here.smtp.received).toEqual([]);
    here.clock.advance({ days: 1 });
    await resumeWave(id);
    await here.app.runDue();
    expect(await accounts(id)).toMatchObject({ state: 'finished', sent: 250 });
    expect(here.recipients()).toEqual(Array.from({ length: 250 }, (_, i) => addressOf(i)));
  });

  test('while the mail server takes nothing the wave says so and why, and nothing any more once it does', async () => {
    const id = await started(3);
    const page = async () => (await staff.get(`/waves/${id}`)).text;
    expect(await page()).not.toContain('The mail server takes nothing for now');
    here.smtp.behaviour = { mailFrom: () => 421 };
    await here.app.runDue();
    expect(await accounts(id)).toMatchObject({ state: 'sending', queued: 3 });
    expect(await page()).toContain('The mail server takes nothing for now (421)');
    here.smtp.behaviour = {};
    await here.app.runDue();
    expect(await accounts(id)).toMatchObject({ state: 'finished', sent: 3 });
    expect(await page()).not.toContain('The mail server takes nothing for now');
  });

  test('paused while a slow server takes what was claimed: the rest of it waits, and everybody gets it once', async () => {
    const id = await started(60);
    const first = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    here.smtp.behaviour = {
      data: async () => {
        first.resolve();
        await goOn.promise;
        return undefined;
      },
    };
    const sending = here.app.mailer.sendDue();
    await first.promise;
    await pauseWave(id);
    await new Promise((waited) => setTimeout(waited, 400));
    goOn.resolve();
    await sending;
    // Two chunks of 20 were claimed; of each, the ten whose turn had come are with the server.
    expect(here.smtp.received.length).toBeLessThanOrEqual(20);
    const gone = here.smtp.received.length;
    expect(await accounts(id)).toMatchObject({ state: 'paused', sent: gone, queued: 60 - gone, sending: 0 });
    await resumeWave(id);
    await here.app.runDue();
    expect(await accounts(id)).toMatchObject({ state: 'finished', sent: 60 });
    expect(here.recipients()).toEqual(Array.from({ length: 60 }, (_, i) => addressOf(i)).sort());
  });

  test('whoever opts out while a slow server takes what was claimed gets nothing when their turn comes', async () => {
    const id = await started(20);
    const first = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    here.smtp.behaviour = {
      data: async () => {
        first.resolve();
        await goOn.promise;
        return undefined;
      },
    };
    const sending = here.app.mailer.sendDue();
    await first.promise;
    const { rows } = await here.app.invitations.listInvitations(id, {}, null);
    await on.storage().transaction(async (tx) => {
      for (const { customerId } of rows) await here.app.customers.unsubscribe(tx, customerId ?? '', 'telephone');
    });
    await new Promise((waited) => setTimeout(waited, 400));
    goOn.resolve();
    await sending;
    const gone = here.smtp.received.length;
    expect(gone).toBeLessThanOrEqual(10);
    expect(await accounts(id)).toMatchObject({ sent: gone, cancelled: 20 - gone });
  });

  test('a paused wave does not stand in the way of another, nor of mail about accounts', async () => {
    const id = await started(60);
    await pauseWave(id);
    await here.app.customers.upsertMany(
      COMMAND,
      leavers(5, () => ({ segment: 'later' }), 60),
    );
    const other = await newWave(here.app, here.ready, { audience: { segments: ['later'] } });
    await startWave(other);
    await here.app.runDue();
    expect(await accounts(other)).toMatchObject({ state: 'finished', sent: 5 });
    expect(await accounts(id)).toMatchObject({ state: 'paused', queued: 60 });
  });

  test('paused in the middle of enrolling it goes on where it was, and takes in nobody who came later', async () => {
    await here.app.customers.upsertMany(COMMAND, leavers(30));
    const id = await newWave(here.app, here.ready);
    await startWave(id);
    await pauseWave(id);
    await here.app.runDue();
    expect(await accounts(id)).toMatchObject({ state: 'paused', recipients: 0 });
    await resumeWave(id);
    await here.app.invitations.work();
    await pauseWave(id);
    await here.app.customers.upsertMany(
      COMMAND,
      leavers(3, () => ({}), 30),
    );
    await resumeWave(id);
    await here.app.runDue();
    expect(await accounts(id)).toMatchObject({ state: 'finished', recipients: 30, sent: 30 });
  });

  test('resuming within the hold does not shorten it', async () => {
    const id = await started(3, 5);
    await pauseWave(id);
    here.clock.advance({ minutes: 2 });
    await resumeWave(id);
    await here.app.runDue();
    expect(here.smtp.received).toEqual([]);
    here.clock.advance({ minutes: 3 });
    await here.app.runDue();
    expect(here.smtp.received).toHaveLength(3);
  });

  test('a paused wave can be stopped; what was held back is cancelled, and nothing is left behind', async () => {
    const id = await started(40);
    await pauseWave(id);
    await here.app.mailer.sendDue();
    await stopWave(id);
    await here.app.runDue();
    expect(await accounts(id)).toMatchObject({ state: 'stopped', cancelled: 40 });
    expect(await here.app.mailer.parked(on.storage().read)).toEqual([]);
    expect(here.smtp.received).toEqual([]);
  });

  test('pausing and resuming twice says so; a draft and a stopped wave cannot be paused', async () => {
    await here.app.customers.upsertMany(COMMAND, leavers(1));
    const id = await newWave(here.app, here.ready);
    await expect(pauseWave(id)).rejects.toMatchObject({ key: 'waves.error.notRunning' });
    await startWave(id);
    await pauseWave(id);
    await expect(pauseWave(id)).rejects.toMatchObject({ key: 'waves.error.notRunning' });
    await resumeWave(id);
    await expect(resumeWave(id)).rejects.toMatchObject({ key: 'waves.error.notPaused' });
    await stopWave(id);
    await expect(pauseWave(id)).rejects.toMatchObject({ key: 'waves.error.notRunning' });
  });

  test('by button: pause, resume, and what became of one recipient, with who decided', async () => {
    const id = await started(3);
    const at = `/waves/${id}`;
    expect((await staff.get(at)).text).toContain('>Pause<');
    expect((await staff.post(`${at}/pause`)).headers.location).toBe(at);
    const paused = (await staff.get(at)).text;
    expect(paused).toContain('>Paused<');
    expect(paused).not.toContain('>Pause<');
    expect((await staff.post(`${at}/pause`)).status).toBe(409);
    await staff.get(at);
    expect((await staff.post(`${at}/resume`)).status).toBe(303);
    here.smtp.behaviour = { data: () => 'drop' };
    await here.app.runDue();
    expect(await accounts(id)).toMatchObject({ unknown: 3 });
    expect((await staff.get('/today')).text).toMatch(
      new RegExp(`<a href="${at}">Of 3 messages of “[^”]+” nobody knows whether they arrived</a>`),
    );
    expect((await staff.get(at)).text).toContain('Nobody knows whether 3 messages arrived');
    expect((await staff.post(`${at}/decision`, { decision: 'again' })).status).toBe(303);
    here.smtp.behaviour = {};
    here.smtp.received.length = 0;
    await here.app.runDue();
    expect(here.recipients()).toHaveLength(3);
    expect(await accounts(id)).toMatchObject({ state: 'finished', sent: 3 });
    expect((await staff.get('/today')).text).not.toContain('nobody knows');
    const log = /href="([^"]+\/invitations\/[^"]+)"/.exec((await staff.get(`${at}/recipients`)).text)?.[1] ?? '';
    const said = (await staff.get(log)).text;
    expect(said).toContain('Taken over by the receiving server');
    expect(said).toContain('Ingrid Solheim: had an unknown mail sent again');
  });

  test('one recipient’s own page takes the decision about an unknown mail, and never says that a server took it', async () => {
    const id = await started(1);
    here.smtp.behaviour = { data: () => 'drop' };
    await here.app.mailer.sendDue();
    const { rows } = await here.app.invitations.listInvitations(id, {}, null);
    const at = `/waves/${id}/invitations/${rows[0]?.id}`;
    const asked = (await staff.get(at)).text;
    expect(asked).toContain('so it may or may not have arrived');
    expect(asked).toContain(`action="${at}/decision"`);
    expect((await staff.post(`${at}/decision`, { decision: 'sent' })).status).toBe(303);
    expect(await accounts(id)).toMatchObject({ sent: 1, unknown: 0 });
    const decided = (await staff.get(at)).text;
    expect(decided).toContain('nobody knows whether it arrived');
    expect(decided).toContain('Ingrid Solheim: counted an unknown mail as sent');
    expect(decided).not.toContain('Taken over by the receiving server');
    expect(decided).not.toContain('/decision"');
    here.smtp.behaviour = {};
  });

  test('nothing unknown of a stopped wave is sent again, but it can be counted as sent', async () => {
    const id = await started(2);
    here.smtp.behaviour = { data: () => 'drop' };
    await here.app.mailer.sendDue();
    await stopWave(id);
    const decide = (decision: 'sent' | 'again') =>
      here.app.invitations.decideAllUnknown(colleague(staff.accountId), id, decision);
    await expect(decide('again')).rejects.toMatchObject({ key: 'waves.error.stopped' });
    expect(await decide('sent')).toBe(2);
    expect(await decide('sent')).toBe(0);
    expect(await accounts(id)).toMatchObject({ state: 'stopped', sent: 2 });
  });

  /** Somebody pauses at the instant at which mails are claimed: the two transactions meet. */
  (on.engine === 'postgres' ? test : test.skip)('what is claimed while somebody pauses does not go out', async () => {
    const id = await started(5);
    const held = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    const pausing = on.storage().transaction(async (tx) => {
      const paused = { state: 'paused' as const, paused_from: 'sending' as const };
      await tx.updateTable('wave').set(paused).where('id', '=', id).execute();
      written.resolve();
      await held.promise;
    });
    await written.promise;
    let sending = true;
    const claiming = here.app.mailer.sendDue().finally(() => (sending = false));
    while (sending && !(await somebodyWaits())) await new Promise((next) => setImmediate(next));
    held.resolve();
    await Promise.all([pausing, claiming]);
    expect(here.smtp.received).toEqual([]);
    expect(await accounts(id)).toMatchObject({ state: 'paused', queued: 5, sent: 0 });
    await resumeWave(id);
    await here.app.runDue();
    expect(here.recipients()).toHaveLength(5);
  });

  async function somebodyWaits(): Promise<boolean> {
    const waiting = sql<{ count: string }>`select count(*) as count from pg_locks where not granted`;
    const { rows } = await waiting.execute(on.storage().read as unknown as Kysely<unknown>);
    return Number(rows[0]?.count) > 0;
  }

  test('a wave that has waited until its links ran out is paused and asks; resumed, they are valid anew', async () => {
    const id = await started(3);
    // The server stood still for months, or its clock has jumped.
    here.clock.advance({ days: 200 });
    await here.app.runDue();
    expect(here.smtp.received).toEqual([]);
    expect(await accounts(id)).toMatchObject({ state: 'paused', queued: 3, cancelled: 0 });
    const later = await here.running.signIn('staff', 'Tom Berg');
    const page = (await later.get(`/waves/${id}`)).text;
    expect(page).toContain('3 invitations have waited until their links ran out');
    await later.post(`/waves/${id}/resume`);
    await here.app.runDue();
    expect(await accounts(id)).toMatchObject({ state: 'finished', sent: 3 });
    const { rows } = await here.app.invitations.listInvitations(id, {}, null);
    const until = new Date(here.clock.now().getTime() + 60 * 86_400_000).toISOString();
    expect(rows.map(({ expiresAt }) => expiresAt)).toEqual([until, until, until]);
    const audit = await here.app.accounts.log.about({ kind: 'wave', id });
    expect(audit.map(({ action, actor_kind }) => [action, actor_kind])).toEqual(
      expect.arrayContaining([
        ['waves.overdue', 'system'],
        ['waves.resumed', 'account'],
      ]),
    );
  });

  test('a clock that jumps ahead and back again costs nobody their invitation', async () => {
    const id = await started(2);
    here.clock.advance({ days: 4000 });
    await here.app.runDue();
    here.clock.set('2026-11-10T08:10:00.000Z');
    await resumeWave(id);
    await here.app.runDue();
    expect(await accounts(id)).toMatchObject({ state: 'finished', sent: 2, cancelled: 0 });
  });
});
