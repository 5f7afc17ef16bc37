import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CustomerRow } from '../../src/customers/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';

const HOSTILE = '\u202E🙂 <script>alert(1)</script> " & Å';

onBothEngines((on) => {
  let app: TestApp;
  let anna: Person & { accountId: string };
  let mia: Person & { accountId: string };
  let visitor: Person;
  let people = 0;

  beforeAll(async () => {
    app = await startApp(on.storage());
    anna = await app.signIn('staff', 'Anna');
    mia = await app.signIn('manager', 'Mia');
    visitor = app.visitor();
  });
  afterAll(() => app.close());
  /** A little later in each test: everybody is looked at every ten minutes. */
  let minutes = 0;
  beforeEach(() =>
    app.clock.set(new Date(Date.parse('2026-11-10T08:05:00.000Z') + 11 * 60_000 * minutes++).toISOString()),
  );

  const anniversaries = () => app.app.loyalty.anniversaries;
  const trust = () => app.app.loyalty.trust;
  const read = () => on.storage().read;

  async function customer(fields: Partial<CustomerRow> = {}): Promise<string> {
    const reference = `A-${++people}`;
    const row = {
      reference,
      familyName: 'Brandes',
      givenName: 'Kerstin',
      title: 'Frau',
      email: `k${people}@example.com`,
      language: 'de',
    };
    const basis = { legalBasis: 'contract', legalBasisSource: 'shop', legalBasisOn: '2020-01-01' };
    const [added] = await app.app.customers.upsertMany(COMMAND, [{ ...row, ...basis, ...fields } as CustomerRow]);
    return added?.id ?? '';
  }
  const greetingsOf = (customerId: string) =>
    read().selectFrom('greeting').selectAll().where('customer_id', '=', customerId).orderBy('year').execute();
  const mailsAbout = (id: string) =>
    read().selectFrom('outgoing_mail').select(['state', 'kind']).where('subject_id', '=', id).execute();

  /** As if they had answered how well their needs are met. */
  async function happy(customerId: string, score = 5, at = '2026-10-01T08:00:00.000Z'): Promise<void> {
    const row = { customer_id: customerId, response_id: customerId, score, said_at: at };
    await on.storage().transaction((tx) => tx.insertInto('contentment').values(row).execute());
  }

  describe('anniversaries', () => {
    const set = async (fields: Record<string, string>) => {
      const form = fieldsOf(await mia.get('/anniversaries'), '/anniversaries/settings') as Record<string, string>;
      return await mia.post('/anniversaries/settings', { ...form, ...fields });
    };
    const words = (i: number, text: string) =>
      Object.fromEntries(['en', 'de', 'nl', 'nb'].map((code) => [`text-${i}-${code}`, `${text} ${code}`]));

    test('are switched on by managers, with a reward in every language', async () => {
      const early = await customer({ customerSince: '2021-11-10' });
      await app.app.runDue();
      expect(await greetingsOf(early)).toEqual([]);
      const half = await set({ 'years-0': '5', 'text-0-en': 'A bag of coffee' });
      expect(half.status).toBe(422);
      expect(half.text).toContain('Please write this in every language');
      expect(
        (
          await set({
            on: '1',
            fromYear: '2',
            'years-0': '2',
            ...words(0, 'Kleiner Gruß'),
            'years-1': '5',
            ...words(1, 'Großer Gruß'),
          })
        ).status,
      ).toBe(303);
      expect((await anna.get('/anniversaries')).text).not.toContain('action="/anniversaries/settings"');
      expect((await anna.post('/anniversaries/settings', { on: '' })).status).toBe(403);
      expect((await anna.get('/anniversaries')).text).toContain('Brandes');
    });

    test('are greeted once, in their language, with the reward of their years, whoever runs at the same moment', async () => {
      const id = await customer({ customerSince: '2021-11-10' });
      const young = await customer({ customerSince: '2025-11-10' });
      await Promise.all([anniversaries().greetDue(), app.app.loyalty.work(), anniversaries().greetDue()]);
      await app.app.runDue();
      await app.app.runDue();
      const [greeting, second] = await greetingsOf(id);
      expect(second).toBeUndefined();
      expect(greeting).toMatchObject({
        year: 2026,
        years: 5,
        state: 'sent',
        way: 'mail',
        language: 'de',
        reward: 'Großer Gruß de',
      });
      expect(await mailsAbout(greeting?.id ?? '')).toHaveLength(1);
      const mail = await read().selectFrom('captured_mail').selectAll().orderBy('id', 'desc').limit(5).execute();
      expect(JSON.stringify(mail)).toContain('5 Jahre bei uns: danke');
      expect(await greetingsOf(young)).toEqual([]);
      app.clock.set('2027-11-10T09:00:00.000Z');
      await app.app.runDue();
      expect((await greetingsOf(id)).map(({ year, state }) => [year, state])).toEqual([
        [2026, 'sent'],
        [2027, 'sent'],
      ]);
    });

    test('come from the first purchase where nobody has said since when, and on the day of their own clocks', async () => {
      const id = await customer({ timeZone: 'Pacific/Kiritimati' });
      await app.app.customers.addPurchases(COMMAND, [
        { customerReference: `A-${people}`, purchasedOn: '2020-11-12', amountMinor: 100, item: '', reference: 'x1' },
      ]);
      // Nine in the morning of the 12th there is seven in the evening of the 11th in Greenwich.
      app.clock.set('2026-11-11T18:59:00.000Z');
      await app.app.runDue();
      expect(await greetingsOf(id)).toEqual([]);
      app.clock.set('2026-11-11T19:10:00.000Z');
      await app.app.runDue();
      expect(await greetingsOf(id)).toHaveLength(1);
    });

    test('of 29 February are greeted on the 28th', async () => {
      const id = await customer({ customerSince: '2024-02-29' });
      app.clock.set('2027-02-28T09:00:00.000Z');
      await app.app.runDue();
      expect((await greetingsOf(id)).map(({ on_day }) => on_day)).toEqual(['2027-02-28']);
    });

    test('pass over those who left, who want none, with whom something is open, and who were greeted', async () => {
      const since = { customerSince: '2019-11-10' };
      const left = await customer({ ...since, status: 'left', leftOn: '2026-01-01' });
      const gone = await customer(since);
      await app.app.customers.unsubscribeByHand(COMMAND, gone, 'telephone');
      const refusing = await customer(since);
      const complaining = await customer(since);
      const owing = await customer(since);
      const blocked = await customer({ ...since, email: 'blocked@example.com' });
      const basisless = await customer({ ...since, legalBasis: '', legalBasisSource: '', legalBasisOn: null });
      await app.app.bounces.suppressions.addByHand(COMMAND, 'blocked@example.com', 'x', null);
      await on.storage().transaction(async (tx) => {
        await app.app.customers.refuse(tx, refusing, 'greetings', 'link');
        const open = { origin: 'hand' as const, originId: null, words: 'x', language: 'de' };
        await app.app.recovery.cases.open(tx, COMMAND, { kind: 'complaint', customerId: complaining, ...open });
        await app.app.recovery.cases.open(tx, COMMAND, { kind: 'payment_difficulty', customerId: owing, ...open });
      });
      await app.app.runDue();
      for (const id of [left, gone, refusing, complaining, owing, blocked, basisless])
        expect(await greetingsOf(id)).toEqual([]);
      expect((await anna.get('/anniversaries')).text).toContain('Something is being put right');
    });

    test('that wait in the outbox are withdrawn when a case opens or they opt out, and do not count', async () => {
      const id = await customer({ customerSince: '2018-11-10' });
      await anniversaries().greetDue();
      expect((await greetingsOf(id))[0]?.state).toBe('queued');
      await on.storage().transaction((tx) =>
        app.app.recovery.cases.open(tx, COMMAND, {
          kind: 'complaint',
          customerId: id,
          origin: 'hand',
          originId: null,
          words: 'x',
          language: 'de',
        }),
      );
      await app.app.runDue();
      expect((await greetingsOf(id))[0]).toMatchObject({ state: 'cancelled', reason: 'talking' });
    });

    test('by post wait to be written, and are printed in the customer’s language', async () => {
      const post = { email: '', street: 'Deichweg 4', postalCode: '24103', city: 'Kiel', language: 'nb' };
      const id = await customer({ ...post, customerSince: '2016-11-14' });
      const fond = await customer({ street: 'Deichweg 5', city: 'Kiel', customerSince: '2016-11-13' });
      await anna.get(`/customers/${fond}/greeting`);
      expect((await anna.post(`/customers/${fond}/greeting`, { way: 'post' })).status).toBe(303);
      expect((await anna.get(`/customers/${fond}/greeting`)).text).toContain('in the pile within ten minutes');
      await app.app.runDue();
      const [card] = await greetingsOf(id);
      expect(card).toMatchObject({ state: 'to_write', way: 'post', on_day: '2026-11-14' });
      const printed = (await anna.get('/anniversaries/cards')).text;
      expect(printed).toContain('10 år hos oss: takk');
      expect(printed).toContain('Deichweg 5');
      expect(printed).toContain('<a href="/anniversaries">Anniversaries</a>');
      await anna.get('/anniversaries');
      const ids = [card?.id ?? ''];
      const both = await Promise.all(
        [anna, mia].map((who) => who.get('/anniversaries').then(() => who.post('/anniversaries/cards', { ids }))),
      );
      expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
      const late = both.find(({ status }) => status === 409)?.text;
      expect(late).toContain('None of these cards was still to be written.');
      expect(late).toContain('<h1>Anniversaries</h1>');
      expect((await greetingsOf(id))[0]?.state).toBe('written');
      const [second] = await greetingsOf(fond);
      expect((await anna.get('/anniversaries')).text).toContain(`name="card" value="${second?.id}"`);
      expect((await anna.post('/anniversaries/cards/left-out', { card: second?.id ?? '' })).status).toBe(303);
      expect((await greetingsOf(fond))[0]?.state).toBe('left_out');
      expect((await anna.post('/anniversaries/cards/left-out', { card: second?.id ?? '' })).status).toBe(409);
      expect((await anna.get(`/customers/${id}`)).text).toContain('A card by post after 10 years');
    });

    test('a card that was noted as posted by mistake waits to be written again, once', async () => {
      const post = { email: '', street: 'Deichweg 9', postalCode: '24103', city: 'Kiel', customerSince: '2016-11-14' };
      const [id, kept, erased] = [await customer(post), await customer(post), await customer(post)];
      await app.app.runDue();
      const cards = (await Promise.all([id, kept, erased].map(greetingsOf))).map(([card]) => card?.id ?? '');
      const comingFor = async () =>
        new RegExp(`/customers/${id}"[^]*?<span class="[^"]*">([^<]*)`).exec(
          (await anna.get('/anniversaries')).text.split('The next two weeks')[1] ?? '',
        )?.[1];
      expect(await comingFor()).toBe('card to write');
      expect((await anna.post('/anniversaries/cards', { ids: cards })).status).toBe(303);
      expect(await comingFor()).toBe('card in the post');
      const posted = (await anna.get('/anniversaries')).text.split('Noted as posted by mistake?')[1] ?? '';
      for (const card of cards) expect(posted).toContain(`name="ids" value="${card}">`);
      expect((await anna.post('/anniversaries/cards/not-posted', {})).status).toBe(409);
      await app.app.privacy.erase(COMMAND, erased);
      const ids = [cards[0] ?? '', cards[2] ?? ''];
      await mia.get('/anniversaries');
      const both = await Promise.all([anna, mia].map((who) => who.post('/anniversaries/cards/not-posted', { ids })));
      expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
      expect(both.find(({ status }) => status === 409)?.text).toContain('Tick the cards that are not in the post');
      expect((await greetingsOf(id))[0]).toMatchObject({ state: 'to_write', settled_at: null, account_id: null });
      expect((await greetingsOf(kept))[0]?.state).toBe('written');
      expect((await greetingsOf(erased))[0]?.state).toBe('written');
      const page = (await anna.get('/anniversaries')).text;
      expect(page).toContain(`name="ids" value="${cards[0]}" checked>`);
      expect(page.split('Noted as posted by mistake?')[1]).not.toContain(`value="${cards[2]}"`);
      const timeline = (await anna.get(`/customers/${id}/timeline`)).text;
      expect(timeline).toContain('The anniversary card was not in the post after all');
      const log = await read()
        .selectFrom('audit_entry')
        .select('detail')
        .where('action', '=', 'attentions.notPosted')
        .execute();
      expect(log).toEqual([{ detail: '{"count":1}' }]);
    });

    test('cards by post are held while something is put right, and nobody writes one for whoever opted out', async () => {
      const post = { email: '', street: 'Deichweg 6', postalCode: '24103', city: 'Kiel', customerSince: '2016-11-13' };
      const [upset, gone, glad] = [await customer(post), await customer(post), await customer(post)];
      await app.app.runDue();
      const [card] = await greetingsOf(upset);
      const line = async () => {
        const { text } = await anna.get('/anniversaries');
        return text.split('<li>').find((each) => each.includes(`value="${card?.id}"`)) ?? '';
      };
      const printed = async () => [...(await anna.get('/anniversaries/cards')).text.matchAll(/Deichweg 6/g)].length;
      expect(await line()).toContain(`name="ids" value="${card?.id}" checked>`);
      expect((await anna.get('/anniversaries')).text).not.toContain('Held back for now');
      expect(await printed()).toBe(3);
      await on.storage().transaction(async (tx) => {
        const open = { origin: 'hand' as const, originId: null, words: 'x', language: 'de' };
        await app.app.recovery.cases.open(tx, COMMAND, { kind: 'complaint', customerId: upset, ...open });
      });
      await app.app.customers.unsubscribeByHand(COMMAND, gone, 'telephone');
      const held = (await anna.get('/anniversaries')).text.split('Held back for now')[1]?.split('</ul>')[0] ?? '';
      expect(held).toContain(`value="${card?.id}"`);
      expect(await line()).toContain('no card meanwhile');
      expect(await line()).not.toContain('name="ids"');
      expect(await printed()).toBe(1);
      expect((await greetingsOf(upset))[0]?.state).toBe('to_write');
      expect((await greetingsOf(gone))[0]).toMatchObject({ state: 'cancelled', reason: 'unsubscribed' });
      expect((await greetingsOf(glad))[0]?.state).toBe('to_write');
    });

    describe('with an offer of the catalogue', () => {
      const SINCE = { customerSince: '2014-11-10' };
      let offerId = '';
      const given = () =>
        read().selectFrom('offer_given').selectAll().where('offer_id', '=', offerId).orderBy('id').execute();
      const mailTo = async (number: number) =>
        JSON.stringify(await read().selectFrom('captured_mail').selectAll().execute())
          .split('"id"')
          .find((mail) => mail.includes(`k${number}@example.com`) && mail.includes('12 Jahre'));
      const upset = (customerId: string) =>
        on.storage().transaction((tx) =>
          app.app.recovery.cases.open(tx, COMMAND, {
            kind: 'complaint',
            customerId,
            origin: 'hand',
            originId: null,
            words: 'x',
            language: 'de',
          }),
        );

      beforeAll(async () => {
        const gift = {
          'name-en': 'Anniversary roast',
          'name-de': 'Jubiläumsröstung',
          kind: 'gift',
          cost: '4',
          most: '2',
          forWhom: 'loyal',
          leastRole: 'staff',
          codeKind: 'generated',
          validDays: '30',
        };
        await mia.get('/offers/new');
        expect((await mia.post('/offers', gift)).status).toBe(303);
        await mia.post('/offers', { ...gift, 'name-en': 'Only for those who left', forWhom: 'left' });
        offerId = (await app.app.recovery.offers.list()).find(({ name }) => name.en === 'Anniversary roast')?.id ?? '';
      });

      test('it is chosen instead of words, never one that is not for those who stay', async () => {
        const page = (await mia.get('/anniversaries')).text;
        expect(page).toContain('Anniversary roast');
        expect(page).not.toContain('Only for those who left');
        const wrong = await set({ 'years-2': '12', 'offer-2': '0198c0de-0000-7000-8000-000000000000' });
        expect(wrong.text).toContain('This offer cannot come with a card');
        expect((await set({ 'years-2': '12', 'offer-2': offerId })).status).toBe(303);
        expect((await anna.get('/anniversaries')).text).toContain(
          'Wir möchten Ihnen etwas schenken: Jubiläumsröstung.',
        );
      });

      test('the card carries the code, a purchase or a colleague redeems it, its cost is counted, limits hold', async () => {
        const [byPurchase, first] = [await customer(SINCE), people];
        const [byHand, alone] = [await customer(SINCE), await customer(SINCE)];
        await app.app.runDue();
        const gifts = await given();
        expect(gifts.map(({ customer_id, state, given_by }) => [customer_id, state, given_by])).toEqual([
          [byPurchase, 'given', null],
          [byHand, 'given', null],
        ]);
        expect(await mailTo(first)).toContain(`Ihr Code lautet ${gifts[0]?.code}. Er gilt bis`);
        expect(await mailTo(first)).toContain('Jubiläumsröstung');
        expect((await greetingsOf(alone))[0]).toMatchObject({ state: 'sent', reward: '', offer_given_id: null });
        expect((await mia.get('/anniversaries')).text).toContain('no longer given');
        const bought = { purchasedOn: '2026-11-12', amountMinor: 900, item: '', reference: `#7 ${gifts[0]?.code}` };
        await app.app.customers.addPurchases(COMMAND, [{ ...bought, customerReference: `A-${first}` }]);
        const byItself = (await anna.get(`/customers/${byHand}/offers`)).text;
        expect(byItself).toMatch(/Given on 10 November 2026 by Comeback, valid until/);
        const used = await anna.post(`/offers/given/${gifts[1]?.id}/redemption`, { on: '2026-11-10' });
        expect(used.status).toBe(303);
        expect((await given()).map(({ state, cost_minor }) => [state, cost_minor])).toEqual([
          ['redeemed', 400],
          ['redeemed', 400],
        ]);
      });

      test('what comes with a card that never leaves is nobody’s', async () => {
        await mia.get(`/offers/${offerId}`);
        const fields = fieldsOf(await mia.get(`/offers/${offerId}`), `/offers/${offerId}`) as Record<string, string>;
        expect((await mia.post(`/offers/${offerId}`, { ...fields, most: '20' })).status).toBe(303);
        const unhappy = await customer(SINCE);
        const post = { email: '', street: 'Deichweg 4', city: 'Kiel', customerSince: '2014-11-14' };
        const leftOut = await customer(post);
        await anniversaries().greetDue();
        const before = (await app.app.recovery.offers.get(offerId)).given;
        const [card] = await greetingsOf(leftOut);
        const code = (await given()).find(({ id }) => id === card?.offer_given_id)?.code ?? '?';
        expect((await anna.get('/anniversaries/cards')).text).toContain(code);
        await upset(unhappy);
        await app.app.runDue();
        await anna.get('/anniversaries');
        expect((await anna.post('/anniversaries/cards/left-out', { card: card?.id ?? '' })).status).toBe(303);
        const states = new Map((await given()).map(({ customer_id, state }) => [customer_id, state]));
        expect([states.get(unhappy), states.get(leftOut)]).toEqual(['taken_back', 'taken_back']);
        expect((await app.app.recovery.offers.get(offerId)).given).toBe(before - 2);
      });
    });

    test('have a way out that opening does not take', async () => {
      const id = await customer({ customerSince: '2015-11-10' });
      await anniversaries().greetDue();
      const link = new URL(anniversaries().optOutLink((await greetingsOf(id))[0]?.id ?? '')).pathname;
      expect((await visitor.get(link)).status).toBe(200);
      expect((await app.app.customers.refusals(id)).length).toBe(0);
      expect((await visitor.get(link)).text).toContain('value="greetings" checked');
      await visitor.post(link, { wish: 'greetings' });
      expect((await app.app.customers.refusals(id)).map(({ topic }) => topic)).toEqual(['greetings']);
      const already = 'Sie haben uns gebeten, Ihnen keine Grüße mehr zu schicken';
      expect((await visitor.get(link)).text).toContain(already);
      const oneClick = await visitor.agent
        .post(link)
        .set('Origin', 'https://mail.example')
        .type('form')
        .send('List-Unsubscribe=One-Click');
      expect(oneClick.status).toBe(200);
      expect((await app.app.customers.get(id)).unsubscribedHow).toBe('oneClick');
      expect((await visitor.get(link)).text).toContain('Sie haben uns gebeten, Ihnen nicht mehr zu schreiben');
      expect((await visitor.get(`/g/${'x'.repeat(43)}`)).status).toBe(404);
    });
  });

  describe('trust', () => {
    const linkOf = async (id: string) => {
      const [ask] = await read()
        .selectFrom('trust_ask')
        .select('id')
        .where('customer_id', '=', id)
        .orderBy('asked_at', 'desc')
        .limit(1)
        .execute();
      return new URL(trust().linkFor(ask?.id ?? '')).pathname;
    };
    const asked = async (fields: Partial<CustomerRow> = {}) => {
      const id = await customer(fields);
      await happy(id);
      await anna.get(`/customers/${id}/trust`);
      expect((await anna.post(`/customers/${id}/trust`, { kind: 'word', way: 'mail' })).status).toBe(303);
      expect((await anna.get(`/customers/${id}/trust`)).text).toContain('The question is on its way.');
      return { id, link: await linkOf(id) };
    };

    test('is asked only of those who said that they are happy, and of whom nothing is open', async () => {
      const silent = await customer();
      const unhappy = await customer();
      await happy(unhappy, 3);
      const former = await customer();
      await happy(former, 5, '2025-10-01T08:00:00.000Z');
      const complaining = await customer();
      await happy(complaining);
      await on.storage().transaction((tx) =>
        app.app.recovery.cases.open(tx, COMMAND, {
          kind: 'complaint',
          customerId: complaining,
          origin: 'hand',
          originId: null,
          words: 'x',
          language: 'de',
        }),
      );
      for (const [id, why] of [
        [silent, 'not_happy'],
        [unhappy, 'not_happy'],
        [former, 'not_happy'],
        [complaining, 'talking'],
      ] as const) {
        expect(await trust().mayAsk(read(), id, 'mail')).toBe(why);
        await anna.get(`/customers/${id}/trust`);
        expect((await anna.post(`/customers/${id}/trust`, { kind: 'word', way: 'mail' })).status).toBe(409);
      }
      expect((await anna.get(`/customers/${unhappy}/trust`)).text).toContain('They have not said within a year');
    });

    test('is asked once a year at most, whoever asks at the same moment, and within the contact budget', async () => {
      const id = await customer();
      await happy(id);
      const fresh = { kind: 'word' as const, prospect: '', way: 'mail' as const };
      const both = await Promise.allSettled([1, 2, 3].map(() => trust().ask(COMMAND, id, fresh)));
      expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      await app.app.runDue();
      expect(
        (await mailsAbout((await trust().ofCustomer(read(), id)).asks[0]?.id ?? '')).map(({ state }) => state),
      ).toEqual(['sent']);
      expect(await trust().mayAsk(read(), id, 'talk')).toBe('asked');
      const budgeted = await customer();
      await happy(budgeted);
      const contact = { id: budgeted, customer: { id: budgeted, email: `k${people}@example.com` } };
      await on
        .storage()
        .transaction((tx) => app.app.invitations.contacts.record(tx, 'survey', [contact], '2026-11-01T08:00:00.000Z'));
      expect(await trust().mayAsk(read(), budgeted, 'mail')).toBe('budget');
      expect(await trust().mayAsk(read(), budgeted, 'talk')).toBeNull();
    });

    test('is declined with one press after a page that changes nothing, and that is remembered', async () => {
      const { id, link } = await asked();
      expect((await visitor.get(`${link}/no`)).text).toContain('Sollen wir Sie nicht wieder fragen?');
      await visitor.get(link);
      expect((await trust().ofCustomer(read(), id)).declined).toBe(false);
      await visitor.post(`${link}/no`);
      expect((await visitor.get(link)).text).toContain('Das ist völlig in Ordnung');
      await visitor.post(`${link}/word`, { words: 'meine Schwester' });
      expect((await trust().ofCustomer(read(), id)).referrals).toEqual([]);
      app.clock.set('2029-11-10T08:05:00.000Z');
      expect(await trust().mayAsk(read(), id, 'mail')).toBe('declined');
      app.clock.set('2026-11-10T08:05:00.000Z');
      await visitor.post(`${link}/again`);
      expect((await trust().ofCustomer(read(), id)).declined).toBe(false);
      expect((await visitor.get(`/r/${'y'.repeat(43)}`)).status).toBe(404);
      const oneClick = await visitor.agent
        .post(`${link}/no`)
        .set('Origin', 'https://mail.example')
        .type('form')
        .send('List-Unsubscribe=One-Click');
      expect(oneClick.status).toBe(200);
      expect((await trust().ofCustomer(read(), id)).declined).toBe(true);
      expect((await app.app.customers.get(id)).unsubscribedHow).toBe('oneClick');
    });

    test('ends with no: who had let others ask them is named to nobody any more, and may begin anew', async () => {
      const { id, link } = await asked();
      await visitor.post(`${link}/reference`, { often: '2', way: 'telephone', topics: '' });
      expect((await anna.get('/references')).text).toContain(`/references/${id}/uses`);
      await visitor.post(`${link}/no`);
      expect((await anna.get('/references')).text).not.toContain(`/references/${id}/uses`);
      expect((await trust().ofCustomer(read(), id)).reference).toBeUndefined();
      await visitor.post(`${link}/again`);
      expect((await visitor.get(link)).text).toContain(`${link}/reference`);
      expect((await trust().ofCustomer(read(), id)).reference).toBeUndefined();
    });

    test('keeps nobody’s address, takes what is said as it stands, and thanks for what came of it', async () => {
      const { id, link } = await asked();
      await app.app.runDue();
      const rude = await visitor.post(`${link}/word`, { words: 'Kim, kim@example.com' });
      expect(rude.status).toBe(422);
      expect(rude.text).toContain('Bitte ohne Adressen und Nummern');
      expect((await visitor.post(`${link}/word`, { words: HOSTILE })).status).toBe(303);
      expect((await visitor.get(link)).text).not.toContain('<script>alert');
      const [referral] = (await trust().ofCustomer(read(), id)).referrals;
      const at = `/referrals/${referral?.id}/outcome`;
      await mia.get('/references');
      await anna.get('/references');
      const both = await Promise.all(
        [anna, mia].map((who) => who.post(at, { outcome: 'became_customer', reference: 'A-1' })),
      );
      expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
      await app.app.runDue();
      expect((await mailsAbout(referral?.id ?? '')).map(({ kind, state }) => [kind, state])).toEqual([
        ['attentions.thanks', 'sent'],
      ]);
      expect((await anna.get('/references')).text).toContain(`/referrals/${referral?.id}/thanks`);
      expect((await anna.post(`/referrals/${referral?.id}/thanks`)).status).toBe(303);
      expect((await anna.get('/references')).text).not.toContain(`/referrals/${referral?.id}/thanks`);
      expect((await anna.get(`/customers/${id}`)).text).toContain('Was thanked for a referral');
    });

    test('a form that is sent twice tells of one, and the language that somebody chose goes along', async () => {
      const { id, link } = await asked();
      const word = () => visitor.post(`${link}/word?lang=nl`, { words: 'de buren' });
      const answers = await Promise.all([word(), word(), word()]);
      expect(answers.map(({ headers }) => headers.location)).toEqual(Array(3).fill(`${link}?saved=1&lang=nl`));
      expect((await trust().ofCustomer(read(), id)).referrals).toHaveLength(1);
      await visitor.post(`${link}/word`, { words: 'het café' });
      expect((await trust().ofCustomer(read(), id)).referrals).toHaveLength(2);
      const page = (await visitor.get(`${link}?lang=nl`)).text;
      for (const what of ['word', 'reference', 'no']) expect(page).toContain(`action="${link}/${what}?lang=nl"`);
      expect((await visitor.get(`${link}/no?lang=nl`)).text).toContain('<html lang="nl"');
      await Promise.all([visitor.post(`${link}/no`), visitor.post(`${link}/no`)]);
      const events = read().selectFrom('timeline_event').select('id').where('customer_id', '=', id);
      expect(await events.where('kind', '=', 'attentions.declined').execute()).toHaveLength(1);
    });

    test('who is asked in person can say no to a colleague, or that they have told somebody', async () => {
      const [id, other] = [await customer(), await customer()];
      for (const each of [id, other]) {
        await happy(each);
        await anna.get(`/customers/${each}/trust`);
        expect((await anna.post(`/customers/${each}/trust/answer`, { answer: 'no' })).status).toBe(404);
        await anna.post(`/customers/${each}/trust`, { kind: 'word', way: 'talk' });
      }
      expect((await anna.get(`/customers/${id}/trust`)).text).toContain(`/customers/${id}/trust/answer`);
      const away = await anna.post(`/customers/${id}/trust/answer`, { answer: 'told', words: 'Kim, 0431 123456' });
      expect([away.status, away.text.includes('Please leave out addresses and numbers')]).toEqual([422, true]);
      expect((await anna.post(`/customers/${id}/trust/answer`, { answer: 'told', words: 'Kim' })).status).toBe(303);
      expect((await trust().ofCustomer(read(), id)).referrals).toMatchObject([{ words: 'Kim', outcome: 'open' }]);
      expect((await anna.post(`/customers/${other}/trust/answer`, { answer: 'no' })).status).toBe(303);
      expect((await trust().ofCustomer(read(), other)).declined).toBe(true);
      expect((await anna.get(`/customers/${other}/trust`)).text).toContain('They would rather not be asked.');
    });

    test('two who ask, settle or thank at the same moment: one does, the other reads on the page why not', async () => {
      const id = await customer();
      await happy(id);
      await anna.get(`/customers/${id}/trust`);
      const ask = () => anna.post(`/customers/${id}/trust`, { kind: 'word', way: 'mail' });
      const both = await Promise.all([ask(), ask()]);
      expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
      expect(both.find(({ status }) => status === 409)?.text).toContain('They have been asked within the last year.');
      const link = await linkOf(id);
      await visitor.post(`${link}/word`, { words: 'the baker' });
      const [referral] = (await trust().ofCustomer(read(), id)).referrals;
      const at = `/referrals/${referral?.id}/outcome`;
      await anna.get('/references');
      const wrong = await anna.post(at, { outcome: 'became_customer', reference: 'nobody-has-this' });
      expect([wrong.status, wrong.text.includes('No customer has this number')]).toEqual([422, true]);
      expect(wrong.text).toContain('value="nobody-has-this"');
      expect((await trust().ofCustomer(read(), id)).referrals).toMatchObject([{ outcome: 'open' }]);
      const settled = await Promise.all([anna.post(at, { outcome: 'nothing' }), anna.post(at, { outcome: 'nothing' })]);
      expect(settled.map(({ status }) => status).sort()).toEqual([303, 409]);
      expect(settled.find(({ status }) => status === 409)?.text).toContain('<h1>References</h1>');
    });

    test('a reference is asked as often as they agreed to, and no more, also by two at once', async () => {
      const { id, link } = await asked();
      expect((await visitor.post(`${link}/reference`, { often: '99', way: 'telephone' })).status).toBe(422);
      expect(
        (await visitor.post(`${link}/reference`, { often: '2', way: 'telephone', topics: 'Lieferungen' })).status,
      ).toBe(303);
      expect((await visitor.get(link)).text).toContain('Bis zu 2‑mal im Jahr');
      const use = async (who: Person, prospect: string) => {
        const form = fieldsOf(await who.get('/references'), `/references/${id}/uses`) as Record<string, string>;
        return () => who.post(`/references/${id}/uses`, { ...form, prospect });
      };
      const [one, two] = [await use(anna, 'Hotel Nord'), await use(mia, 'Café Süd')];
      const both = await Promise.all([one(), two()]);
      expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
      expect((await (await use(anna, 'Café Süd'))()).status).toBe(303);
      expect((await anna.get('/references')).text).not.toContain(`action="/references/${id}/uses"`);
      await expect(trust().use(COMMAND, id, 2, 'X')).rejects.toThrow('attentions.error.often');
      await visitor.post(`${link}/no-reference`);
      await expect(trust().use(COMMAND, id, 2, 'X')).rejects.toThrow('attentions.error.noReference');
    });

    test('a prospect is named only with their consent, and a word about them reaches staff', async () => {
      const id = await customer();
      await happy(id);
      await anna.get(`/customers/${id}/trust`);
      const bare = await anna.post(`/customers/${id}/trust`, { kind: 'vouch', way: 'mail', prospect: 'Hotel Nord' });
      expect(bare.status).toBe(422);
      expect(bare.text).toMatch(/id="consent"[^>]* aria-invalid="true" aria-describedby="consent-error"/);
      expect(bare.text).toContain('<span class="error" id="consent-error">');
      expect(
        (
          await anna.post(`/customers/${id}/trust`, {
            kind: 'vouch',
            way: 'mail',
            prospect: 'Hotel Nord',
            consent: '1',
          })
        ).status,
      ).toBe(303);
      const link = await linkOf(id);
      expect((await visitor.get(link)).text).toContain('Kennen Sie Hotel Nord?');
      await visitor.post(`${link}/vouching`, { words: 'Seit zehn Jahren, zuverlässige Leute.' });
      expect((await anna.get(`/customers/${id}/trust`)).text).toContain('zuverlässige Leute');

      // A page of theirs that was open since they had declined takes back nothing that they said after it.
      await visitor.post(`${link}/again`);
      const answers = read().selectFrom('trust_ask').select('answer').where('customer_id', '=', id);
      expect(await answers.execute()).toEqual([{ answer: 'agreed' }]);
    });
  });

  test('what is a manager’s, or a colleague’s, is nobody else’s', async () => {
    for (const path of ['/anniversaries', '/references', '/anniversaries/cards'])
      expect((await visitor.get(path)).status).toBe(303);
    expect((await anna.get('/customers/not-an-id/trust')).status).toBe(404);
  });
});
