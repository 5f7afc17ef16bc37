import { expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import type { ContactKind } from '../../src/invitations/index.ts';
import { startApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { addressOf, leavers, newWave, reference } from '../support/waves.ts';
import { wavesOn } from '../support/waves-on.ts';

onBothEngines((on) => {
  const here = wavesOn(on);

  const add = (rows: ReturnType<typeof leavers>) => here.app.customers.upsertMany(COMMAND, rows);
  const idOf = async (i: number) => (await here.app.customers.findByReference(reference(i)))?.id ?? '';
  const now = () => here.clock.now().toISOString();
  const may = async (i: number, kind: ContactKind = 'survey') =>
    (await here.app.invitations.contacts.mayContact(on.storage().read, [await idOf(i)], kind, now())).values().next()
      .value;
  async function sent(more = {}): Promise<string> {
    const id = await newWave(here.app, here.ready, { reminderDays: [], ...more });
    await here.app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
    await here.app.runDue();
    return id;
  }
  const accounts = async (id: string) => (await here.app.invitations.waveStatus(id)).accounts;
  const record = async (kind: ContactKind, i: number, id: string, sequenceId?: string) => {
    const customer = { id: await idOf(i), email: addressOf(i) };
    await on
      .storage()
      .transaction((tx) => here.app.invitations.contacts.record(tx, kind, [{ id, sequenceId, customer }], now()));
  };

  test('two waves started at the same moment, in two processes, never take the same person', async () => {
    await add(leavers(250));
    const ids = [await newWave(here.app, here.ready), await newWave(here.app, here.ready)];
    for (const id of ids) await here.app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
    const other = await startApp(on.storage(), { clock: here.clock, environment: here.environment });
    const tries = await Promise.allSettled([
      here.app.invitations.work(),
      other.app.invitations.work(),
      here.app.invitations.work(),
    ]);
    expect(tries.filter(({ status }) => status === 'rejected')).toEqual([]);
    await other.close();
    const both = await Promise.all(ids.map(accounts));
    expect(both.map(({ recipients }) => recipients)).toEqual([250, 250]);
    expect(both.reduce((sum, { queued }) => sum + queued, 0)).toBe(250);
    expect(both.reduce((sum, { skipped }) => sum + skipped, 0)).toBe(250);
    const invited = await on
      .storage()
      .read.selectFrom('invitation')
      .select('customer_id')
      .where('delivery', '=', 'queued')
      .execute();
    expect(new Set(invited.map((row) => row.customer_id)).size).toBe(250);
  });

  test('whoever answers by a link before their mail goes was asked, and no other wave asks them', async () => {
    await add(leavers(2));
    const first = await newWave(here.app, here.ready);
    await here.app.invitations.startWave(COMMAND, first, { holdMinutes: 5 });
    await here.app.invitations.work();
    const invited = on
      .storage()
      .read.selectFrom('invitation')
      .select('id')
      .where('customer_id', '=', await idOf(0));
    const link = new URL(here.app.invitations.linkFor((await invited.executeTakeFirstOrThrow()).id)).pathname;
    const person = here.running.visitor();
    expect((await person.get(link)).status).toBe(200);
    expect((await person.post(`${link}/happened`, { answer: 'The price rose twice in a year.' })).status).toBe(303);
    here.clock.advance({ minutes: 6 });
    await here.app.runDue();
    expect(await accounts(first)).toMatchObject({ sent: 1, cancelled: 1 });
    expect(await may(0)).toMatchObject({ may: false });
    here.clock.advance({ days: 1 });
    expect(await accounts(await sent())).toMatchObject({ sent: 0, skipped: 2 });
  });

  test('two customers with one address are one person, within a wave and from one to the next', async () => {
    await add(leavers(3, (i) => (i === 0 ? {} : { email: 'Kim@Example.com' })));
    const check = await here.app.invitations.checkWave(await newWave(here.app, here.ready));
    expect(check).toMatchObject({ total: 3, writable: 2 });
    expect(check.skipped).toMatchObject([{ reason: 'recently_invited', count: 1 }]);
    const first = await sent();
    expect(here.smtp.received.flatMap(({ to }) => to).sort()).toEqual(['Kim@example.com', addressOf(0)].sort());
    expect(await accounts(first)).toMatchObject({ sent: 2, skipped: 1 });
    await add(leavers(1, () => ({ email: 'kim@example.com' }), 3));
    here.clock.advance({ days: 10 });
    expect(await accounts(await sent())).toMatchObject({ sent: 0, skipped: 4 });
  });

  test('whoever asked us to stop is not written to under another number with their address either', async () => {
    await add(leavers(3));
    const [one, two] = [await idOf(0), await idOf(1)];
    await on.storage().transaction((tx) => here.app.customers.unsubscribe(tx, one, 'link'));
    await on.storage().transaction((tx) => here.app.customers.refuse(tx, two, 'surveys', 'link'));
    await add(leavers(3, (i) => ({ email: addressOf(i - 10).toUpperCase() }), 10));
    const id = await sent();
    expect(here.recipients().map((to) => to.toLowerCase())).toEqual([addressOf(2)]);
    const { skipped } = await here.app.invitations.waveStatus(id);
    expect(skipped.find(({ reason }) => reason === 'unsubscribed')?.count).toBe(4);
  });

  test('a person stays the same after changing their address, and after their record was made anew', async () => {
    await add(leavers(2));
    await sent();
    await add(leavers(1, () => ({ email: 'another@example.com' })));
    expect(await may(0)).toEqual({ may: false, from: '2027-02-08T08:05:00.000Z' });
    const id = await idOf(1);
    await on.storage().transaction(async (tx) => {
      await tx
        .updateTable('customer')
        .set({ email: '', email_key: '', erased_at: now(), reference: 'gone', search: '' })
        .where('id', '=', id)
        .execute();
    });
    await add(leavers(1, () => ({ email: addressOf(1) }), 7));
    expect(await may(7)).toEqual({ may: false, from: '2027-02-08T08:05:00.000Z' });
    expect(await accounts(await sent())).toMatchObject({ sent: 0, skipped: 2 });
  });

  test('what never left does not count; what is unknown does', async () => {
    await add(leavers(3));
    here.smtp.behaviour = {
      recipient: (address) => (address === addressOf(0) ? 550 : undefined),
      data: (to) => (to[0] === addressOf(1) ? 'drop' : undefined),
    };
    expect(await accounts(await sent())).toMatchObject({ sent: 1, failed: 1, unknown: 1 });
    expect(await may(0)).toEqual({ may: true });
    expect(await may(1)).toMatchObject({ may: false });
    const stopped = await newWave(here.app, here.ready);
    await here.app.invitations.startWave(COMMAND, stopped);
    await here.app.invitations.work();
    expect(await may(0)).toMatchObject({ may: false });
    await here.app.invitations.stopWave(COMMAND, stopped);
    await here.app.invitations.work();
    expect(await may(0)).toEqual({ may: true });
  });

  test('the budget counts from when it was sent, and as many days as the business says', async () => {
    await add(leavers(1));
    const id = await newWave(here.app, here.ready, { reminderDays: [] });
    await here.app.invitations.startWave(COMMAND, id, { holdMinutes: 0 });
    await here.app.invitations.work();
    await here.app.invitations.pauseWave(COMMAND, id);
    here.clock.advance({ days: 3 });
    await here.app.invitations.resumeWave(COMMAND, id);
    await here.app.runDue();
    expect(await may(0)).toEqual({ may: false, from: '2027-02-11T08:05:00.000Z' });
    await here.app.invitations.contacts.setBudget(COMMAND, 30);
    expect(await may(0)).toEqual({ may: false, from: '2026-12-13T08:05:00.000Z' });
    here.clock.set('2026-12-13T08:05:00.000Z');
    expect(await may(0)).toEqual({ may: true });
    expect(await here.app.invitations.contacts.budget(on.storage().read)).toMatchObject({ days: 30 });
  });

  test('a conversation belongs to its invitation; greetings have their own allowance; service is not counted', async () => {
    await add(leavers(1));
    await sent();
    const contacts = here.app.invitations.contacts;
    const [customer, [invitation]] = [
      await idOf(0),
      await on.storage().read.selectFrom('invitation').select('id').execute(),
    ];
    expect(await may(0, 'winback')).toMatchObject({ may: false });
    const sequence = new Map([[customer, invitation?.id ?? '']]);
    const during = await contacts.mayContact(on.storage().read, [customer], 'winback', now(), sequence);
    expect(during.get(customer)).toEqual({ may: true });
    here.clock.advance({ days: 60 });
    await record('winback', 0, 'conversation', invitation?.id);
    expect(await may(0)).toEqual({ may: false, from: '2027-04-09T08:05:00.000Z' });
    expect(await may(0, 'greeting.anniversary')).toEqual({ may: true });
    await record('greeting.anniversary', 0, 'card');
    expect(await may(0, 'greeting.anniversary')).toEqual({ may: false, from: '2028-01-09T08:05:00.000Z' });
    expect(await may(0, 'greeting.card')).toEqual({ may: true });
    await record('service', 0, 'receipt');
    here.clock.advance({ days: 91 });
    expect(await may(0)).toEqual({ may: true });
    expect((await contacts.ofCustomer(on.storage().read, customer, 10)).map(({ kind }) => kind).sort()).toEqual([
      'greeting.anniversary',
      'service',
      'survey',
      'winback',
    ]);
  });

  test('neither an address nor a name stands in the ledger', async () => {
    await add(leavers(2));
    await sent();
    const rows = await on.storage().read.selectFrom('contact').selectAll().execute();
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toMatch(/example|"kim|@/i);
  });

  test('the profile says what counts, from when somebody may be asked again, and which greetings are used', async () => {
    await add(leavers(3, (i) => (i === 2 ? { email: addressOf(0) } : {})));
    const staff = await here.running.signIn('staff', 'Tom Berg');
    const contactsOf = async (i: number) => {
      const { text } = await staff.get(`/customers/${await idOf(i)}`);
      const section = /<h2 id="contacts">([\s\S]*?)<\/section>/.exec(text)?.[1] ?? '';
      return section.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    };
    const free = 'Counts now, for 90 days Nothing May be asked again at any time';
    expect(await contactsOf(0)).toContain(free);
    expect(await contactsOf(0)).toContain('Anniversary greeting not used this year Card not used this year');
    await sent({ audience: { references: [reference(0)] } });
    await record('greeting.card', 0, 'card');
    const said = await contactsOf(0);
    expect(said).toContain('Questions: Leaving, autumn, 10 November 2026 May be asked again from 8 February 2027');
    expect(said).toContain('Card used on 10 November 2026, free again from 10 November 2027');
    expect(said).toContain('Anniversary greeting not used this year');
    expect(await contactsOf(1)).toContain(free);
    const shared = await contactsOf(2);
    expect(shared).toContain('10 November 2026, to somebody with the same address');
    expect(shared).toContain('May be asked again from 8 February 2027');
    await here.app.bounces.suppressions.addByHand(COMMAND, addressOf(1), 'Asked on the telephone', null);
    expect(await contactsOf(1)).toContain('May be asked again not by e-mail: mail does not reach the address');
    const one = await idOf(1);
    await on.storage().transaction((tx) => here.app.customers.unsubscribe(tx, one, 'telephone'));
    expect(await contactsOf(1)).toContain('May be asked again only if they ask for it themselves');
    await here.app.invitations.contacts.setBudget(COMMAND, 30);
    expect(await contactsOf(0)).toContain('Counts now, for 30 days');
    here.clock.advance({ days: 31 });
    const later = await here.running.signIn('staff', 'Tom Berg');
    expect((await later.get(`/customers/${await idOf(0)}`)).text).toContain('at any time');
  });
});
