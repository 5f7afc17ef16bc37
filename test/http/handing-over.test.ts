import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fillIn } from '../support/forms.ts';
import { forgetWaves, leavers, readyToSend, reference } from '../support/waves.ts';

/** Customers know somebody by name; whoever leaves hands them over, and what is under way with them. */
onBothEngines((on) => {
  let running: TestApp;
  let administrator: Person & { accountId: string };
  let leaving: Person & { accountId: string };
  let staying: string;
  let questionnaireId: string;

  beforeAll(async () => {
    running = await startApp(on.storage());
    ({ senderId: staying, questionnaireId } = await readyToSend(running.app));
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
  const GIVEN_UP = { state: 'given_up', ended_on: '2026-11-09' } as const;
  const at = () => `/settings/people/${leaving.accountId}`;

  const knownToCustomers = () =>
    running.app.customers.upsertMany(
      COMMAND,
      leavers(CUSTOMERS, (i) => ({
        status: 'active',
        leftOn: null,
        contactAccountId: i < 201 ? leaving.accountId : null,
      })),
    );

  async function lookedAfter(): Promise<string[]> {
    await knownToCustomers();
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

  test('handed over by several at the same moment, every customer is handed over once', async () => {
    await knownToCustomers();
    const handOver = () => running.app.customers.handOver(COMMAND, leaving.accountId, staying);
    const given = await Promise.all([handOver(), handOver(), handOver()]);
    expect(given.reduce((sum, each) => sum + each, 0)).toBe(201);
    const told = on.storage().read.selectFrom('timeline_event').select('id').where('kind', '=', 'customers.handedOver');
    expect((await told.execute()).length).toBe(201);
  });

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

  /** A goal, a policy, an approved answer and a recurring wave of that colleague. */
  async function answersFor({ accountId }: { accountId: string }) {
    const { retention, invitations } = running.app;
    const texts = { en: { title: 'Nobody waits', words: 'We answer within a day.' } };
    const aim = { measure: null, direction: null, target: null };
    const goal = await retention.goals.create(COMMAND, { texts, ownerId: accountId, dueOn: '2027-06-30', ...aim });
    const ended = await retention.goals.create(COMMAND, { texts, ownerId: accountId, dueOn: '2027-06-30', ...aim });
    await on.storage().transaction((tx) => tx.updateTable('goal').set(GIVEN_UP).where('id', '=', ended).execute());
    const [code] = [...(await retention.policies.codes()).values()].filter(({ offered }) => offered);
    const stands = { texts, ownerId: accountId, inForceOn: '2026-11-01', codeId: code?.id ?? '' };
    const policy = await retention.policies.create(COMMAND, stands);
    const words = { ownerId: accountId, question: 'May I return it?', body: 'Yes, within 30 days.', approved: 'yes' };
    const answer = await fillIn(administrator, '/playbook/answers/new?language=en', words, '/playbook/answers');
    expect(answer.status).toBe(303);
    const made = await invitations.createSchedule(COMMAND, {
      questionnaireId,
      name: 'Touch',
      audience: {},
      senderAccountId: accountId,
      expiresDays: 60,
      reminderDays: [],
      moment: 'rolling',
      dealingKinds: [],
      atMinutes: 540,
      startOn: '2026-12-01',
    });
    return { goal, ended, policy, schedule: made.ok ? made.value.id : '' };
  }

  test('goals, policies, approved answers and recurring waves go over, too; nobody reads them again for it', async () => {
    const leaver = await running.signIn('manager', 'Ola Nordmann');
    const taker = await running.signIn('manager', 'Siri Berg');
    const { goal, ended, policy, schedule } = await answersFor(leaver);
    const { retention, invitations } = running.app;
    const path = `/settings/people/${leaver.accountId}`;
    const all = '1 approved answer, 1 recurring wave, 1 goal, and 1 policy';
    expect((await administrator.get(path)).text).toContain(`Looks after ${all}.`);
    const form = (await administrator.get(`${path}/handing-over`)).text;
    expect(form).toContain(`Hand over ${all}`);
    expect(form).not.toContain('<textarea');
    const both = await Promise.all(
      [1, 2].map(() => administrator.post(`${path}/handing-over`, { to: taker.accountId, word: '' })),
    );
    expect(both.map(({ status }) => status)).toEqual([303, 303]);
    const standing = await retention.goals.get(goal);
    expect([standing.ownerId, standing.number, standing.asked]).toEqual([taker.accountId, 2, 1]);
    expect((await retention.goals.get(ended)).ownerId).toBe(leaver.accountId);
    expect(await retention.policies.get(policy)).toMatchObject({ ownerId: taker.accountId, number: 2, asked: 1 });
    const { email } = (await running.app.accounts.colleague(taker.accountId))!;
    expect(await invitations.getSchedule(schedule)).toMatchObject({ senderAccountId: taker.accountId, replyTo: email });
    const [answer] = await running.app.recovery.library.approved();
    expect(answer?.ownerId).toBe(taker.accountId);
    expect((await administrator.get(`${path}/handing-over`)).text).toContain('There is nothing to hand over.');
    const { read } = on.storage();
    const mails = await read
      .selectFrom('outgoing_mail')
      .select('detail')
      .where('subject_id', '=', taker.accountId)
      .execute();
    const counted = mails.map(({ detail }) => JSON.parse(detail) as Record<string, number>);
    for (const what of ['answers', 'schedules', 'goals', 'policies'])
      expect(counted.reduce((sum, each) => sum + (each[what] ?? 0), 0)).toBe(1);
    const log = (await administrator.get('/settings/audit')).text;
    expect(log).toContain('handed over 1 approved answer');
    expect(log).toContain('handed over a recurring wave');
    await running.app.runDue();
    const { rows } = await running.app.mailer.outbox.list(null, { isAdministrator: true });
    const told = rows.filter(({ subject }) => subject === 'Ola Nordmann has handed over to you');
    expect(told).toHaveLength(mails.length);
    const shown = await Promise.all(told.map(async ({ id }) => (await administrator.get(`/outbox/${id}`)).text));
    expect(shown.join()).toContain('You now answer for 1 goal.');
    expect(shown.join()).toContain('1 recurring wave now goes out with your name.');
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
