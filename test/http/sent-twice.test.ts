import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { colleague, SYSTEM } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf, type Fields } from '../support/forms.ts';
import { leavers, readyToSend, reference } from '../support/waves.ts';

const BEFORE = 'This form had arrived before';

onBothEngines((on) => {
  let app: TestApp;
  let boss: Person & { accountId: string };
  let customer: string;
  let theCase: string;
  let questionnaireId: string;
  beforeAll(async () => {
    app = await startApp(on.storage(), { environment: { WEBHOOKS_PRIVATE: 'true' } });
    boss = await app.signIn('administrator', 'Bo');
    ({ questionnaireId } = await readyToSend(app.app));
    const stays = () => ({ language: 'en', status: 'active' as const, leftOn: null });
    await app.app.customers.upsertMany(SYSTEM, leavers(1, stays));
    customer = `/customers/${(await app.app.customers.findByReference(reference(0)))?.id}`;
    const opened = await on.storage().transaction((tx) =>
      app.app.recovery.cases.open(tx, colleague(boss.accountId), {
        kind: 'complaint',
        customerId: customer.split('/')[2] ?? null,
        origin: 'hand',
        originId: null,
        words: 'It leaks.',
        language: 'en',
      }),
    );
    theCase = `/cases/${opened.caseId}`;
  });
  afterAll(() => app.close());

  interface Sent {
    what: string;
    /** In which table it is a row. */
    table: string;
    page(): string;
    action?(): string;
    fields: Fields | (() => Fields);
  }
  const forms: Sent[] = [
    {
      what: 'a note',
      table: 'case_event',
      page: () => theCase,
      action: () => `${theCase}/notes`,
      fields: { note: 'Rang.' },
    },
    {
      what: 'a remedy',
      table: 'case_remedy',
      page: () => theCase,
      action: () => `${theCase}/remedies`,
      fields: { kind: 'refund', what: 'Last parcel', amount: '20' },
    },
    {
      what: 'an exception',
      table: 'case_event',
      page: () => theCase,
      action: () => `${theCase}/exceptions`,
      fields: { waived: 'The form', why: 'Nobody home' },
    },
    {
      what: 'a purchase',
      table: 'purchase',
      page: () => `${customer}/purchases/new`,
      fields: { on: '2026-10-01', amount: '12', item: 'Beans' },
    },
    {
      what: 'an invoice',
      table: 'invoice',
      page: () => `${customer}/invoices/new`,
      fields: { number: 'R-1', issuedOn: '2026-10-01', dueOn: '2026-10-15', amount: '12' },
    },
    {
      what: 'a dealing',
      table: 'dealing',
      page: () => `${customer}/dealings/new`,
      fields: { kind: 'delivery', startedOn: '2026-10-01' },
    },
    {
      what: 'a customer',
      table: 'customer',
      page: () => '/customers/new',
      action: () => '/customers',
      fields: { familyName: 'Halvorsen', email: '', status: 'active' },
    },
    {
      what: 'a case',
      table: 'recovery_case',
      page: () => '/cases/new',
      action: () => '/cases',
      fields: { words: 'Broken.' },
    },
    {
      what: 'a colleague',
      table: 'account',
      page: () => '/settings/people',
      fields: { name: 'Nina', email: 'nina@example.com' },
    },
    { what: 'a link for reporting', table: 'alert_link', page: () => '/alerts/links', fields: { name: 'Shop' } },
    {
      what: 'a report',
      table: 'alert',
      page: () => '/alert',
      fields: { who: 'Nobody we know', what: 'Angry about beans' },
    },
    {
      what: 'a questionnaire',
      table: 'questionnaire',
      page: () => '/questionnaires/new?programme=leaving',
      action: () => '/questionnaires',
      fields: { name: 'Ours' },
    },
    {
      what: 'a kind of question',
      table: 'programme',
      page: () => '/questionnaires/programmes/new',
      action: () => '/questionnaires/programmes',
      fields: { name: 'Deliveries' },
    },
    {
      what: 'a wave',
      table: 'wave',
      page: () => '/waves/new',
      action: () => '/waves',
      fields: () => ({ name: 'Autumn', questionnaireId }),
    },
    {
      what: 'a wave that comes back',
      table: 'schedule',
      page: () => '/waves/schedules/new',
      action: () => '/waves/schedules',
      fields: () => ({ name: 'Each month', questionnaireId }),
    },
    {
      what: 'a goal',
      table: 'goal',
      page: () => '/goals/new',
      action: () => '/goals',
      fields: { due: '2027-03-01', 'title-en': 'Fewer leave', 'words-en': 'Each costs us.' },
    },
    {
      what: 'a policy',
      table: 'policy',
      page: () => '/policies/new',
      action: () => '/policies',
      fields: { 'said-en': 'Late', 'did-en': 'We ring first' },
    },
    {
      what: 'a page of the playbook',
      table: 'playbook_page',
      page: () => '/playbook/new',
      action: () => '/playbook',
      fields: { title: 'Returns', body: 'Take them.' },
    },
    {
      what: 'an approved answer',
      table: 'library_answer',
      page: () => '/playbook/answers/new',
      action: () => '/playbook/answers',
      fields: { question: 'Where is it?', body: 'Under way.' },
    },
    {
      what: 'an offer',
      table: 'offer',
      page: () => '/offers/new',
      action: () => '/offers',
      fields: { 'name-en': 'Tasting box', cost: '4', validDays: '30' },
    },
    {
      what: 'a reason',
      table: 'code',
      page: () => '/codebook/leaving/add',
      action: () => '/codebook/leaving/codes',
      fields: { 'name.en': 'Dogs' },
    },
  ];

  const count = async (table: string): Promise<number> =>
    await on.storage().transaction(async (tx) => {
      const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(tx);
      return Number(rows[0]?.n);
    });

  const noteOn = async (words: string): Promise<Fields> => {
    const open = fieldsOf(await boss.get(theCase), `${theCase}/notes`);
    return { ...open, note: words };
  };
  const write = (note: Fields) => boss.post(`${theCase}/notes`, note);
  const events = () => count('case_event');

  test.each(forms)('$what is recorded once, and both sendings lead to one place', async (form) => {
    const { table, page, action = page, fields } = form;
    const open = fieldsOf(await boss.get(page()), action());
    const typed = { ...open, ...(typeof fields === 'function' ? fields() : fields) };
    const before = await count(table);
    const first = await boss.post(action(), typed);
    expect(first.status).toBe(303);
    expect(await count(table)).toBe(before + 1);
    const second = await boss.post(action(), typed);
    expect([second.status, second.headers.location]).toEqual([303, first.headers.location]);
    expect(await count(table)).toBe(before + 1);
  });

  const secrets: { what: string; at: string; table: string; fields: Fields }[] = [
    { what: 'an access token', at: '/settings/tokens', table: 'access_token', fields: { name: 'Shop' } },
    {
      what: 'a webhook',
      at: '/settings/webhooks',
      table: 'webhook_endpoint',
      fields: { url: 'http://127.0.0.1:9/hear', events: ['response.submitted'] },
    },
  ];
  test.each(secrets)(
    '$what is made once; the second sending says that its secret was shown',
    async ({ at, table, fields }) => {
      const typed = { ...fieldsOf(await boss.get(at), at), ...fields };
      expect((await boss.post(at, typed)).status).toBe(201);
      const second = await boss.post(at, typed);
      expect([second.status, second.headers.location]).toEqual([303, `${at}#shown`]);
      expect((await boss.get(at)).text).toContain('What it showed is shown only once');
      expect(await count(table)).toBe(1);
    },
  );

  test('of eight sendings at the same moment one is done, and all lead to its page with what it has to say', async () => {
    const before = await events();
    const note = await noteOn('Rang at noon.');
    const answers = await Promise.all(Array.from({ length: 8 }, () => write(note)));
    expect(answers.map(({ status, headers }) => `${status} ${headers.location}`)).toEqual(
      Array.from({ length: 8 }, () => `303 ${theCase}`),
    );
    expect(await events()).toBe(before + 1);
    expect((await boss.get(theCase)).text).toContain('The note is kept.');
  });

  test('a later one is told so; other words from the same page are another note', async () => {
    const note = await noteOn('Rang again.');
    await write(note);
    await boss.get(theCase);
    await write(note);
    expect((await boss.get(theCase)).text).toContain(BEFORE);
    const before = await events();
    await write({ ...note, note: 'Rang a third time.' });
    expect(await events()).toBe(before + 1);
  });

  test('what was refused can be sent again, and a colleague who sends the same is somebody else', async () => {
    const empty = await noteOn('');
    expect((await write(empty)).status).toBe(422);
    expect((await write(empty)).status).toBe(422);
    const before = await events();
    const note = await noteOn('Both say so.');
    const other = await app.signIn('staff', 'Stine');
    const open = fieldsOf(await other.get(theCase), `${theCase}/notes`);
    await Promise.all([write(note), other.post(`${theCase}/notes`, { ...note, csrf: open.csrf ?? '' })]);
    expect(await events()).toBe(before + 2);
  });

  test('who was at work on it and is gone is waited for no longer than a minute', async () => {
    const note = await noteOn('After the power cut.');
    await write(note);
    const before = await events();
    // As it stands where a process ended between taking a form and its end.
    await on.storage().transaction((tx) => tx.updateTable('sent_form').set({ led_to: null }).execute());
    app.clock.advance({ minutes: 2 });
    expect((await write(note)).headers.location).toBe(theCase);
    expect(await events()).toBe(before + 1);
  });
});
