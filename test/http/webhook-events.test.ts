import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { CustomerRow } from '../../src/customers/index.ts';
import { COMMAND, colleague } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf, fillIn } from '../support/forms.ts';
import { program, type Program } from '../support/interface.ts';
import { letterOf } from '../support/letters-in.ts';
import { png } from '../support/pictures.ts';
import { bounceOf } from '../support/returned.ts';
import { isGenuine, receiver, type Heard } from '../support/webhook-receiver.ts';
import type { Role } from '../../src/web/index.ts';

type Colleague = Person & { accountId: string };
interface Told {
  type: string;
  data: Record<string, unknown>;
}

/** Nothing of this may ever leave. */
const PERSONAL = /Sunniva|Solberg|solberg@|0431 555|zerkratzt|rote Schirm|Tobias/;

onBothEngines((on) => {
  let app: TestApp;
  let from: Program;
  let anna: Colleague;
  let mia: Colleague;
  let boss: Colleague;
  let other: Awaited<ReturnType<typeof receiver>>;
  let secret = '';
  let kinds: string[] = [];
  let people = 0;
  const everHeard = new Set<string>();

  beforeAll(async () => {
    app = await startApp(on.storage(), {
      environment: { WEBHOOKS_PRIVATE: 'true', TRUST_PROXY: '1', BOUNCE_ADDRESS: 'back@example.com' },
    });
    from = await program(app);
    other = await receiver();
    await arrive();
    const page = (await boss.get('/settings/webhooks')).text;
    kinds = [...page.matchAll(/name="events" value="([^"]+)"/g)].map(([, kind = '']) => kind);
    const made = await fillIn(boss, '/settings/webhooks', { url: other.url, events: kinds });
    secret = /id="secret" value="(whsec_[A-Za-z0-9+/=]+)"/.exec(made.text)?.[1] ?? '';
  });
  afterAll(async () => {
    await app.close();
    await other.close();
  });
  beforeEach(() => void (other.heard.length = 0));

  const arrive = async () => {
    anna = await app.signIn('staff', 'Anna');
    mia = await app.signIn('manager', 'Mia');
    boss = await app.signIn('administrator', 'Bo');
  };
  const recovery = () => app.app.recovery;
  const read = () => on.storage().read;
  const by = () => colleague(anna.accountId);

  /** What the other program has been told since the test began, each message genuine and without a word of anybody's. */
  async function told(): Promise<Told[]> {
    await app.app.webhooks.work();
    const messages: Told[] = [];
    // Several are sent at once; their ids say in which order they happened.
    const idOf = ({ headers }: Heard) => String(headers['webhook-id']);
    for (const message of other.heard.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1))) {
      expect(await isGenuine(message, secret, app.clock.now())).toBe(true);
      expect(await isGenuine({ ...message, body: `${message.body} ` }, secret, app.clock.now())).toBe(false);
      expect(message.body).not.toMatch(PERSONAL);
      messages.push(JSON.parse(message.body) as Told);
    }
    for (const { type } of messages) everHeard.add(type);
    return messages;
  }
  const toldOf = async (...types: string[]) => (await told()).filter(({ type }) => types.includes(type));

  async function customer(fields: Partial<CustomerRow> = {}): Promise<string> {
    const n = ++people;
    const name = { reference: `W-${n}`, givenName: 'Sunniva', familyName: `Solberg ${n}`, language: 'de' };
    const basis = { legalBasis: 'contract', legalBasisSource: 'shop', legalBasisOn: '2020-01-01' };
    const reach = { email: `solberg@${n}.example.com`, telephone: `0431 555 ${n}` };
    const [made] = await app.app.customers.upsertMany(COMMAND, [
      { ...name, ...basis, ...reach, ...fields } as CustomerRow,
    ]);
    return made?.id ?? '';
  }
  const leaver = () => customer({ status: 'left', leftOn: '2026-10-20', customerSince: '2020-05-01' });
  const buy = async (id: string, purchasedOn: string, item = 'Espresso') => {
    const { reference: customerReference } = await app.app.customers.get(id);
    await app.app.customers.addPurchases(COMMAND, [
      { customerReference, purchasedOn, amountMinor: 4200, item, reference: `${item} ${purchasedOn}` },
    ]);
  };
  const open = (customerId: string, kind: 'complaint' | 'payment_difficulty' = 'complaint') =>
    on.storage().transaction((tx) =>
      recovery().cases.open(tx, by(), {
        kind,
        customerId,
        origin: 'hand',
        originId: null,
        words: 'Alles zerkratzt.',
        language: 'de',
      }),
    );
  const close = (caseId: string) => {
    const closing = { rootCause: 'quality', action: 'Ersatz', outcome: 'replaced' };
    return on.storage().transaction((tx) => recovery().cases.close(tx, by(), caseId, closing));
  };

  test('administrators choose from everything by name, in their language; the usual ones are chosen already', async () => {
    const { text } = await boss.get('/settings/webhooks');
    const openApi = (await fetch(`${app.baseUrl}/api/v1/openapi.json`)).json() as Promise<{ webhooks: object }>;
    expect(Object.keys((await openApi).webhooks).sort()).toEqual(kinds.toSorted());
    expect(kinds).toHaveLength(66);
    expect(fieldsOf({ text } as never, '/settings/webhooks').events).toEqual([
      ...['response.submitted', 'wave.finished', 'customer.opted_out', 'case.opened', 'case.closed'],
    ]);
    for (const label of ['The customer says that it is settled', 'A call to win somebody back has ended, and how'])
      expect(text).toContain(label);
    for (const group of ['Cases', 'Winning back and offers', 'Payment difficulties'])
      expect(text).toMatch(new RegExp(`<legend[^>]*>${group}</legend>`));
  });

  test('a case: its steps, what made good, the customer’s “not quite”, and that it is settled', async () => {
    const customerId = await customer();
    const { caseId } = await open(customerId);
    await anna.get(`/cases/${caseId}`);
    await anna.post(`/cases/${caseId}/steps/apologise`, {
      said_apologise: 'Es tut uns leid.',
      channel_apologise: 'mail',
    });
    await anna.post(`/cases/${caseId}/steps/act/skip`, { reason_act: 'Schon getan' });
    const { remedies, settling } = recovery().caseWork;
    await remedies.offer({ actor: colleague(mia.accountId), role: 'manager' }, caseId, {
      kind: 'refund',
      what: 'Geld',
      amountMinor: 900,
    });
    const [remedy] = await recovery().caseLists.remedies(caseId);
    await remedies.give(by(), caseId, remedy?.id ?? '');
    await close(caseId);
    await settling.notQuite(caseId, 'Immer noch zerkratzt.');
    await close(caseId);
    await settling.confirm(caseId);
    await settling.confirm(caseId);
    const about = { caseId, customerId };
    expect((await told()).map(({ type, data }) => ({ type, data }))).toMatchObject([
      { type: 'case.opened', data: about },
      { type: 'case.handed_over', data: { ...about, ownerId: anna.accountId } },
      { type: 'case.step_taken', data: { ...about, round: 1, step: 'apologise', state: 'done' } },
      { type: 'case.step_taken', data: { ...about, round: 1, step: 'act', state: 'skipped' } },
      { type: 'case.remedy_given', data: { ...about, remedyId: remedy?.id, kind: 'refund', amountMinor: 900 } },
      { type: 'case.closed', data: { ...about, round: 1 } },
      { type: 'case.reopened', data: { ...about, round: 2, byCustomer: true } },
      { type: 'case.closed', data: { ...about, round: 2 } },
      { type: 'case.confirmed', data: { ...about, round: 2, confirmedAt: app.clock.now().toISOString() } },
    ]);
  });

  test('a call to win somebody back, and their return by a purchase, with contact or without', async () => {
    const [spoken, alone] = [await leaver(), await leaver()];
    await anna.get('/winback');
    const { headers } = await anna.post(`/winback/${spoken}/case`);
    const caseId = /\/cases\/([0-9a-f-]{36})\/call/.exec(headers.location ?? '')?.[1] ?? '';
    await anna.post(`/cases/${caseId}/call/claim`);
    const said = { outcome: 'thinking', reason: 'price', said: 'Zu teuer, sagt Sunniva.' };
    expect((await anna.post(`/cases/${caseId}/call`, said)).status).toBe(303);
    for (const id of [spoken, alone]) await buy(id, '2026-11-09');
    const [call, ...returned] = await toldOf('call.ended', 'customer.returned');
    const reasonKey = 'price';
    expect(call).toMatchObject({
      type: 'call.ended',
      data: { caseId, customerId: spoken, outcome: 'thinking', reasonKey },
    });
    expect(returned.map(({ data }) => data)).toEqual([
      { customerId: spoken, caseId, returnedOn: '2026-11-09', afterContact: true },
      { customerId: alone, caseId: null, returnedOn: '2026-11-09', afterContact: false },
    ]);
  });

  test('an offer that somebody gets, and that they use it', async () => {
    const customerId = await customer();
    await mia.get('/offers/new');
    const box = { 'name-en': 'Tasting box', kind: 'gift', cost: '12.50', forWhom: 'everyone', leastRole: 'staff' };
    await mia.post('/offers', { ...box, codeKind: 'generated', validDays: '30' });
    const [offer] = await recovery().offers.list();
    await mia.post(`/customers/${customerId}/offers`, { offer: offer?.id ?? '', case: '' });
    const [given] = await recovery().offers.ofCustomer(read(), customerId);
    await buy(customerId, '2026-11-10', given?.code);
    const about = { givenId: given?.id, offerId: offer?.id, customerId, caseId: null, costMinor: 1250 };
    expect((await toldOf('offer.given', 'offer.redeemed')).map(({ type, data }) => [type, data])).toEqual([
      ['offer.given', { ...about, validUntil: given?.validUntil }],
      ['offer.redeemed', { ...about, redeemedOn: '2026-11-10' }],
    ]);
    expect(other.heard.map(({ body }) => body).join()).not.toContain(given?.code);
  });

  test('what anybody says on the public page, once it is not a program’s doing, and what became of a claim', async () => {
    const { agent } = app.visitor();
    const tell = async (fields: Record<string, string>, minutes: number) => {
      const page = (await agent.get('/tell-us?lang=de')) as unknown as { text: string };
      const stamp = /name="stamp" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
      app.clock.advance({ minutes });
      let post = agent.post('/tell-us?lang=de').set('Origin', app.baseUrl);
      for (const [name, value] of Object.entries({ stamp, name: 'Sunniva', ...fields })) post = post.field(name, value);
      await post;
      return (await read().selectFrom('public_comment').selectAll().orderBy('id', 'desc').executeTakeFirst())!;
    };
    const problem = await tell({ kind: 'problem', words: 'Der rote Schirm ist kaputt.' }, 1);
    const held = await tell({ kind: 'praise', words: 'Der rote Schirm ist schön.' }, 0);
    expect([problem.state, held.state]).toEqual(['case', 'held']);
    expect((await toldOf('comment.received')).map(({ data }) => [data.commentId, data.caseId])).toEqual([
      [problem.id, problem.case_id],
    ]);
    await recovery().comments.release(by(), held.id, 'guarantee');
    const decision = { state: 'granted' as const, kind: 'refund' as const, words: 'Geld zurück', amountMinor: 700 };
    await recovery().comments.decide({ actor: colleague(mia.accountId), role: 'manager' }, held.id, decision);
    other.heard.length = 0;
    expect(await toldOf('comment.received', 'claim.decided')).toMatchObject([
      { type: 'comment.received', data: { commentId: held.id, kind: 'guarantee', language: 'de' } },
      { type: 'claim.decided', data: { commentId: held.id, state: 'granted', amountMinor: 700 } },
    ]);
  });

  test('an alert of a colleague, and that it led somewhere', async () => {
    const customerId = await customer();
    const who = (await app.app.customers.get(customerId)).familyName;
    await anna.get('/alert');
    await anna.post('/alert', { who, what: 'Alles zerkratzt.', customer: customerId });
    const [alert] = await read().selectFrom('alert').selectAll().orderBy('id', 'desc').execute();
    await close(alert?.case_id ?? '');
    await recovery().caseWork.settling.confirm(alert?.case_id ?? '');
    const about = { alertId: alert?.id, caseId: alert?.case_id, customerId };
    expect(await toldOf('alert.reported', 'alert.credited')).toMatchObject([
      { type: 'alert.reported', data: { ...about, joined: false } },
      { type: 'alert.credited', data: { ...about, ledTo: 'settled' } },
    ]);
  });

  test('an anniversary that is greeted, and a recommendation with what came of it', async () => {
    const customerId = await customer({ customerSince: '2021-11-10' });
    const form = fieldsOf(await mia.get('/anniversaries'), '/anniversaries/settings') as Record<string, string>;
    await mia.post('/anniversaries/settings', { ...form, on: '1' });
    await app.app.runDue();
    const { trust } = app.app.loyalty;
    await trust.refer(customerId, null, 'Ich sprach mit Tobias.');
    const [referral] = (await trust.allReferrals({ customerId }, null, 1)).rows;
    await trust.settle(by(), referral?.id ?? '', 'nothing', null);
    expect(await toldOf('anniversary.greeted', 'referral.named', 'referral.settled')).toMatchObject([
      { type: 'anniversary.greeted', data: { customerId, years: 5, onDay: '2026-11-10', way: 'mail' } },
      { type: 'referral.named', data: { customerId, referralId: referral?.id } },
      { type: 'referral.settled', data: { referralId: referral?.id, outcome: 'nothing', newCustomerId: null } },
    ]);
  });

  test('who lets others ask them about us and then no longer does, and thanks for a recommendation', async () => {
    const customerId = await customer();
    const { trust } = app.app.loyalty;
    await trust.beReference(customerId, null, { a_year: 2, way: 'telephone', topics: '' });
    await trust.endReference(customerId);
    await trust.endReference(customerId);
    await trust.refer(customerId, null, 'Ich sprach mit Tobias.');
    const [referral] = (await trust.allReferrals({ customerId }, null, 1)).rows;
    await trust.settle(by(), referral?.id ?? '', 'became_customer', null);
    await trust.thank(by(), referral?.id ?? '');
    expect(await toldOf('reference.changed', 'referral.thanked')).toMatchObject([
      { type: 'reference.changed', data: { customerId, state: 'standing' } },
      { type: 'reference.changed', data: { customerId, state: 'ended' } },
      { type: 'referral.thanked', data: { customerId, referralId: referral?.id } },
    ]);
  });

  test('a payment plan: agreed, instalments that come and one that does not, and its end', async () => {
    const { plans } = recovery().payment;
    const plan = async (firstOn: string) => {
      const customerId = await customer();
      const { caseId } = await open(customerId, 'payment_difficulty');
      const terms = { totalMinor: 1001, instalments: 2, rhythm: 'month' as const, firstOn };
      await plans.propose({ actor: by(), role: 'manager' }, await recovery().cases.get(caseId), terms, true);
      const [{ plan: { id: planId } } = { plan: { id: '' } }] = await plans.ofCase(read(), caseId);
      return { planId, caseId, customerId };
    };
    const [paid, missed] = [await plan('2026-12-30'), await plan('2026-11-12')];
    for (const number of [1, 2]) await plans.notePaid(by(), paid.caseId, paid.planId, number);
    const terms = { totalMinor: 1001, instalments: 2, rhythm: 'month' };
    expect(await toldOf('payment_plan.agreed', 'payment_plan.ended', 'instalment.paid')).toMatchObject([
      { type: 'payment_plan.agreed', data: { ...paid, ...terms, firstOn: '2026-12-30' } },
      { type: 'payment_plan.agreed', data: { ...missed, ...terms, firstOn: '2026-11-12' } },
      { type: 'instalment.paid', data: { ...paid, number: 1 } },
      { type: 'instalment.paid', data: { ...paid, number: 2 } },
      { type: 'payment_plan.ended', data: { ...paid, state: 'done' } },
    ]);
    other.heard.length = 0;
    const { caseId } = await open(await customer(), 'payment_difficulty');
    const suggested = { totalMinor: 900, instalments: 3, rhythm: 'month' as const, firstOn: '2026-12-30' };
    const theCase = await recovery().cases.get(caseId);
    for (const _ of [1, 2]) await plans.proposeAsCustomer(theCase, suggested);
    await plans.propose({ actor: by(), role: 'manager' }, theCase, { ...suggested, instalments: 2 }, false);
    expect(await toldOf('payment_plan.proposed')).toMatchObject([
      { data: { caseId, customerId: theCase.customerId, ...suggested, byCustomer: true } },
      { data: { caseId, instalments: 2, byCustomer: false } },
    ]);
    other.heard.length = 0;
    app.clock.advance({ days: 7 });
    await Promise.all([plans.lookForMissed(), plans.lookForMissed()]);
    await plans.lookForMissed();
    expect(await toldOf('instalment.missed')).toMatchObject([{ data: { ...missed, number: 1 } }]);
  });

  test('a case that goes to a colleague, a duplicate that is put into it, and a customer who is forgotten', async () => {
    const customerId = await customer();
    const [theCase, twin] = [await open(customerId), await open(customerId)];
    const { handling } = recovery().caseWork;
    await handling.handOver(by(), theCase.caseId, null, mia.accountId, '');
    await handling.merge(by(), twin.caseId, theCase.number);
    await app.app.privacy.erase(by(), customerId);
    const about = { caseId: theCase.caseId, number: theCase.number, customerId };
    expect(await toldOf('case.handed_over', 'case.merged', 'customer.erased')).toMatchObject([
      { type: 'case.handed_over', data: { ...about, ownerId: mia.accountId } },
      { type: 'case.merged', data: { caseId: twin.caseId, customerId, mergedIntoId: theCase.caseId } },
      { type: 'customer.erased', data: { customerId } },
    ]);
  });

  test('what cannot wait, what is late, a letter that comes, and a question that nobody answered', async () => {
    const customerId = await customer();
    const { caseId, number } = await open(customerId);
    await recovery().caseWork.steps.hurry(by(), caseId, 'Sunniva heiratet morgen.');
    app.clock.advance({ days: 2 });
    await recovery().today.escalate();
    await recovery().today.escalate();
    const { email } = await app.app.customers.get(customerId);
    const written = { to: 'post@example.com', text: 'Immer noch zerkratzt.' };
    const letter = letterOf({ ...written, from: `Sunniva <${email}>` });
    const stranger = letterOf({ ...written, from: 'solberg@else.example' });
    const machine = letterOf({ ...written, from: email, headers: { 'Auto-Submitted': 'auto-replied' } });
    for (const source of [letter, letter, stranger, machine]) await app.app.bounces.receive(source, 'mailbox');
    await close(caseId);
    app.clock.advance({ days: 40 });
    await recovery().caseWork.settling.noteSilence();
    await recovery().caseWork.settling.noteSilence();
    const about = { caseId, number, customerId };
    const types = ['case.urgent', 'case.overdue', 'mail.received', 'case.unanswered'];
    const ours = (await toldOf(...types)).filter(({ data }) => [caseId, null].includes(data.caseId as string));
    expect(ours.map(({ type, data }) => ({ type, data }))).toMatchObject([
      { type: 'case.urgent', data: about },
      { type: 'case.overdue', data: { ...about, step: 'apologise' } },
      { type: 'mail.received', data: { caseId, customerId, toSort: false, otherAddress: false } },
      { type: 'mail.received', data: { caseId: null, customerId: null, toSort: true } },
      { type: 'case.unanswered', data: { ...about, round: 1 } },
    ]);
  });

  /** As another program, which is to succeed. */
  const post = async (path: string, body: object = {}, role: Role = 'staff') => {
    const { status, body: answered } = await from.call('POST', path, body, role);
    if (status >= 300) throw new Error(`${path}: ${JSON.stringify(answered)}`);
    return answered as { id: string; revision: number; texts: { id: string }[]; items: { id: string }[] };
  };
  const toldIn = async (...types: string[]) => (await toldOf(...types)).map(({ type, data }) => ({ type, data }));

  test('what is written down on a case: notes, files, tags, delays, exceptions, steps taken back, and letters', async () => {
    const customerId = await customer();
    const { caseId, number } = await open(customerId);
    const at = `/cases/${caseId}`;
    await post(`${at}/notes`, { words: 'Sunniva rief an.' });
    await post(`${at}/attachments`, { name: 'Solberg.png', content: png(1, 1).toString('base64') });
    for (const way of ['tags', 'tags', 'tags/removal', 'tags/removal']) await post(`${at}/${way}`, { tag: 'Tobias' });
    await post(`${at}/snooze`, { until: '2027-01-11' });
    await post(`${at}/waking`);
    const waived = { waived: 'Der rote Schirm', why: 'Sunniva heiratet.', reference: 'E-1' };
    await post(`${at}/exceptions`, { ...waived, accountId: anna.accountId });
    await post(`${at}/steps/apologise`, { said: 'Sunniva, es tut uns leid.', channel: 'telephone' });
    await post(`${at}/steps/apologise/undo`);
    await recovery().caseWork.settling.notQuite(caseId, 'Alles zerkratzt, schreibt Sunniva.');
    const { email } = await app.app.customers.get(customerId);
    const written = letterOf({ to: 'post@example.com', from: email, text: 'Immer noch zerkratzt.' });
    await app.app.bounces.receive(written, 'mailbox');
    await post(`${at}/mails/answered`);
    await post(`${at}/mails`, { reference: 'M-1', subject: 'Sunniva', words: 'Der rote Schirm kommt.' });
    await app.app.mailer.sendDue();
    const sent = await read().selectFrom('outgoing_mail').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow();
    await app.app.bounces.receive(bounceOf(app.app.bounces.returnPath(sent.id, email) ?? '', email), 'mailbox');
    const about = { caseId, number, kind: 'complaint', customerId };
    const types = kinds.filter((kind) => /^(case|mail)\./.test(kind));
    const silent = ['case.opened', 'case.step_taken', 'mail.received'];
    expect(await toldIn(...types.filter((type) => !silent.includes(type)))).toMatchObject([
      { type: 'case.noted', data: { ...about, what: 'note', accountId: null } },
      { type: 'case.file_added', data: about },
      { type: 'case.tagged', data: about },
      { type: 'case.untagged', data: about },
      { type: 'case.snoozed', data: { ...about, day: '2027-01-11' } },
      { type: 'case.woken', data: about },
      { type: 'case.exception_made', data: { ...about, accountId: anna.accountId } },
      { type: 'case.step_undone', data: { ...about, step: 'apologise' } },
      { type: 'case.customer_wrote', data: { ...about, byCustomer: true } },
      { type: 'mail.answered', data: about },
      { type: 'mail.written', data: about },
      { type: 'mail.returned', data: about },
    ]);
    const thread = (await from.call('GET', `${at}/thread`)).body.items as { id: string }[];
    const [noted] = await toldOf('case.noted');
    expect(thread.map(({ id }) => id)).toContain(noted?.data.lineId);
    const unknown = { kind: 'complaint', reference: 'W-U', contact: { name: 'Sunniva' }, words: 'x', language: 'de' };
    const { id } = await post('/cases', unknown);
    await post(`/cases/${id}/customer`, { customerId });
    expect(await toldOf('case.customer_named')).toMatchObject([{ data: { caseId: id, customerId } }]);
  });

  test('what waits for a yes or no and what was said, and what became of answers and pages', async () => {
    const customerId = await customer();
    const { caseId } = await open(customerId);
    const dear = { kind: 'refund', what: 'Geld für Sunniva', amountMinor: 900_000 };
    const remedy = await post(`/cases/${caseId}/remedies`, dear);
    await post(`/cases/${caseId}/remedies/${remedy.id}/refusal`, { reason: 'Sunniva' }, 'manager');
    await recovery().caseWork.settling.propose(caseId, 'Ein roter Schirm wäre schön.');
    const care = { ownerId: anna.accountId, reviewOn: '2027-06-01' };
    const words = { language: 'de', question: 'Wer ist Tobias?', body: 'Der rote Schirm.' };
    const answer = await post('/library/answers', { ...words, ...care });
    const at = `/library/answers/${answer.id}`;
    await post(`${at}/texts/${answer.texts[0]?.id}/approval`, {}, 'manager');
    await post(`${at}/review`, { reviewOn: '2027-07-01' }, 'manager');
    for (const way of ['retirement', 'return']) await post(`${at}/${way}`, {}, 'manager');
    const page = { language: 'de', title: 'Tobias', body: 'Der rote Schirm', places: ['call'] };
    const { id } = await post('/playbook', page, 'manager');
    await post(`/playbook/${id}`, { ...page, body: 'Sunniva', number: 1, asks: true }, 'manager');
    await post(`/playbook/${id}/retirement`, {}, 'manager');
    const about = { what: 'remedy', id: remedy.id, caseId, customerId };
    const text = { what: 'answer', id: answer.texts[0]?.id, answerId: answer.id, customerId: null };
    expect(await toldIn('approval.waiting', 'approval.decided', 'answer.changed', 'playbook.changed')).toMatchObject([
      { type: 'approval.waiting', data: { ...about, costMinor: 900_000, byCustomer: false } },
      { type: 'approval.decided', data: { ...about, approved: false } },
      { type: 'approval.waiting', data: { what: 'remedy', caseId, customerId, byCustomer: true } },
      { type: 'approval.waiting', data: text },
      { type: 'approval.decided', data: { ...text, approved: true } },
      ...['approved', 'reviewed', 'retired', 'returned'].map((what) => ({
        type: 'answer.changed',
        data: { answerId: answer.id, what },
      })),
      { type: 'playbook.changed', data: { pageId: id, what: 'written', number: 1, asks: true } },
      { type: 'playbook.changed', data: { pageId: id, what: 'written', number: 2, asks: true } },
      { type: 'playbook.changed', data: { pageId: id, what: 'retired', number: 2, asks: false } },
    ]);
  });

  test('an offer that is decided and taken back, a letter to who left, plans that come to nothing, and cards', async () => {
    const box = { name: { en: 'Tobias box' }, kind: 'gift', costMinor: 9000, validDays: 30 };
    const offer = await post('/offers', box, 'manager');
    const customerId = await customer();
    const given = await post(`/customers/${customerId}/offers`, { offerId: offer.id });
    await post(`/offers/given/${given.id}/approval`, {}, 'manager');
    await post(`/offers/given/${given.id}/withdrawal`, { why: 'Sunniva' });
    const left = { kind: 'win_back', reference: 'W-L', customerId: await leaver(), words: 'Ging.', language: 'de' };
    const { id: winback } = await post('/cases', left);
    await post(`/cases/${winback}/winback-letters`, { accountId: anna.accountId, kind: 'ask' });
    const { caseId } = await open(customerId, 'payment_difficulty');
    const theCase = await recovery().cases.get(caseId);
    const terms = { totalMinor: 900, instalments: 3, rhythm: 'month' as const, firstOn: '2027-01-30' };
    const slot = { from: '2026-12-01T09:00:00.000Z', to: '2026-12-01T10:00:00.000Z' };
    await recovery().payment.wishes.call(theCase, slot, '0431 555 1');
    await recovery().payment.plans.proposeAsCustomer(theCase, terms);
    await recovery().payment.plans.withdraw(theCase);
    await recovery().payment.plans.propose({ actor: by(), role: 'manager' }, theCase, terms, true);
    const [{ id: planId } = { id: '' }] = (await from.call('GET', `/cases/${caseId}/plans`)).body.items;
    const first = `/cases/${caseId}/plans/${planId}/instalments/1`;
    for (const way of ['payment', 'no-payment']) await post(`${first}/${way}`);
    const near = { customerSince: '2017-01-14', street: 'Deichweg 4', postalCode: '24103', city: 'Kiel' };
    const fond = await customer(near);
    await post(`/customers/${fond}/greeting`, { way: 'post' });
    app.clock.set('2027-01-11T09:00:00.000Z');
    await app.app.loyalty.anniversaries.greetDue();
    const card = (await from.call('GET', '/anniversaries/cards')).body.items.find(
      (each: { customerId: string }) => each.customerId === fond,
    );
    const cards = `/anniversaries/cards/${card.id}`;
    await post(`${cards}/posting`);
    await post(`${cards}/posting/removal`);
    await post(`${cards}/leaving-out`, { reason: 'Sunniva zieht um.' });
    const types = ['approval.waiting', 'approval.decided', 'offer.given', 'offer.ended', 'winback.letter_written'];
    const rest = ['payment.call_chosen', 'payment_plan.declined', 'instalment.returned', 'anniversary.card_moved'];
    const ofOffer = { what: 'offer', id: given.id, customerId };
    expect(await toldIn(...types, ...rest)).toMatchObject([
      { type: 'approval.waiting', data: { ...ofOffer, costMinor: 9000 } },
      { type: 'approval.decided', data: { ...ofOffer, approved: true } },
      { type: 'offer.given', data: { givenId: given.id } },
      { type: 'offer.ended', data: { givenId: given.id, offerId: offer.id, customerId, state: 'taken_back' } },
      { type: 'winback.letter_written', data: { caseId: winback, kind: 'win_back' } },
      { type: 'payment.call_chosen', data: { caseId, customerId, byCustomer: true } },
      { type: 'payment_plan.declined', data: { caseId, customerId, byCustomer: true } },
      { type: 'instalment.returned', data: { caseId, instalment: 1 } },
      ...['written', 'to_write', 'left_out'].map((state) => ({
        type: 'anniversary.card_moved',
        data: { greetingId: card.id, customerId: fond, state },
      })),
    ]);
  });

  test('what somebody usually needs next, on its day and once until they buy again, and that a colleague came with it', async () => {
    app.clock.set('2027-01-11T09:00:00.000Z');
    const noticed = async () => {
      for (const _ of [1, 2]) await recovery().work();
      return await toldOf('next_need.noticed', 'next_need.worked');
    };
    const customerId = await customer();
    for (const day of ['2026-09-20', '2026-10-21', '2026-11-20', '2026-12-21']) await buy(customerId, day);
    const long = await customer();
    for (const day of ['2026-07-10', '2026-08-11', '2026-09-10', '2026-10-11']) await buy(long, day);
    expect(await noticed()).toEqual([]);

    other.heard.length = 0;
    app.clock.set('2027-01-16T09:00:00.000Z');
    const days = { customerId, lastOn: '2026-12-21' };
    const due = { type: 'next_need.noticed', data: { ...days, expectedOn: '2027-01-21', askFrom: '2027-01-16' } };
    expect(await noticed()).toMatchObject([due]);
    await buy(customerId, '2026-12-21', 'Filter');
    await post(`/next-needs/${customerId}`, { note: 'Sunniva' });
    await buy(customerId, '2027-01-16');
    const worked = { type: 'next_need.worked', data: { ...days, accountId: null } };
    expect(await noticed()).toMatchObject([due, worked]);
  });

  test('who is away and back, what changes in the catalogue, and links for reporting', async () => {
    const { accountId } = anna;
    await post(`/colleagues/${accountId}/absence`, { until: '2027-01-20' }, 'manager');
    for (const _ of [1, 2]) {
      app.clock.advance({ minutes: 1 });
      await post(`/colleagues/${accountId}/absence/end`, {}, 'manager');
    }
    const box = { name: { en: 'Tobias tin' }, kind: 'gift', costMinor: 500, validDays: 30 };
    const { id: offerId, revision } = await post('/offers', box, 'manager');
    const changed = { ...box, costMinor: 600, revision };
    for (const _ of [1, 2]) await post(`/offers/${offerId}`, changed, 'manager');
    for (const way of ['retirement', 'return']) await post(`/offers/${offerId}/${way}`, {}, 'manager');
    const { id: linkId } = await post('/alert-links', { name: 'Tobias' }, 'manager');
    await post('/alert-links', { name: 'Tobias' }, 'manager');
    await post(`/alert-links/${linkId}/revocation`, {}, 'manager');
    const links = ['alert_link.made', 'alert_link.revoked'];
    expect(await toldOf('colleague.away', 'colleague.back', 'offer.changed', ...links)).toMatchObject([
      { type: 'colleague.away', data: { accountId, untilOn: '2027-01-20' } },
      { type: 'colleague.back', data: { accountId } },
      ...['added', 'changed', 'retired', 'resumed'].map((what) => ({ type: 'offer.changed', data: { offerId, what } })),
      ...links.map((type) => ({ type, data: { linkId } })),
    ]);
  });

  test('all that a colleague looked after and another has now, at once, beside each case', async () => {
    const leo = await app.signIn('staff', 'Leo');
    const { caseId } = await open(await customer({ contactAccountId: leo.accountId }));
    expect((await recovery().cases.get(caseId)).ownerId).toBe(leo.accountId);
    const duties = `/colleagues/${leo.accountId}/handing-over`;
    for (const _ of [1, 2]) {
      app.clock.advance({ minutes: 1 });
      await post(duties, { toId: mia.accountId, word: 'Tobias' }, 'administrator');
    }
    const who = { fromId: leo.accountId, toId: mia.accountId };
    expect(await toldOf('case.handed_over', 'colleague.handed_over')).toMatchObject([
      { type: 'case.handed_over', data: { caseId, ownerId: mia.accountId } },
      { type: 'colleague.handed_over', data: { ...who, customers: 1, cases: 1, answers: 0 } },
    ]);
  });

  test('two records that became one, with both ids, once', async () => {
    const [kept, other] = [
      await app.app.customers.get(await customer()),
      await app.app.customers.get(await customer()),
    ];
    const pair = { keptId: kept.id, otherId: other.id, seen: { kept: kept.revision, other: other.revision } };
    expect(await app.app.merging.merge(by(), pair, {})).toMatchObject({ ok: true });
    await expect(app.app.merging.merge(by(), pair, {})).rejects.toThrow('merging.error.gone');
    expect(await toldOf('customer.merged')).toMatchObject([{ data: { customerId: kept.id, mergedId: other.id } }]);
  });

  test('what is undone is told to nobody, whatever it was', async () => {
    await arrive();
    let undoing = true;
    /** Somebody who listens after the webhooks do, and cannot go on. */
    const fail = () => (undoing ? Promise.reject(new Error('undone')) : Promise.resolve());
    const { cases, caseWork, winback, offers, payment, comments } = recovery();
    const { alerts, trust } = app.app.loyalty;
    for (const listen of [cases.onReopened, cases.onSettled, caseWork.steps.onTaken, winback.onReturned])
      listen(fail as never);
    for (const listen of [offers.onGiven, payment.plans.onNews, comments.onPlaced, alerts.onReported, trust.onReferred])
      listen(fail as never);
    const [customerId, gone] = [await customer(), await leaver()];
    const { caseId } = await open(customerId);
    const closed = await open(await customer());
    await close(closed.caseId);
    await app.app.webhooks.work();
    other.heard.length = 0;
    const events = () => read().selectFrom('webhook_event').select('id').execute();
    const before = await events();
    const signed = { said: 'Es tut uns leid.', channel: 'mail' as const };
    const acts = [
      () => caseWork.steps.sign(by(), caseId, 'apologise', signed),
      () => caseWork.settling.notQuite(closed.caseId, 'Nein.'),
      () => caseWork.settling.confirm(closed.caseId),
      () => buy(gone, '2026-11-12'),
      () => alerts.report({ accountId: anna.accountId }, { who: 'x', what: 'y', customerId, language: 'de' }),
      () => trust.refer(customerId, null, ''),
    ];
    for (const act of acts) await expect(act()).rejects.toThrow('undone');
    expect([await told(), await events()]).toEqual([[], before]);
    undoing = false;
    for (const act of acts) await act().catch(() => undefined);
    const types = ['case.step_taken', 'case.reopened', 'customer.returned', 'alert.reported', 'referral.named'];
    expect((await toldOf(...types)).map(({ type }) => type)).toEqual(types);
  });

  test('everything that can be chosen has been told, but for what other tests see', () => {
    const elsewhere = ['response.submitted', 'customer.opted_out', 'wave.finished'];
    expect(kinds.filter((kind) => !everHeard.has(kind) && !elsewhere.includes(kind))).toEqual([]);
  });
});
