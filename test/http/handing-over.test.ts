import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { forgetWaves, leavers, readyToSend, reference } from '../support/waves.ts';

jest.setTimeout(60_000);

/** Customers know somebody by name; whoever leaves hands them over, and what is under way with them. */
onBothEngines((on) => {
  let running: TestApp;
  let administrator: Person & { accountId: string };
  let leaving: Person & { accountId: string };
  let staying: string;

  beforeAll(async () => {
    running = await startApp(on.storage());
    staying = (await readyToSend(running.app)).senderId;
    leaving = await running.signIn('staff', 'Jonas Petersen');
    administrator = await running.signIn('administrator', 'Katharina Hollerbach');
  });
  afterAll(() => running.close());
  beforeEach(() => running.clock.set('2026-11-10T08:05:00.000Z'));
  afterEach(() => forgetWaves(on.storage()));

  const CUSTOMERS = 203;
  const ENDED = {
    state: 'closed',
    next_step: null,
    next_due_at: null,
    root_cause: 'delivery',
    action: 'Packed anew',
    outcome: 'put_right',
  } as const;
  const at = () => `/settings/people/${leaving.accountId}`;

  async function lookedAfter(): Promise<string[]> {
    await running.app.customers.upsertMany(
      COMMAND,
      leavers(CUSTOMERS, (i) => ({
        status: 'active',
        leftOn: null,
        contactAccountId: i < 201 ? leaving.accountId : null,
      })),
    );
    const [first, second] = [0, 1].map(async (i) => {
      const customer = await running.app.customers.findByReference(reference(i));
      return await on.storage().transaction((tx) =>
        running.app.recovery.cases.open(tx, COMMAND, {
          kind: 'complaint',
          customerId: customer?.id ?? '',
          origin: 'hand',
          originId: null,
          words: 'The parcel came wet.',
          language: 'en',
          ownerId: leaving.accountId,
        }),
      );
    });
    return [(await first)?.caseId ?? '', (await second)?.caseId ?? ''];
  }
  const contactOf = async (i: number) =>
    (await running.app.customers.findByReference(reference(i)))?.contactAccountId ?? null;

  test('deactivating leads to handing over: customers and open cases go to one colleague, who hears of it', async () => {
    const [open = '', closed = ''] = await lookedAfter();
    await on.storage().transaction((tx) =>
      tx
        .updateTable('recovery_case')
        .set({ ...ENDED, closed_at: '2026-11-09T08:00:00.000Z' })
        .where('id', '=', closed)
        .execute(),
    );
    const page = (await administrator.get(at())).text;
    expect(page).toContain('Looks after 201 customers and 1 open case.');
    const gone = await administrator.post(`${at()}/deactivation`, {});
    expect(gone.headers.location).toBe(`${at()}/handing-over`);
    const form = (await administrator.get(`${at()}/handing-over`)).text;
    expect(form).toContain('Hand over 201 customers and 1 open case');
    expect(form).not.toContain(`<option value="${leaving.accountId}"`);

    const nobody = await administrator.post(`${at()}/handing-over`, { to: '', word: 'Wet twice.' });
    expect(nobody.status).toBe(422);
    expect(nobody.text).toContain('Please choose a colleague who works here');
    expect(nobody.text).toContain('Wet twice.');
    expect(await contactOf(0)).toBe(leaving.accountId);

    const done = await administrator.post(`${at()}/handing-over`, { to: staying, word: 'Wet twice.' });
    expect(done.headers.location).toBe(at());
    expect((await administrator.get(at())).text).toContain('Handed over: 201 customers and 1 open case.');
    for (const i of [0, 100, 200]) expect(await contactOf(i)).toBe(staying);
    expect(await contactOf(201)).toBeNull();
    expect((await running.app.recovery.cases.get(open)).ownerId).toBe(staying);
    expect((await running.app.recovery.cases.get(closed)).ownerId).toBe(leaving.accountId);
    expect((await administrator.get(`/cases/${open}`)).text).toContain('Wet twice.');
    const customer = await running.app.customers.findByReference(reference(0));
    expect((await administrator.get(`/customers/${customer?.id}`)).text).toContain(
      'Miriam Adler took over from Jonas Petersen as their contact person',
    );
    const mails = await on.storage().read.selectFrom('outgoing_mail').select(['kind', 'subject_id']).execute();
    expect(mails.filter(({ kind }) => kind === 'recovery_handed_over')).toEqual([
      { kind: 'recovery_handed_over', subject_id: staying },
    ]);
    await running.app.runDue();
    const outbox = (await administrator.get('/outbox')).text;
    expect(outbox).toContain('Jonas Petersen has handed over to you');
    expect((await administrator.get('/settings/audit')).text).toContain('handed over 201 customers');

    expect((await administrator.get(`${at()}/handing-over`)).text).toContain('There is nothing to hand over.');
    const again = await administrator.post(`${at()}/handing-over`, { to: staying, word: '' });
    expect(again.status).toBe(303);
    expect(
      (
        await on
          .storage()
          .read.selectFrom('outgoing_mail')
          .select('id')
          .where('kind', '=', 'recovery_handed_over')
          .execute()
      ).length,
    ).toBe(1);
  });

  test('nobody but administrators hands over, and only to somebody who works here', async () => {
    const manager = await running.signIn('manager', 'Ingrid Solheim');
    const path = `/settings/people/${manager.accountId}/handing-over`;
    expect((await manager.get(path)).status).toBe(403);
    await manager.get('/today');
    expect((await manager.post(path, { to: staying, word: '' })).status).toBe(403);
    expect((await administrator.get('/settings/people/00000000-0000-7000-8000-000000000000/handing-over')).status).toBe(
      404,
    );
    expect((await administrator.get('/settings/people/nobody/handing-over')).status).toBe(404);
    const toOneself = await administrator.post(path, { to: manager.accountId, word: '' });
    expect(toOneself.status).toBe(422);
  });
});
