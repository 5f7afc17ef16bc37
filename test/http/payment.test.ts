import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CustomerRow } from '../../src/customers/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Answer, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';
import { sentWave } from '../support/post.ts';
import { leavers, reference } from '../support/waves.ts';

const CHANGED = 'Somebody was faster. This is how it stands now.';
const HOSTILE = '\u202Egnp.exe 🙂 <script>alert(1)</script> ﷽ " \' & Å';

onBothEngines((on) => {
  let app: TestApp;
  let anna: Person & { accountId: string };
  let ben: Person & { accountId: string };
  let mia: Person & { accountId: string };
  let visitor: Person;
  let people = 0;
  let customerId: string;
  let caseId: string;

  beforeAll(async () => {
    app = await startApp(on.storage());
    anna = await app.signIn('staff', 'Anna');
    ben = await app.signIn('staff', 'Ben');
    mia = await app.signIn('manager', 'Mia');
    visitor = app.visitor();
    await app.app.accounts.settings.saveCompany(COMMAND, {
      name: 'Rösterei Adler',
      address: 'Am Hafen 1\n24103 Kiel',
      telephone: '0431 1',
      email: 'hallo@example.com',
    });
  });
  afterAll(() => app.close());

  const payment = () => app.app.recovery.payment;
  const casesOf = async (id: string) =>
    (await app.app.recovery.cases.openOf(on.storage().read, [id], 'payment_difficulty')).get(id) ?? [];
  const letterOf = (id: string) => payment().letters.find(on.storage().read, id);
  const plansOf = (id: string) => payment().plans.ofCase(on.storage().read, id);
  const caseNow = () => app.app.recovery.cases.get(caseId);
  const linkOf = (id: string) => new URL(app.app.recovery.cases.linkFor(id)).pathname;
  const page = async (rest = '') => (await visitor.get(`${linkOf(caseId)}/plan${rest}`)).text;
  const send = (rest: string, fields: Record<string, string>) => visitor.post(`${linkOf(caseId)}/plan${rest}`, fields);
  const staffPage = () => anna.get(`/cases/${caseId}/plan`);
  const post = async (who: Person, rest: string, fields: Record<string, string> = {}) => {
    const at = `/cases/${caseId}/plan${rest}`;
    const seen = await who.get(`/cases/${caseId}/plan`);
    const found = seen.text.includes(`action="${at}"`) ? fieldsOf(seen, at) : {};
    return await who.post(at, { ...(found as Record<string, string>), ...fields });
  };

  async function customer(fields: Partial<CustomerRow> = {}): Promise<string> {
    const reference = `P-${++people}`;
    const [added] = await app.app.customers.upsertMany(COMMAND, [
      {
        reference,
        title: 'Frau',
        familyName: 'Brandes',
        givenName: 'Kerstin',
        email: `kerstin.${people}@example.com`,
        telephone: '0431 5550142',
        language: 'de',
        country: 'DE',
        legalBasis: 'contract',
        legalBasisSource: 'shop',
        legalBasisOn: '2025-01-01',
        ...fields,
      },
    ]);
    return added?.id ?? '';
  }

  const owe = (amounts: number[], dueOn = '2026-10-01', number = 'R') =>
    app.app.customers.addInvoices(
      COMMAND,
      amounts.map((amountMinor, i) => ({
        customerReference: `P-${people}`,
        number: `${number}-${people}-${i}`,
        amountMinor,
        dueOn,
        issuedOn: '2026-09-01',
        paidOn: null,
      })),
    );

  beforeEach(async () => {
    app.clock.set('2026-11-10T08:05:00.000Z');
    customerId = await customer();
    await owe([10_000, 23_001]);
    caseId = (await casesOf(customerId))[0]?.id ?? '';
  });

  describe('arrears', () => {
    test('open one case a customer, in the moment in which they become known, and never another for the same', async () => {
      expect(await casesOf(customerId)).toHaveLength(1);
      await app.app.recovery.work();
      await Promise.all([payment().arrears.lookAtAll(), app.app.recovery.work(), payment().arrears.lookAtAll()]);
      expect(await casesOf(customerId)).toHaveLength(1);
      const theCase = await caseNow();
      expect([theCase.origin, theCase.nextStep, theCase.language]).toEqual(['invoice', 'payment_invite', 'de']);
      // A working day to look at it: Tuesday 9:05 becomes Wednesday 9:05.
      expect(theCase.nextDueAt).toBe('2026-11-11T08:05:00.000Z');
      await on.storage().transaction((tx) =>
        app.app.recovery.cases.close(tx, COMMAND, caseId, {
          rootCause: 'payment',
          action: 'talked',
          outcome: 'settled',
          noQuestion: 'x',
        }),
      );
      await on.storage().transaction((tx) => payment().arrears.look(tx, [customerId]));
      expect(await casesOf(customerId)).toHaveLength(0);
    });

    test('that are new join the case that is open', async () => {
      await owe([5000], '2026-10-05', 'S');
      expect(await casesOf(customerId)).toHaveLength(1);
      expect(await page()).toContain('380,01');
    });

    test('of a small sum, of yesterday, or of years ago open none; nor does anything where that is switched off', async () => {
      const small = await customer();
      await owe([500]);
      const fresh = await customer();
      await owe([50_000], '2026-11-09');
      const old = await customer();
      await owe([50_000], '2020-01-01');
      expect(await Promise.all([small, fresh, old].map(casesOf))).toEqual([[], [], []]);
      // The background finds what grows old by itself.
      app.clock.set('2026-12-05T08:00:00.000Z');
      await app.app.recovery.work();
      expect(await casesOf(fresh)).toHaveLength(1);
    });

    test('that are paid leave nothing to invite to', async () => {
      const { rows } = await app.app.customers.records('invoices', customerId, null, 10);
      for (const { id } of rows) await app.app.customers.markPaid(COMMAND, customerId, id, '2026-11-09');
      expect((await letterOf(caseId))?.state).toBe('dropped');
      expect((await caseNow()).nextStep).toBe('payment_paid');
    });
  });

  describe('the invitation', () => {
    test('waits for a colleague, goes out in their language and not in the tone of a reminder, and counts as service', async () => {
      await app.app.runDue();
      expect((await letterOf(caseId))?.state).toBe('waiting');
      const seen = await staffPage();
      expect(seen.text).toContain('330.01');
      expect(seen.text).toContain('Wollen wir miteinander sprechen?');
      const rude = await post(anna, '/letter', { words: 'Letzte Mahnung! Zahlen Sie unverzüglich.' });
      expect(rude.status).toBe(422);
      expect(rude.text).toContain('This sounds like a reminder: Mahnung, unverzüglich');
      expect((await letterOf(caseId))?.state).toBe('waiting');
      expect((await post(anna, '/letter')).status).toBe(303);
      await app.app.runDue();
      const letter = await letterOf(caseId);
      expect(letter?.state).toBe('sent');
      const mails = await on
        .storage()
        .read.selectFrom('captured_mail')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(1)
        .execute();
      const raw = JSON.stringify(mails[0]);
      expect(raw).toContain(`${linkOf(caseId)}`);
      expect(raw).toContain('Guten Tag Frau Brandes');
      expect((await caseNow()).awaiting).toBe(true);
      const standing = await app.app.invitations.contacts.standing(
        on.storage().read,
        { id: customerId, email: 'x@example.com' },
        '2026-11-11T00:00:00.000Z',
      );
      expect(standing.from).toBeNull();
      expect((await anna.get(`/customers/${customerId}`)).text).toContain('Invited to talk about what is open');
    });

    test('is sent once, whoever presses at the same moment', async () => {
      const { revision = 0 } = (await letterOf(caseId)) ?? {};
      await Promise.all([staffPage(), ben.get(`/cases/${caseId}/plan`)]);
      const fields = { subject: 'Hallo', words: 'Wir helfen gern.', revision: String(revision) };
      const answers = await Promise.all([anna, ben, mia].map((who) => post(who, '/letter', fields)));
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 409, 409]);
      await app.app.runDue();
      const mails = await on
        .storage()
        .read.selectFrom('outgoing_mail')
        .select('id')
        .where('subject_id', '=', caseId)
        .execute();
      expect(mails).toHaveLength(1);
    });

    test('is a letter to print where there is no address, and goes by itself only where that is switched on', async () => {
      const silent = await customer({ email: '', street: 'Deichweg 4', postalCode: '24103', city: 'Kiel' });
      await owe([40_000]);
      caseId = (await casesOf(silent))[0]?.id ?? '';
      expect((await staffPage()).text).toContain('There is no e-mail address');
      const letter = await anna.get(`/cases/${caseId}/plan/letter`);
      expect(letter.text).toContain('Deichweg 4');
      expect(letter.text).toContain('Guten Tag Frau Brandes');
      expect((await post(anna, '/posting')).status).toBe(303);
      expect((await letterOf(caseId))?.state).toBe('printed');

      const form = fieldsOf(await mia.get('/settings/payment'), '/settings/payment') as Record<string, string>;
      const wrong = await mia.post('/settings/payment', { ...form, advice: 'DE javascript:alert(1)' });
      expect(wrong.status).toBe(422);
      expect((await mia.post('/settings/payment', { ...form, invitesItself: '1' })).status).toBe(303);
      const eager = await customer();
      await owe([40_000]);
      caseId = (await casesOf(eager))[0]?.id ?? '';
      expect((await letterOf(caseId))?.state).toBe('queued');
      const { revision } = fieldsOf(await mia.get('/settings/payment'), '/settings/payment') as Record<string, string>;
      expect((await mia.post('/settings/payment', { ...form, revision: revision ?? '' })).status).toBe(303);
    });

    test('carries a code to type, which leads customers to their page and colleagues to the case', async () => {
      const silent = await customer({ email: '', street: 'Deichweg 4', postalCode: '24103', city: 'Kiel' });
      await owe([40_000]);
      caseId = (await casesOf(silent))[0]?.id ?? '';
      const printed = async () => (await anna.get(`/cases/${caseId}/plan/letter`)).text;
      const [, code = ''] = /<b class="code">([^<]+)<\/b>/.exec(await printed()) ?? [];
      expect(code).toMatch(/^\w{3}-\w{3}-\w{4}$/);
      expect(await printed()).toContain(code);
      expect(await printed()).toMatch(/<p class="link">[^<]+\/p<\/p>/);
      const visitor = app.visitor();
      const typed = await visitor.post('/p?lang=de', { code: code.toLowerCase() });
      expect(typed.status).toBe(303);
      const page = await visitor.get(`${typed.headers.location}/plan`);
      expect([page.status, page.text.includes('Was offen ist')]).toEqual([200, true]);
      const slip = `${code.slice(0, -1)}${code.endsWith('3') ? '4' : '3'}`;
      expect((await visitor.post('/p?lang=de', { code: slip })).status).toBe(422);
      expect((await visitor.post('/p?lang=de', { code: '333-333-3333' })).status).toBe(422);
      await anna.get('/letters/entry');
      const entered = await anna.post('/letters/entry', { code });
      expect([entered.status, entered.headers.location]).toEqual([303, `/cases/${caseId}/plan`]);
    });

    test('is never beside a questionnaire', async () => {
      const from = 9000 + people * 10;
      const rows = leavers(2, () => ({ language: 'de' }), from);
      await app.app.customers.upsertMany(COMMAND, rows);
      const indebted = { customerReference: reference(from), number: 'Q-1', amountMinor: 9000, dueOn: '2026-10-01' };
      await app.app.customers.addInvoices(COMMAND, [{ ...indebted, issuedOn: null, paidOn: null }]);
      const waveId = await sentWave(app, rows, `Spared ${from}`);
      const invited = await on
        .storage()
        .read.selectFrom('invitation')
        .innerJoin('customer', 'customer.id', 'invitation.customer_id')
        .select(['reference', 'delivery', 'skip_reason'])
        .where('wave_id', '=', waveId)
        .where('reference', 'in', [reference(from), reference(from + 1)])
        .orderBy('reference')
        .execute();
      expect(invited).toEqual([
        { reference: reference(from), delivery: 'skipped', skip_reason: 'talking' },
        { reference: reference(from + 1), delivery: 'sent', skip_reason: null },
      ]);
    });
  });

  describe('the customer’s page', () => {
    test('changes nothing by being opened, and shows what there is to choose', async () => {
      const before = await caseNow();
      const text = await page();
      expect(text).toContain('Finden wir einen Weg');
      expect(text).toContain('https://www.caritas.de/');
      expect(text).not.toMatch(/Mahnung|überfällig/i);
      for (const rest of ['/call', '/instalments?instalments=3&rhythm=month&firstOn=2026-11-24', '/words'])
        await page(rest);
      expect(await caseNow()).toEqual(before);
      expect((await visitor.get(`${linkOf(caseId)}/plan?lang=nb`)).text).toContain('La oss finne en måte');
      expect((await visitor.get(`/c/${'x'.repeat(43)}/plan`)).status).toBe(404);
      expect((await visitor.get(linkOf(caseId))).headers.location).toBe(`${linkOf(caseId)}/plan`);
    });

    test('a call at a time of theirs, in working hours, changed and taken back', async () => {
      const [, from = ''] = /name="from" value="([^"]+)"/.exec(await page('/call')) ?? [];
      expect(from).toBe('2026-11-10T10:00:00.000Z');
      expect((await send('/call', { from: '2026-11-15T10:00:00.000Z' })).status).toBe(422);
      expect((await send('/call', { from, telephone: 'x'.repeat(500) })).status).toBe(422);
      expect((await send('/call', { from, telephone: '' })).status).toBe(303);
      expect(await page()).toContain('Wir rufen Sie an: Dienstag, 10. November 2026, 11:00 bis 13:00 Uhr');
      const theCase = await caseNow();
      expect([theCase.nextStep, theCase.nextDueAt]).toEqual(['payment_call', from]);
      expect((await staffPage()).text).toContain('0431 5550142');
      await send('/withdrawal', { what: 'call' });
      expect(await page()).not.toContain('Wir rufen Sie an:');
      expect((await caseNow()).awaiting).toBe(true);
    });

    test('their own words, as they are, and no more than there is room for', async () => {
      expect((await send('/words', { words: '  ' })).status).toBe(422);
      expect((await send('/words', { words: '🙂'.repeat(5001) })).status).toBe(422);
      expect((await send('/words', { words: HOSTILE })).status).toBe(303);
      expect(await page()).not.toContain('<script>alert');
      expect((await staffPage()).text).toContain('&lt;script&gt;');
      expect((await send('/words', { words: 'a\u0000b' })).status).toBeLessThan(500);
      const cross = await visitor.agent
        .post(`${linkOf(caseId)}/plan/words`)
        .set('Origin', 'https://evil.example')
        .type('form')
        .send('words=x');
      expect(cross.status).toBe(403);
    });

    test('a plan, calculated before their eyes, suggested, and agreed by a colleague within limits', async () => {
      const shown = await page('/instalments?instalments=3&rhythm=month&firstOn=2026-11-24');
      expect(shown).toMatch(/24\. November 2026[\s\S]*110,01[\s\S]*24\. Dezember 2026[\s\S]*110,00/);
      for (const wrong of [
        { instalments: '1' },
        { instalments: '99' },
        { rhythm: 'never' },
        { firstOn: '2020-01-01' },
      ]) {
        const fields = { instalments: '3', rhythm: 'month', firstOn: '2026-11-24', ...wrong };
        expect((await send('/instalments', fields)).status).toBe(422);
      }
      await send('/instalments', { instalments: '12', rhythm: 'month', firstOn: '2026-11-24' });
      await send('/instalments', { instalments: '8', rhythm: 'month', firstOn: '2026-11-24' });
      const [plan] = await plansOf(caseId);
      expect(plan?.plan).toMatchObject({ state: 'proposed', instalments: 8, total_minor: 33_001, by_customer: 1 });
      expect((await caseNow()).nextStep).toBe('payment_plan');
      const id = plan?.plan.id ?? '';
      expect((await post(anna, `/${id}/agreement`, { revision: '0' })).status).toBe(403);
      await ben.get(`/cases/${caseId}/plan`);
      await mia.get(`/cases/${caseId}/plan`);
      const both = await Promise.all(
        [1, 2].map(() => mia.post(`/cases/${caseId}/plan/${id}/agreement`, { revision: '0' })),
      );
      expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
      // Whoever came second finds the plan as it stands by now, and above it why.
      const second = both.find(({ status }) => status === 409)?.text ?? '';
      expect(second).toContain(CHANGED);
      expect(second).toContain(`/cases/${caseId}/plan/${id}/ending`);
      const late = [
        mia.post(`/cases/${caseId}/plan/${id}/refusal`, { revision: '0', reason: 'Zu lang' }),
        mia.post(`/cases/${caseId}/plan`, { amount: '200', instalments: '2', rhythm: 'month', firstOn: '2026-12-24' }),
      ];
      for (const answer of await Promise.all(late))
        expect([answer.status, answer.text.includes(`/cases/${caseId}/plan/${id}/ending`)]).toEqual([409, true]);
      expect(await page()).toContain('Das haben wir vereinbart');
      await app.app.runDue();
      const mails = await on
        .storage()
        .read.selectFrom('outgoing_mail')
        .select('state')
        .where('subject_id', '=', caseId)
        .execute();
      expect(mails.map(({ state }) => state)).toEqual(['sent']);
      // A second suggestion does not push it aside.
      await send('/instalments', { instalments: '2', rhythm: 'week', firstOn: '2026-11-24' });
      expect((await plansOf(caseId)).filter((each) => each.plan.state === 'proposed')).toEqual([]);
    });

    test('the same suggestion twice is one suggestion, whoever of the two sends it; another takes its place', async () => {
      const states = async () => (await plansOf(caseId)).map(({ plan }) => plan.state);
      const theirs = { instalments: '3', rhythm: 'month', firstOn: '2026-11-24' };
      const heading = async () => /<h2 id="fresh">([^<]*)</.exec((await staffPage()).text)?.[1];
      expect(await heading()).toBe('Suggest a plan');
      await page('/instalments');
      const answers = await Promise.all([1, 2, 3].map(() => send('/instalments', theirs)));
      expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
      expect(await states()).toEqual(['proposed']);
      expect(await heading()).toBe('Suggest another plan');
      const ours = { amount: '300', instalments: '3', rhythm: 'month', firstOn: '2026-12-01' };
      await anna.get(`/cases/${caseId}/plan`);
      const both = await Promise.all([1, 2].map(() => anna.post(`/cases/${caseId}/plan`, ours)));
      expect(both.map(({ status }) => status)).toEqual([303, 303]);
      expect(await states()).toEqual(['proposed', 'withdrawn']);
      // By telephone the customer has said yes to the one that stands.
      const spoken = await Promise.all([1, 2].map(() => anna.post(`/cases/${caseId}/plan`, { ...ours, spoken: '1' })));
      // At the very same moment the second may only see that it is done.
      expect([303, 409]).toEqual(expect.arrayContaining(spoken.map(({ status }) => status)));
      expect(await states()).toEqual(['agreed', 'withdrawn']);
      expect((await anna.post(`/cases/${caseId}/plan`, { ...ours, spoken: '1' })).status).toBe(303);
      expect(await states()).toEqual(['agreed', 'withdrawn']);
    });

    test('a colleague’s plan is theirs to accept, once', async () => {
      const terms = { amount: '300', instalments: '3', rhythm: 'month', firstOn: '2026-12-01' };
      expect((await post(anna, '', { ...terms, amount: '5000' })).status).toBe(422);
      expect((await post(anna, '', terms)).status).toBe(303);
      const text = await page();
      const [, plan = ''] = /name="plan" value="([^"]+)"/.exec(text) ?? [];
      await Promise.all([send('/acceptance', { plan }), send('/acceptance', { plan })]);
      const [agreed] = await plansOf(caseId);
      expect(agreed?.plan.state).toBe('agreed');
      expect(agreed?.instalments.map(({ amount_minor }) => amount_minor)).toEqual([10_000, 10_000, 10_000]);
    });
  });

  describe('an agreed plan', () => {
    const agree = async (amount = '330,01') => {
      const terms = { amount, instalments: '3', rhythm: 'month', firstOn: '2026-11-24', spoken: '1' };
      expect((await post(anna, '', terms)).status).toBe(303);
      return (await plansOf(caseId))[0]?.plan.id ?? '';
    };

    test('is paid by hand or by invoices that are paid, and is done when all has come', async () => {
      const id = await agree('330.01');
      expect((await post(anna, `/${id}/instalments/1/payment`)).status).toBe(303);
      expect((await post(anna, `/${id}/instalments/1/payment`)).status).toBe(409);
      expect((await post(anna, `/${id}/instalments/1/no-payment`)).status).toBe(303);
      const { rows } = await app.app.customers.records('invoices', customerId, null, 10);
      const larger = rows.find(({ amountMinor }) => amountMinor === 23_001);
      await app.app.customers.markPaid(COMMAND, customerId, larger?.id ?? '', '2026-11-10');
      const [half] = await plansOf(caseId);
      expect(half?.instalments.map(({ paid_how }) => paid_how)).toEqual(['invoice', 'invoice', null]);
      expect((await post(anna, `/${id}/instalments/3/payment`)).status).toBe(303);
      expect((await plansOf(caseId))[0]?.plan.state).toBe('done');
      expect((await caseNow()).nextStep).toBe('payment_paid');
      expect(await page()).toContain('Alles ist eingegangen');
    });

    test('that is missed makes a friendly next step for colleagues, once, and no mail', async () => {
      await agree('330.01');
      await app.app.runDue();
      const before = await on
        .storage()
        .read.selectFrom('outgoing_mail')
        .select('id')
        .where('kind', '=', 'payment.letter')
        .execute();
      app.clock.set('2026-11-27T12:00:00.000Z');
      await app.app.recovery.work();
      expect((await caseNow()).awaiting).toBe(true);
      app.clock.set('2026-11-30T09:00:00.000Z');
      await Promise.all([app.app.recovery.work(), payment().plans.lookForMissed(), payment().plans.lookForMissed()]);
      const theCase = await caseNow();
      expect([theCase.nextStep, theCase.awaiting]).toEqual(['payment_missed', false]);
      await app.app.runDue();
      expect(
        await on.storage().read.selectFrom('outgoing_mail').select('id').where('kind', '=', 'payment.letter').execute(),
      ).toHaveLength(before.length);
      const events = await on
        .storage()
        .read.selectFrom('case_event')
        .select('kind')
        .where('case_id', '=', caseId)
        .where('kind', '=', 'paymentMissed')
        .execute();
      expect(events).toHaveLength(1);
      app.clock.set('2026-11-10T09:00:00.000Z');
      expect((await staffPage()).text).toContain('has not come yet');
    });
  });

  test('nobody sees another kind of case there, nor without signing in', async () => {
    const complaint = await on.storage().transaction((tx) =>
      app.app.recovery.cases.open(tx, COMMAND, {
        kind: 'complaint',
        customerId,
        origin: 'hand',
        originId: null,
        words: 'x',
        language: 'de',
      }),
    );
    expect((await anna.get(`/cases/${complaint.caseId}/plan`)).status).toBe(404);
    expect((await visitor.get(`${linkOf(complaint.caseId)}/plan`)).status).toBe(404);
    expect((await anna.get('/cases/not-an-id/plan')).status).toBe(404);
    expect((await anna.get('/settings/payment')).status).toBe(403);
    const one: Answer = await visitor.get(`/cases/${caseId}/plan`);
    expect(one.status).toBe(303);
  });
});
