import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { program, type Program } from '../support/interface.ts';
import { readyToSend } from '../support/waves.ts';

/** Everything after the override would stand from right to left. */
const TURNED = '\u202Eelp\u200Bmaxe\u2066 \u200Fשלום 👩‍🌾';
const PLAIN = 'elpmaxe \u200Fשלום 👩‍🌾';

onBothEngines((on) => {
  let running: TestApp;
  let administrator: Person;
  let programs: Program;
  let ready: { senderId: string; questionnaireId: string };
  beforeAll(async () => {
    running = await startApp(on.storage());
    administrator = await running.signIn('administrator');
    programs = await program(running);
    ready = await readyToSend(running.app);
  });
  afterAll(() => running.close());

  /** The page on which the words are read: with them, and without the marks that would turn it round. */
  async function reads(path: string) {
    const { status, text } = await administrator.get(path);
    expect([path, status, text.includes(PLAIN), /[\u202A-\u202E\u2066-\u2069]/.test(text)]).toEqual([
      path,
      200,
      true,
      false,
    ]);
  }

  test.each<{ what: string; form: string; to?: string; fields: Record<string, string>; page: string }>([
    {
      what: 'the business',
      form: '/settings/company',
      fields: { name: TURNED, address: TURNED, telephone: '', email: '' },
      page: '/settings/company',
    },
    {
      what: 'a colleague',
      form: '/settings/people',
      fields: { name: TURNED, email: 'turned@example.com', title: TURNED, role: 'staff', language: 'en' },
      page: '/settings/people',
    },
    {
      what: 'a questionnaire',
      form: '/questionnaires/new?programme=leaving',
      to: '/questionnaires',
      fields: { programme: 'leaving', name: TURNED, from: 'empty', languages: 'en' },
      page: '/questionnaires',
    },
    {
      what: 'a reason',
      form: '/codebook/leaving',
      to: '/codebook/leaving/codes',
      fields: { 'name.en': TURNED },
      page: '/codebook/leaving',
    },
  ])('$what cannot turn round the pages that name it', async ({ form, to = form, fields, page }) => {
    await administrator.get(form);
    expect((await administrator.post(to, fields)).status).toBe(303);
    await reads(page);
  });

  test('a name that nobody would see is none', async () => {
    await administrator.get('/settings/people');
    const unseen = { name: '\u200B\u2060', email: 'unseen@example.com', title: '', role: 'staff', language: 'en' };
    const refused = await administrator.post('/settings/people', unseen);
    expect([refused.status, refused.text.includes('<a href="#name">')]).toEqual([422, true]);
  });

  test('neither can what a program sends', async () => {
    const { questionnaireId, senderId: senderAccountId } = ready;
    const customer = { reference: 'T-1', familyName: TURNED, tags: [TURNED], notes: TURNED };
    expect((await programs.call('POST', '/customers', { customers: [customer] })).status).toBe(200);
    const wave = { questionnaireId, senderAccountId, name: TURNED, audience: {} };
    expect((await programs.call('POST', '/waves', wave, 'manager')).body.id).toBeTruthy();
    await reads('/waves');
    const [row] = await on.storage().read.selectFrom('customer').select(['id', 'notes']).execute();
    expect(row?.notes).toBe(PLAIN);
    await reads(`/customers/${row?.id}`);
  });
});
