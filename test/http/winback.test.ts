import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import type { CustomerRow } from '../../src/customers/index.ts';
import { listNeeds } from '../../src/recovery/next-needs/store.ts';
import { listPromised, listStandings } from '../../src/recovery/winback/standing-store.ts';
import type { SqliteStorage } from '../../src/storage/sqlite.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';
import { listenToQueries, scansOf } from '../support/plans.ts';
import { sentWave } from '../support/post.ts';
import { leavers, reference } from '../support/waves.ts';

type Colleague = Person & { accountId: string };

onBothEngines((on) => {
  let app: TestApp;
  let anna: Colleague;
  let ben: Colleague;
  let leaving: string;
  let people = 500;

  beforeAll(async () => {
    app = await startApp(on.storage());
    [anna, ben] = [await app.signIn('staff', 'Anna'), await app.signIn('staff', 'Ben')];
    leaving = (await app.app.questionnaires.programmes()).find(({ key }) => key === 'leaving')!.id;
  });
  afterAll(() => app.close());

  const leaver = async (more: Partial<CustomerRow> = {}): Promise<string> => {
    const n = ++people;
    const fields = { telephone: `0431 555 ${n}`, yearlyValueMinor: 100_000, customerSince: '2020-05-01', ...more };
    const [made] = await app.app.customers.upsertMany(
      COMMAND,
      leavers(1, () => fields, n),
    );
    return made!.id;
  };
  const buy = async (id: string, purchasedOn: string, more: object = {}) => {
    const { reference: customerReference } = await app.app.customers.get(id);
    const row = { customerReference, purchasedOn, amountMinor: 4200, item: 'Espresso', reference: '' };
    await app.app.customers.addPurchases(COMMAND, [{ ...row, ...more }]);
  };
  const begin = async (who: Person, id: string): Promise<string> => {
    await who.get('/winback');
    const { headers } = await who.post(`/winback/${id}/case`);
    return /\/cases\/([0-9a-f-]{36})\/call/.exec(headers.location ?? '')?.[1] ?? '';
  };
  const call = async (who: Person, id: string, fields: Record<string, string>) => {
    const caseId = await begin(who, id);
    await who.post(`/cases/${caseId}/call/claim`);
    return { caseId, answer: await who.post(`/cases/${caseId}/call`, fields) };
  };
  const theCase = (id: string) => app.app.recovery.cases.get(id);
  const customer = (id: string) => app.app.customers.get(id);

  test('a promised call that is due stands on the page first, also where no other conversation is under way', async () => {
    const asked = { outcome: 'call_again', 'back-day': '2026-11-10', 'back-time': '11:00' };
    const { caseId } = await call(anna, await leaver(), asked);
    const due = { call_at: '2026-11-10T08:00:00.000Z' };
    await on.storage().transaction((tx) => tx.updateTable('winback').set(due).where('case_id', '=', caseId).execute());
    const page = (await ben.get('/winback')).text;
    expect(page).toMatch(/Promised calls that are due[^]*aria-current="page">Conversations under way/);
    expect(page).toContain('No other conversation is under way.');
    await anna.post(`/cases/${caseId}/call/claim`, { theyCalled: '1' });
    await anna.post(`/cases/${caseId}/call`, { outcome: 'moved', reason: 'moved' });
    const others = (await ben.get('/winback')).text;
    expect(others).toContain('aria-current="page">Not called yet');
    const [, back = ''] = /href="([^"]+)">Conversations under way/.exec(others) ?? [];
    expect((await ben.get(back)).text).toContain('No conversation is under way.');
  });

  test('the queue has whoever may be contacted, the most promising first; those held out are left alone by every path', async () => {
    const [loyal, poor, silent, held, gone] = [
      await leaver({ yearlyValueMinor: 100 }),
      await leaver({ customerSince: '2026-06-01' }),
      await leaver({ legalBasis: '', legalBasisSource: '', legalBasisOn: null }),
      await leaver(),
      await leaver(),
    ];
    await on.storage().transaction(async (tx) => {
      const draw = { programme_id: leaving, customer_id: held, held_out: 1, share: 10, number: 1 };
      await tx
        .insertInto('holdout_draw')
        .values({ ...draw, drawn_at: app.clock.now().toISOString() })
        .execute();
      await app.app.recovery.winback.refresh(tx, [held]);
      await app.app.customers.unsubscribe(tx, gone, 'link');
    });
    const { text } = await anna.get('/winback?view=free');
    expect(text.indexOf(loyal)).toBeGreaterThan(0);
    expect(text.indexOf(poor)).toBeGreaterThan(text.indexOf(loyal));
    for (const id of [silent, held, gone]) expect(text).not.toContain(id);
    expect((await anna.post(`/winback/${held}/case`)).status).toBe(409);
    const byHand = app.app.recovery.cases;
    const fresh = {
      kind: 'win_back' as const,
      customerId: held,
      origin: 'hand' as const,
      originId: null,
      words: '',
      language: 'en',
    };
    await expect(on.storage().transaction((tx) => byHand.open(tx, COMMAND, fresh))).rejects.toMatchObject({
      key: 'winback.error.held_out',
    });
    expect((await anna.post(`/winback/${gone}/case`)).status).toBe(409);
    expect((await anna.post('/winback/0198c0de-0000-7000-8000-000000000000/case')).status).toBe(404);
  });

  test('whom chance keeps out stays out, however often somebody tries', async () => {
    const { holdouts } = app.app.invitations;
    const programme = (await app.app.questionnaires.programmes()).find(({ key }) => key === 'leaving')!.id;
    await holdouts.setShare(COMMAND, programme, 50);
    const ids = await Promise.all(Array.from({ length: 12 }, () => leaver()));
    const tried: number[][] = [];
    for (const id of ids)
      tried.push([
        (await anna.post(`/winback/${id}/case`)).status,
        (await ben.post(`/winback/${id}/case`)).status,
        (await anna.post(`/winback/${id}/case`)).status,
      ]);
    await holdouts.setShare(COMMAND, programme, 0);
    const held = await holdouts.isHeldOut(on.storage().read, programme, ids);
    expect(tried).toEqual(ids.map((id) => Array<number>(3).fill(held.has(id) ? 409 : 303)));
    expect((await holdouts.state(on.storage().read, programme)).drawn).toBeGreaterThanOrEqual(12);
  });

  test('of two colleagues one has the call, and the other is told', async () => {
    const id = await leaver({ language: 'de' });
    const caseId = await begin(anna, id);
    await ben.get('/winback');
    const sheet = await anna.get(`/cases/${caseId}/call`);
    expect(sheet.text).toContain('Was ist geschehen, bevor Sie sich entschieden haben');
    expect(sheet.text).not.toContain('name="outcome"');
    await Promise.all([anna, ben].map((who) => who.post(`/cases/${caseId}/call/claim`)));
    const pages = await Promise.all([anna, ben].map(async (who) => (await who.get(`/cases/${caseId}/call`)).text));
    const [first, second] = pages[0]?.includes('name="outcome"') ? [anna, ben] : [ben, anna];
    expect(pages.filter((text) => text.includes('name="outcome"'))).toHaveLength(1);
    expect(pages.filter((text) => /(Anna|Ben) was quicker/.test(text))).toHaveLength(1);
    expect(pages.join().match(/(Anna|Ben) has been calling since/g)).toHaveLength(1);
    // Whoever comes second does not take it away by asking once more.
    await second.post(`/cases/${caseId}/call/claim`);
    expect((await first.get(`/cases/${caseId}/call`)).text).toContain('name="outcome"');
    expect((await second.get(`/cases/${caseId}/call`)).text).not.toContain('name="outcome"');
    // A draft stands as it was typed; nobody else can save or finish.
    const kept = await first.post(`/cases/${caseId}/call/notes`, { said: 'Niemand rief zurück', promised: 'Rückruf' });
    // Without scripts the place in the conversation is kept too, and what was done is said there.
    expect(kept.headers.location).toBe(`/cases/${caseId}/call?saved=1#saved`);
    expect((await first.get(`/cases/${caseId}/call?saved=1`)).text).toMatch(/id="saved">.*data-kept>Saved as typed\./);
    expect((await first.get(`/cases/${caseId}/call`)).text).toContain('Niemand rief zurück');
    expect((await second.post(`/cases/${caseId}/call/notes`, { said: 'x' })).status).toBe(409);
    const late = { outcome: 'lost', reason: 'price', said: 'Zu teuer geworden', promised: 'Neue Liste' };
    for (const rest of ['', '/notes']) {
      const { status, text } = await second.post(`/cases/${caseId}/call${rest}`, late);
      expect([status, text.includes('This call is no longer with you')]).toEqual([409, true]);
      expect(text).toMatch(/You typed:[^]*Zu teuer geworden[^]*Neue Liste/);
    }
    // The reason belongs to every conversation, also a lost one.
    const without = await first.post(`/cases/${caseId}/call`, { outcome: 'lost', said: 'Nein' });
    expect([without.status, without.text.includes('Please say why they left')]).toEqual([422, true]);
    const twice = await Promise.all(
      [1, 2].map(() =>
        first.post(`/cases/${caseId}/call`, {
          outcome: 'lost',
          reason: 'promises_callback',
          said: 'Niemand rief zurück',
        }),
      ),
    );
    expect(twice.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(await theCase(caseId)).toMatchObject({ state: 'closed', outcome: 'lost', rootCause: 'promises' });
    expect(await app.app.recovery.winback.callsOf(id, 5)).toHaveLength(1);
    expect((await anna.get(`/customers/${id}/timeline`)).text).toContain('Lost for good');
  });

  test('every outcome does what it says', async () => {
    const again = await leaver();
    const bad = await call(anna, again, { outcome: 'call_again', 'back-day': '2026-11-01', 'back-time': '10:00' });
    expect(bad.answer.status).toBe(422);
    const { caseId } = await call(anna, again, {
      outcome: 'call_again',
      'back-day': '2026-11-12',
      'back-time': '10:30',
    });
    expect(await theCase(caseId)).toMatchObject({ nextStep: 'win_back', nextDueAt: '2026-11-12T09:30:00.000Z' });
    expect((await anna.get('/winback?view=later')).text).toContain(again);
    // The day of the call is not taken for the day to call on.
    for (const page of [`/cases/${caseId}`, `/customers/${again}`])
      expect((await anna.get(page)).text).toContain('10 November 2026: Call again');
    const away = await leaver();
    const nothing = await call(anna, away, { outcome: 'not_reached' });
    expect((await theCase(nothing.caseId)).nextDueAt).toBe('2026-11-11T08:05:00.000Z'.replace('08:05', '08:15'));
    const never = await leaver();
    const stop = await call(anna, never, { outcome: 'do_not_contact' });
    expect((await customer(never)).unsubscribedAt).not.toBeNull();
    expect((await theCase(stop.caseId)).outcome).toBe('do_not_contact');
    expect((await anna.post(`/winback/${never}/case`)).status).toBe(409);
    const moved = await leaver();
    const closed = await call(anna, moved, { outcome: 'moved' });
    expect(await theCase(closed.caseId)).toMatchObject({ outcome: 'moved', rootCause: 'moved' });
    // Nobody calls in the evening.
    const late = await leaver();
    const open = await begin(anna, late);
    app.clock.set('2026-11-10T20:30:00.000Z');
    await expect(app.app.recovery.winback.claim(anna.accountId, open)).rejects.toMatchObject({
      key: 'telephone.error.notNow',
    });
    app.clock.set('2026-11-10T08:05:00.000Z');
  });

  test('in the evening somebody is called only about when they asked to be', async () => {
    const claimed = async (caseId: string, at: string) => {
      app.clock.set(at);
      const done = app.app.recovery.winback.claim(anna.accountId, caseId);
      const isMine = await done.then(
        () => true,
        () => false,
      );
      await app.app.recovery.winback.release(anna.accountId, caseId);
      return isMine;
    };
    const asked = { outcome: 'call_again', 'back-day': '2026-11-10', 'back-time': '21:30' };
    const { caseId } = await call(anna, await leaver(), asked);
    const { caseId: ours } = await call(anna, await leaver(), { outcome: 'not_reached' });
    const evenings = ['2026-11-10T20:29:00.000Z', '2026-11-10T20:35:00.000Z', '2026-11-10T23:00:00.000Z'];
    const mine: boolean[] = [];
    for (const at of evenings) mine.push(await claimed(caseId, at));
    expect(mine).toEqual([false, true, false]);
    // The next morning is a day that we chose ourselves.
    expect(await claimed(ours, '2026-11-11T21:00:00.000Z')).toBe(false);
    expect(await claimed(caseId, '2026-11-12T09:00:00.000Z')).toBe(true);
    app.clock.set('2026-11-10T08:05:00.000Z');
  });

  test('whoever rings us early in the morning is listened to: only our own calls keep to the hours', async () => {
    const caseId = await begin(anna, await leaver());
    app.clock.set('2026-11-10T05:30:00.000Z');
    const eva = await app.signIn('staff', 'Eva');
    const finn = await app.signIn('staff', 'Finn');
    const at = `/cases/${caseId}/call`;
    const early = (await eva.get(at)).text;
    expect(early).toContain('Nobody is called now');
    expect(early).toContain('They called us');
    expect((await eva.post(`${at}/claim`)).status).toBe(409);
    expect((await eva.post(`${at}/claim`, { theyCalled: '1' })).headers.location).toBe(`${at}#the-call`);
    expect(early).toContain('I am not calling to sell you anything');
    expect((await eva.get(at)).text).not.toContain('I am not calling to sell you anything');
    expect((await eva.get(at)).text).toContain('Thank you for calling');
    // Whoever speaks with them has the call, also against whom they ring next.
    await finn.post(`${at}/claim`, { theyCalled: '1' });
    expect((await finn.get(at)).text).toContain('Eva has been calling since');
    const said = { outcome: 'thinking', reason: 'price', said: 'Too dear for her.' };
    expect((await eva.post(at, said)).headers.location).toBe('/winback');
    const thread = (await eva.get(`/cases/${caseId}`)).text;
    expect(thread.match(/They called us/g)).toHaveLength(1);
    expect(thread).toContain('Too dear for her.');
    app.clock.set('2026-11-10T08:05:00.000Z');
  });

  test('“They called us”, pressed several times at one moment, is theirs and is noted once', async () => {
    const caseId = await begin(anna, await leaver());
    const press = () => anna.post(`/cases/${caseId}/call/claim`, { theyCalled: '1' });
    const answers = await Promise.all([press(), press(), press(), press()]);
    for (const { headers } of answers) expect(headers.location).toBe(`/cases/${caseId}/call#the-call`);
    const lines = on.storage().read.selectFrom('case_event').select('kind').where('case_id', '=', caseId);
    expect(await lines.where('kind', '=', 'winback.they_called').execute()).toHaveLength(1);
  });

  test('whoever buys after leaving is back, by themselves; a file that still says otherwise does not undo it', async () => {
    const id = await leaver({ leftOn: '2026-10-20' });
    const { caseId } = await call(anna, id, { outcome: 'won_back', reason: 'quality', said: 'I will try again' });
    expect((await theCase(caseId)).awaiting).toBe(true);
    await buy(id, '2026-09-01');
    await buy(id, '2026-11-09', { amountMinor: -500 });
    expect((await customer(id)).status).toBe('left');
    await buy(id, '2026-11-09');
    expect(await customer(id)).toMatchObject({ status: 'active', leftOn: null });
    expect(await theCase(caseId)).toMatchObject({ state: 'closed', outcome: 'returned' });
    const figures = (await anna.get('/winback')).text;
    expect(figures).toMatch(/Won back of those attempted: [\d]+ ?% = 1 \/ \d/);
    expect((await anna.get(`/customers/${id}/timeline`)).text).toContain('Won back: bought again');
    const { reference: ref } = await customer(id);
    await app.app.customers.upsertMany(COMMAND, [
      { reference: ref, status: 'left', leftOn: '2026-10-20' } as CustomerRow,
    ]);
    expect((await customer(id)).status).toBe('active');
    // Who said that they left knew what they had bought by then.
    const known = await leaver({ status: 'active', leftOn: null });
    await buy(known, '2026-11-05');
    await app.app.customers.markLeft(COMMAND, known, '2026-11-01');
    await buy(known, '2026-11-04');
    expect((await customer(known)).status).toBe('left');
    await buy(known, '2026-11-08');
    expect((await customer(known)).status).toBe('active');
  });

  test('what is heard on the telephone opens the offers for it while they are still on the line', async () => {
    const offerId = await app.app.recovery.offers.create(COMMAND, {
      name: { en: 'A kinder price' },
      kind: 'gift' as const,
      amount: null,
      costMinor: 500,
      forWhom: 'everyone' as const,
      reasons: ['price'],
      leastWorthMinor: 0,
      leastRole: 'staff' as const,
      perCustomer: null,
      perYear: null,
      most: null,
      codeKind: 'generated' as const,
      code: '',
      validDays: 30,
      endsOn: null,
    });
    const id = await leaver({ leftOn: '2026-10-20' });
    const caseId = await begin(anna, id);
    await anna.post(`/cases/${caseId}/call/claim`);
    expect((await anna.get(`/cases/${caseId}/call`)).text).toContain('Nothing is offered before we know');
    const give = () => anna.post(`/customers/${id}/offers`, { offer: offerId, case: caseId });
    const early = await give();
    expect([early.status, early.text.includes('Nothing is offered before we know')]).toEqual([409, true]);
    await anna.post(`/cases/${caseId}/call/notes`, { said: 'Too dear', reason: 'price_level' });
    await anna.post(`/cases/${caseId}/call/notes`, { said: 'Too dear', reason: 'quality' });
    expect((await give()).status).toBe(409);
    await anna.post(`/cases/${caseId}/call/notes`, { said: 'Too dear', reason: 'price' });
    expect((await anna.get(`/cases/${caseId}/call`)).text).toContain('A kinder price');
    expect((await give()).status).toBe(303);
    expect((await anna.post(`/cases/${caseId}/call`, { outcome: 'thinking', reason: 'price' })).status).toBe(303);
  });

  test('the sheet warns of a discount together with an upgrade, and keeps what was not approved', async () => {
    const add = async (name: string, kind: 'discount_percent' | 'upgrade' | 'service', costMinor: number) =>
      await app.app.recovery.offers.create(COMMAND, {
        name: { en: name },
        kind,
        costMinor,
        amount: kind === 'discount_percent' ? 10 : null,
        reasons: ['moved'],
        forWhom: 'everyone' as const,
        leastWorthMinor: 0,
        leastRole: 'staff' as const,
        perCustomer: null,
        perYear: null,
        most: null,
        codeKind: 'none' as const,
        code: '',
        validDays: 30,
        endsOn: null,
      });
    const [discount, upgrade] = [
      await add('Ten off', 'discount_percent', 500),
      await add('Bigger bag', 'upgrade', 500),
    ];
    const dear = await add('A barista', 'service', 9000);
    const id = await leaver({ leftOn: '2026-10-20' });
    const caseId = await begin(anna, id);
    await anna.post(`/cases/${caseId}/call/claim`);
    await anna.post(`/cases/${caseId}/call/notes`, { said: 'Gone to Kiel', reason: 'moved' });
    const sheet = async () => (await anna.get(`/cases/${caseId}/call`)).text;
    const give = (offer: string, more = {}) => anna.post(`/customers/${id}/offers`, { offer, case: caseId, ...more });
    const warning = 'Offer a discount or an upgrade, not both';
    expect(await sheet()).toContain(warning);
    expect(await sheet()).toContain('Ten off (Discount in per cent, 10%)');
    await give(discount);
    expect(await sheet()).toContain(warning);
    expect((await give(upgrade)).text).toContain('They have one of the two already');
    await give(upgrade, { anyway: '1' });
    expect(await sheet()).not.toContain(warning);
    await give(dear);
    const [asked] = await app.app.recovery.offers.ofCustomer(on.storage().read, id);
    const giver = { actor: COMMAND, role: 'administrator' as const };
    await app.app.recovery.offers.decide(giver, asked!.id, false, 'A tasting does as well');
    expect(await sheet()).toContain('A barista, not approved · A tasting does as well');
  });

  test('nobody is asked why they left who is back; Today says so, and the sheet does', async () => {
    const id = await leaver({ leftOn: '2026-10-20' });
    const { caseId } = await call(anna, id, { outcome: 'thinking', reason: 'quality', said: 'Perhaps' });
    await buy(id, '2026-11-09');
    const sheet = (await anna.get(`/cases/${caseId}/call`)).text;
    expect(sheet).toContain('they are back, and nobody needs to call');
    expect(sheet).not.toContain('/call/claim');
    expect(sheet).toContain(`href="/customers/${id}/offers"`);
    expect(sheet).not.toContain('id="ask"');
    const claimed = await ben.post(`/cases/${caseId}/call/claim`);
    expect([claimed.status, claimed.text.includes('This conversation has ended.')]).toEqual([409, true]);
    expect((await anna.get('/today')).text).toMatch(/has bought again|have bought again/);
    expect((await anna.get(`/cases/${caseId}`)).text).not.toMatch(/does not happen again: –/);
  });

  test('in writing: one letter that asks, one reminder, one way out', async () => {
    const company = { name: 'Rösterei Adler', address: 'Am Hafen 1\n24103 Kiel', telephone: '', email: '' };
    await app.app.accounts.settings.saveCompany(COMMAND, company);
    const id = await leaver({ language: 'nl', telephone: '' });
    const caseId = await begin(anna, id);
    const preview = await anna.get(`/cases/${caseId}/letter`);
    expect(preview.text).toContain('Wat hadden wij beter kunnen doen?');
    expect((await anna.post(`/cases/${caseId}/letter`, { kind: 'offer', given: '' })).status).toBe(404);
    const both = await Promise.all([1, 2].map(() => anna.post(`/cases/${caseId}/letter`, { kind: 'ask' })));
    expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
    await app.app.mailer.sendDue();
    const { email } = await customer(id);
    const mails = async () =>
      await on.storage().read.selectFrom('captured_mail').selectAll().where('envelope_to', '=', email).execute();
    const [first] = await mails();
    expect(first?.text).toContain('Mag ik vragen wat er gebeurde');
    expect(first?.text).not.toMatch(/%|korting/);
    // Whoever is written to reads where the business is.
    expect(first?.text).toContain('Am Hafen 1, 24103 Kiel');
    expect(first?.html).toContain('Am Hafen 1, 24103 Kiel');
    const link = /http\S+\/u\/\S+/.exec(first?.text ?? '')?.[0] ?? '';
    const path = new URL(link).pathname;
    // The reminder comes after a week, once.
    app.clock.advance({ days: 8 });
    for (const _ of [1, 2]) {
      await app.app.recovery.work();
      await app.app.mailer.sendDue();
    }
    expect(await mails()).toHaveLength(2);
    // Looking at the link changes nothing.
    const visitor = app.visitor();
    expect((await visitor.get(path)).text).toContain('Geen brieven meer?');
    expect((await customer(id)).unsubscribedAt).toBeNull();
    const oneClick = await visitor.agent.post(path).type('form').send('List-Unsubscribe=One-Click');
    expect(oneClick.status).toBe(200);
    expect((await customer(id)).unsubscribedHow).toBe('oneClick');
    expect(await theCase(caseId)).toMatchObject({ state: 'closed', outcome: 'do_not_contact' });
    expect((await visitor.get(`${path.slice(0, -1)}!`)).status).toBe(404);
    app.clock.set('2026-11-10T08:05:00.000Z');
  });

  test('what they say on the telephone is the answer to what we had asked, and after it one offer may go out', async () => {
    const n = ++people;
    const who = { telephone: `0431 555 ${n}`, customerSince: '2020-05-01', leftOn: '2026-11-02' };
    await sentWave(
      app,
      leavers(1, () => who, n),
      `Leaving ${n}`,
    );
    const { id, email } = (await app.app.customers.findByReference(reference(n)))!;
    const said = 'The driver came two days late, twice, and nobody called me.';
    const { caseId, answer } = await call(anna, id, { outcome: 'thinking', reason: 'promises_date', said });
    expect(answer.status).toBe(303);
    expect((await anna.get('/winback')).text).toContain('What they said counts as their answer');
    const query = on.storage().read.selectFrom('response').selectAll().where('customer_id', '=', id);
    expect(await query.executeTakeFirstOrThrow()).toMatchObject({ mode: 'telephone', state: 'complete' });
    const { rows } = await app.app.recovery.winback.queue('later', null);
    expect(rows.find((row) => row.customer_id === id)).toMatchObject({
      reason_key: 'promises',
      reason_source: 'colleague',
    });
    // What was asked, and the call, are one sequence in the contact budget.
    const contacts = await app.app.invitations.contacts.ofCustomer(on.storage().read, id, 5);
    expect(new Set(contacts.map(({ sequence_id }) => sequence_id)).size).toBe(1);
    const { recovery, mailer } = app.app;
    const plain = { forWhom: 'left' as const, reasons: ['promises'], leastWorthMinor: 0, leastRole: 'staff' as const };
    const limits = { amount: null, perCustomer: 1, perYear: null, most: null, validDays: 30, endsOn: null };
    const gift = {
      name: { en: 'Tasting box' },
      kind: 'gift' as const,
      costMinor: 900,
      codeKind: 'generated' as const,
      code: '',
    };
    const offerId = await recovery.offers.create(COMMAND, { ...gift, ...plain, ...limits });
    await anna.post(`/customers/${id}/offers`, { offer: offerId, case: caseId });
    const [given] = await recovery.offers.ofCustomer(on.storage().read, id);
    expect((await anna.get(`/cases/${caseId}/letter?kind=offer`)).text).toContain(given!.code);
    expect((await anna.get(`/cases/${caseId}/call`)).text).toContain(`Tasting box, given · ${given!.code}`);
    expect((await anna.post(`/cases/${caseId}/letter`, { kind: 'offer', given: given!.id })).status).toBe(303);
    expect((await anna.get(`/cases/${caseId}/letter`)).text).toContain('that was our failure, not yours');
    await mailer.sendDue();
    const mail = on.storage().read.selectFrom('captured_mail').selectAll().where('envelope_to', '=', email);
    const last = await mail.orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow();
    expect(last.text).toContain(`Tasting box. The code is ${given!.code}.`);
    expect(last.headers).toContain('List-Unsubscribe=One-Click');
  });

  test('the contact budget holds for those whom somebody else wrote to', async () => {
    const id = await leaver();
    const { email } = await customer(id);
    await on
      .storage()
      .transaction((tx) =>
        app.app.invitations.contacts.record(
          tx,
          'referral',
          [{ id, customer: { id, email } }],
          '2026-11-01T09:00:00.000Z',
        ),
      );
    expect((await anna.get('/winback?view=free')).text).toContain('asked something recently');
    const refused = await anna.post(`/winback/${id}/case`);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('They may be called from 30 January 2027.');
  });

  test('whoever was asked something lately is not called, and is listened to by day, too, when they ring us', async () => {
    const id = await leaver();
    const caseId = await begin(anna, id);
    const person = { id, email: (await customer(id)).email };
    const { contacts } = app.app.invitations;
    await on
      .storage()
      .transaction((tx) => contacts.record(tx, 'referral', [{ id, customer: person }], '2026-11-01T09:00:00.000Z'));
    const at = `/cases/${caseId}/call`;
    await anna.get(at);
    const refused = await anna.post(`${at}/claim`);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('They called us');
    expect((await anna.post(`${at}/claim`, { theyCalled: '1' })).headers.location).toBe(`${at}#the-call`);
    expect((await ben.get(at)).text).not.toContain('They called us');
    await app.app.recovery.winback.release(anna.accountId, caseId);
  });

  test('what customers usually need next comes up once a cycle, and its result is seen', async () => {
    const id = await leaver({ status: 'active', leftOn: null });
    for (const day of ['2026-08-12', '2026-09-02', '2026-09-23', '2026-10-14']) await buy(id, day, { reference: day });
    app.clock.set('2026-11-03T08:05:00.000Z');
    expect((await anna.get('/next-needs')).text).toContain('Lately every 21 days');
    const long = await anna.post(`/next-needs/${id}`, { note: 'Beans. '.repeat(80) });
    expect(long.status).toBe(422);
    expect(long.text).toContain('at most 500 are allowed');
    expect(fieldsOf(long, `/next-needs/${id}`)).toMatchObject({ note: 'Beans. '.repeat(80) });
    const nudges = await Promise.all(
      [anna, ben].map((who) => who.post(`/next-needs/${id}`, { note: 'Brought beans' })),
    );
    expect(nudges.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect((await anna.get('/next-needs')).text).not.toContain(id);
    const done = (await anna.get('/next-needs?view=done')).text;
    expect(done).toContain(id);
    expect(done).toMatch(/Spoken to on 3 November 2026, nothing bought since[^]*(Anna|Ben)[^]*: Brought beans/);
    expect((await ben.get(`/customers/${id}`)).text).toContain(': Brought beans');
    // Whoever works through their own list goes on in it, at the one who comes next.
    const goOn = { back: 'mine', after: '12 a', goOn: id };
    const other = await leaver({ status: 'active', leftOn: null });
    for (const day of ['2026-08-12', '2026-09-02', '2026-09-23', '2026-10-14'])
      await buy(other, day, { reference: `2 ${day}` });
    const { headers } = await ben.post(`/next-needs/${other}`, goOn);
    expect(headers.location).toBe(`/next-needs?view=mine&after=12%20a#who-${id}`);
    await buy(id, '2026-11-05', { amountMinor: 9900 });
    const { nudge, need } = await app.app.recovery.nextNeeds.of(id);
    expect(nudge).toMatchObject({ bought_on: '2026-11-05', amount_minor: 9900 });
    expect(need).toMatchObject({ last_on: '2026-11-05', nudged: 0 });
    expect((await anna.get(`/customers/${id}`)).text).toContain('Next need');
    app.clock.set('2026-11-10T08:05:00.000Z');
  });

  (on.engine === 'sqlite' ? test : test.skip)('the lists are read in the order of an index', async () => {
    const heard = listenToQueries();
    const { read, writer } = on.storage() as SqliteStorage;
    const id = reference(1);
    await listStandings(read, 'free', { chance: 1, worth: 1, id }, 51);
    await listPromised(read, { after: { at: '2026', id } }, 51);
    const window = { from: '2026', to: '2027', nudged: 0 as const, limit: 51 };
    await listNeeds(read, { ...window, contact: null, after: { day: '2026', id } });
    await listNeeds(read, { ...window, contact: id, after: { day: '2026', id } });
    const queries = [...heard].filter((query) => /winback|next_need/.test(query));
    expect(queries).toHaveLength(4);
    for (const query of queries) {
      expect([query, scansOf(writer, query)]).toEqual([query, []]);
      const steps = writer.prepare(`explain query plan ${query}`).all(Array.from(query.matchAll(/\?/g), () => null));
      expect([query, JSON.stringify(steps)]).toEqual([query, expect.not.stringContaining('TEMP B-TREE')]);
      if (query.includes('contact_account_id" =')) expect(JSON.stringify(steps)).toContain('next_need_mine');
    }
  });

  test('what stands against a conversation is said on the queue, as it is by now', async () => {
    const dora = await app.signIn('staff', 'Dora');
    const id = await leaver();
    await dora.get('/winback');
    await on.storage().transaction((tx) => app.app.customers.unsubscribe(tx, id, 'staff', null));
    const answer = await dora.post(`/winback/${id}/case`);
    expect([answer.status, answer.text.includes('Win back')]).toEqual([409, true]);
    // From the profile of somebody who can be spoken to, the queue begins with them.
    const other = await leaver({ yearlyValueMinor: 1 });
    const [href = ''] = /\/winback\?view=free&amp;after=[^"]+/.exec((await dora.get(`/customers/${other}`)).text) ?? [];
    const queue = (await dora.get(href.replaceAll('&amp;', '&'))).text;
    expect(queue.indexOf(`/customers/${other}"`)).toBeGreaterThan(0);
    expect(/action="\/winback\/([0-9a-f-]{36})\/case"/.exec(queue)?.[1]).toBe(other);
  });
});
