import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CustomerRow } from '../../src/customers/index.ts';
import { dueAppointments, listCalls } from '../../src/reports/risk/calls/call-store.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { addDays } from '../../src/shared/dates.ts';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { listenToQueries, scansOf } from '../support/plans.ts';
import { leavers } from '../support/waves.ts';

type Colleague = Person & { accountId: string };

onBothEngines((on) => {
  let app: TestApp;
  let anna: Colleague;
  let ben: Colleague;
  let people = 0;

  beforeAll(async () => {
    app = await startApp(on.storage());
    [anna, ben] = [await app.signIn('staff', 'Anna'), await app.signIn('staff', 'Ben')];
    // A Tuesday morning, in everybody's working hours.
    app.clock.set('2026-11-10T10:00:00.000Z');
  });
  afterAll(() => app.close());

  const calls = () => app.app.insight.risk.calls;
  /** Customers who fell silent; the first is worth the most. */
  const silent = async (count: number, more: Partial<CustomerRow> = {}): Promise<string[]> => {
    const from = people + 1;
    people += count;
    const active = { status: 'active' as const, leftOn: null, customerSince: '2020-01-01' };
    const rows = leavers(count, () => ({ ...active, telephone: '0431 555 100', ...more }), from);
    const ids = (await app.app.customers.upsertMany(COMMAND, rows)).map(({ id }) => id);
    const bought = rows.flatMap(({ reference }, nr) =>
      Array.from({ length: 8 }, (_, i) => ({
        customerReference: reference,
        purchasedOn: addDays('2026-11-10', -(97 + 20 * i)),
        amountMinor: 9000 - nr * 100,
        item: 'Espresso',
        reference: '',
      })),
    );
    await app.app.customers.addPurchases(COMMAND, bought);
    await app.app.insight.risk.jobs[0]?.();
    return ids;
  };
  const begin = async (ids: string[]) => await anna.post('/risk/calls', { customers: ids.join(' ') });
  const callOf = async (id: string) => (await calls().waiting(id)) ?? '';
  const actions = async () =>
    (await on.storage().read.selectFrom('audit_entry').select('action').execute()).map((row) => row.action);

  test('customers at risk wait for a call, the others are left out with the reason', async () => {
    const [first, complaining, silenced, asked] = await silent(4);
    const [mute] = await silent(1, { telephone: '' });
    await on.storage().transaction(async (tx) => {
      const about = { words: 'Leaking', language: 'en', origin: 'hand' as const, originId: null };
      await app.app.recovery.cases.open(tx, COMMAND, { kind: 'complaint', customerId: complaining!, ...about });
      await app.app.customers.unsubscribe(tx, silenced!, 'link');
      const customer = { id: asked!, email: '' };
      await app.app.invitations.contacts.record(
        tx,
        'survey',
        [{ id: 'sent', customer }],
        app.clock.now().toISOString(),
      );
    });
    const picks = [first, complaining, silenced, asked, mute].map((id) => `pick=${id}`).join('&');
    const { text } = await anna.get(`/risk/start?do=calls&${picks}`);
    expect(text).toContain('One customer to call, with what speaks for it.');
    expect(text).toContain('Put 1 customer on the call list');
    expect(text).toContain('Something is being put right or talked about with them');
    expect(text).toContain('Does not want to hear from us');
    expect(text).toContain('Asked something else lately; may be called from');
    expect(text).toContain('No telephone number');
    expect((await begin([first!, complaining!, silenced!, asked!, mute!])).headers.location).toBe('/risk/calls');
    const list = await ben.get('/risk/calls');
    expect(list.text).toContain('usually orders every 20 days, silent for 97');
    expect(list.text).toContain(`/risk/calls/${await callOf(first!)}/claim`);
    expect([await callOf(complaining!), await callOf(silenced!), await callOf(asked!), await callOf(mute!)]).toEqual(
      Array(4).fill(''),
    );
    // Nobody is put on it twice.
    expect((await anna.get(`/risk/start?do=calls&pick=${first}`)).text).toContain('Is on the call list already');
    await begin([first!]);
    expect((await calls().queue('now', null)).rows).toHaveLength(1);
    expect((await anna.get(`/customers/${first}/timeline`)).text).toContain('To be called: may be about to leave');
  });

  test('one colleague at a time; the sheet says who, why, and what to ask', async () => {
    const [id] = await silent(1, { language: 'de' });
    await begin([id!]);
    const at = `/risk/calls/${await callOf(id!)}`;
    const sheet = await anna.get(at);
    expect(sheet.text).toContain('0431 555 100');
    expect(sheet.text).toContain('usually orders every 20 days, silent for 97');
    expect(sheet.text).toContain('Was hat sich bei Ihnen verändert?');
    expect(sheet.text).not.toContain('name="outcome"');
    expect((await anna.post(`${at}/claim`)).headers.location).toBe(at);
    await ben.post(`${at}/claim`);
    const queue = (await ben.get('/risk/calls')).text;
    expect(queue).toContain('data-l="At risk a year"');
    expect(queue).toContain('Anna was quicker');
    expect(queue.match(/Anna has been calling since/g)).toHaveLength(1);
    expect((await ben.post(at, { outcome: 'well' })).status).toBe(409);
    expect((await ben.post(`${at}/withdraw`)).status).toBe(409);
    // What was typed stays, also for whoever calls next.
    await anna.post(`${at}/notes`, { said: 'Moved to oat milk' });
    expect((await anna.get(at)).text).toContain('Moved to oat milk');
    expect((await anna.post(at, {})).text).toContain('Please say how the call ended');
    await anna.post(`${at}/release`);
    expect((await ben.post(`${at}/claim`)).headers.location).toBe(at);
    expect((await ben.post(at, { outcome: 'not_reached' })).status).toBe(303);
    expect((await ben.get('/risk/calls?view=later')).text).toContain('tried once');
    app.clock.advance({ hours: 5 });
    expect((await calls().queue('now', null)).rows.map((row) => row.customer_id)).toContain(id);
    app.clock.advance({ hours: -5 });
  });

  test('what came of it stands on the timeline and in the log, opens a complaint, and counts as a contact', async () => {
    const [well, trouble, back, never] = await silent(4);
    await begin([well!, trouble!, back!, never!]);
    const finish = async (customer: string, body: Record<string, string>) => {
      const at = `/risk/calls/${await callOf(customer)}`;
      await anna.post(`${at}/claim`);
      return await anna.post(at, body);
    };
    const wellAt = `/risk/calls/${await callOf(well!)}`;
    expect((await finish(well!, { outcome: 'well', said: 'On holiday' })).status).toBe(303);
    expect((await anna.get('/risk/calls')).text).toContain(`/risk/start?do=calm&amp;pick=${well}`);
    expect((await anna.get(`/customers/${well}/timeline`)).text).toContain(
      'Called, because they might leave: all is well',
    );
    expect((await anna.get(wellAt)).text).toContain('This call has been made');
    expect((await anna.get(`/risk/start?do=calls&pick=${well}`)).text).toContain('Asked something else lately');
    expect((await finish(trouble!, { outcome: 'trouble' })).status).toBe(422);
    expect((await finish(trouble!, { outcome: 'trouble', said: 'The grinder leaks' })).status).toBe(303);
    const open = await app.app.recovery.cases.openOf(on.storage().read, [trouble!], 'complaint');
    expect(open.get(trouble!)?.map((each) => each.words)).toEqual(['The grinder leaks']);
    // A promised call is no second contact, and comes first when it is due.
    expect((await finish(back!, { outcome: 'call_back', 'back-day': '2026-11-01', 'back-time': '09:00' })).status).toBe(
      422,
    );
    expect((await finish(back!, { outcome: 'call_back', 'back-day': '2026-11-10', 'back-time': '14:30' })).status).toBe(
      303,
    );
    app.clock.advance({ hours: 4 });
    expect((await calls().queue('now', null)).due.map((row) => row.customer_id)).toEqual([back]);
    expect((await finish(back!, { outcome: 'leaving' })).status).toBe(303);
    expect((await finish(never!, { outcome: 'nothing' })).status).toBe(303);
    expect((await app.app.customers.get(never!)).unsubscribedAt).not.toBeNull();
    expect(await actions()).toEqual(
      expect.arrayContaining(['risk.call.asked', 'risk.call.well', 'risk.call.trouble', 'risk.call.nothing']),
    );
    await on.storage().transaction((tx) => app.app.insight.risk.forget(tx, [well!]));
    const rows = await on.storage().read.selectFrom('risk_call').selectAll().where('customer_id', '=', well!).execute();
    expect(rows.map((row) => row.said)).toEqual(['']);
  });

  test('nobody is called at night, after an opt-out, or once the call was taken off the list', async () => {
    const [one, two, three] = await silent(3);
    await begin([one!, two!, three!]);
    const [first, second] = [await callOf(one!), await callOf(two!)];
    const now = app.clock.now().toISOString();
    app.clock.set('2026-11-10T21:30:00.000Z');
    const late = await app.signIn('staff', 'Late');
    expect((await late.post(`/risk/calls/${first}/claim`)).status).toBe(409);
    expect((await late.get(`/risk/calls/${first}`)).text).toContain('Nobody is called now');
    app.clock.set(now);
    await on.storage().transaction((tx) => app.app.customers.unsubscribe(tx, one!, 'link'));
    expect(await callOf(one!)).toBe('');
    expect((await anna.post(`/risk/calls/${second}/withdraw`)).status).toBe(303);
    expect(await callOf(two!)).toBe('');
    expect((await anna.post(`/risk/calls/${second}/claim`)).status).toBe(409);
    // Something came up since they were put on the list.
    await on.storage().transaction(async (tx) => {
      const about = { words: 'Cold', language: 'en', origin: 'hand' as const, originId: null };
      await app.app.recovery.cases.open(tx, COMMAND, { kind: 'complaint', customerId: three!, ...about });
    });
    const third = await callOf(three!);
    expect((await anna.post(`/risk/calls/${third}/claim`)).status).toBe(409);
    expect((await anna.get(`/risk/calls/${third}`)).text).toContain('Something is being put right');
  });

  (on.engine === 'sqlite' ? test : test.skip)('nothing walks through a table that grows', async () => {
    const heard = listenToQueries();
    const { read, writer } = on.storage() as SqliteStorage;
    const now = app.clock.now().toISOString();
    const places = [{ timeZone: '', country: 'DE' }];
    for (const view of ['now', 'later'] as const)
      for (const after of [null, { atRisk: 5, id: anna.accountId }])
        await listCalls(read, { now, places, view, after, limit: 51 });
    await dueAppointments(read, now, 20);
    await calls().queue('now', null);
    expect([...heard].flatMap((query) => scansOf(writer, query).map((step) => `${step} in ${query}`))).toEqual([]);
  });
});
