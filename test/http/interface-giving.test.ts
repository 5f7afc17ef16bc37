import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OfferInput } from '../../src/recovery/index.ts';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { actorsOf, CALLED_ELSEWHERE, fieldsAt, missing, NOBODY, program, type Program } from '../support/interface.ts';

const GIFT: OfferInput = {
  name: { en: 'Tasting box' },
  kind: 'gift',
  amount: null,
  costMinor: 1250,
  forWhom: 'everyone',
  reasons: [],
  leastWorthMinor: 0,
  leastRole: 'staff',
  perCustomer: 1,
  perYear: null,
  most: null,
  codeKind: 'generated',
  code: '',
  validDays: 30,
  endsOn: null,
};

onBothEngines((on) => {
  let app: TestApp;
  let from: Program;
  let visitors = 0;

  beforeAll(async () => {
    app = await startApp(on.storage(), { environment: { TRUST_PROXY: '1' } });
    from = await program(app);
  });
  afterAll(() => app.close());

  const offer = (fields: Partial<OfferInput> = {}) => app.app.recovery.offers.create(COMMAND, { ...GIFT, ...fields });
  const audited = (action: string) => actorsOf(on.storage(), action);

  test('an offer is given once, however often it is asked for, and at the same moment', async () => {
    const [customerId, offerId] = [await from.customer(), await offer()];
    const { body: choices } = await from.call('GET', `/customers/${customerId}/offers/choices`, undefined, 'staff');
    expect(choices.items).toContainEqual(expect.objectContaining({ offerId, why: null, approval: false }));
    const caseId = await from.caseOf(customerId);
    const give = () => from.call('POST', `/customers/${customerId}/offers`, { offerId, caseId }, 'staff');
    const both = await Promise.all([give(), give(), give()]);
    const again = await give();
    expect([...both, again].map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect([...both, again].filter(({ body }) => body.fresh)).toHaveLength(1);
    expect(new Set([...both, again].map(({ body }) => body.id)).size).toBe(1);
    expect(again.body).toMatchObject({ offerId, customerId, caseId, state: 'given', code: expect.stringMatching(/-/) });
    expect((await from.call('GET', `/offers/given/${again.body.id}`)).body).toMatchObject({ id: again.body.id });
    expect((await app.app.recovery.offers.get(offerId)).given).toBe(1);
    expect(await audited('offers.given')).toEqual([['token', from.tokenIds.get('staff')]]);
    const elsewhere = { offerId, caseId: await from.caseOf(customerId) };
    expect(fieldsAt(await from.call('POST', `/customers/${customerId}/offers`, elsewhere))).toEqual([409, ['offerId']]);
  });

  test('what limits and roles speak against is refused at its field, and nothing of it stays', async () => {
    const [customerId, only] = [await from.customer(), await offer({ most: 1 })];
    const give = (whom: string, body: object, role: 'staff' | 'manager' = 'staff') =>
      from.call('POST', `/customers/${whom}/offers`, body, role);
    expect((await give(await from.customer(), { offerId: only })).status).toBe(201);
    const refused = await give(customerId, { offerId: only });
    expect(fieldsAt(refused)).toEqual([409, ['offerId']]);
    expect(refused.body.error.message).toBe('All of them have been given.');
    const managers = await offer({ leastRole: 'manager' });
    expect(fieldsAt(await give(customerId, { offerId: managers }))).toEqual([409, ['offerId']]);
    expect((await give(customerId, { offerId: managers }, 'manager')).body.state).toBe('given');
    expect((await give(NOBODY, { offerId: only })).status).toBe(404);
    const foreign = await from.caseOf(await from.customer());
    expect((await give(customerId, { offerId: await offer(), caseId: foreign })).status).toBe(404);
    expect(fieldsAt(await give(customerId, { offerId: 'x' }))).toEqual([422, ['offerId']]);
    expect((await from.call('POST', `/customers/${customerId}/offers`, { offerId: only }, null)).status).toBe(401);
    expect((await from.call('GET', `/offers/given/${NOBODY}`)).status).toBe(404);
    const discount = { kind: 'discount_percent' as const, amount: 10 };
    const [cheaper, better] = [await offer(discount), await offer({ kind: 'upgrade' })];
    expect((await give(customerId, { offerId: cheaper })).status).toBe(201);
    expect(fieldsAt(await give(customerId, { offerId: better }))).toEqual([409, ['anyway']]);
    expect((await give(customerId, { offerId: better, anyway: true })).status).toBe(201);
  });

  test('above the limit of a role it waits for another, who approves or refuses it once', async () => {
    const [customerId, dear] = [await from.customer(), await offer({ costMinor: 9000 })];
    const ask = async (whom = customerId) =>
      (await from.call('POST', `/customers/${whom}/offers`, { offerId: dear }, 'staff')).body;
    const waits = await ask();
    expect(waits).toMatchObject({ state: 'waiting', code: '' });
    const at = `/offers/given/${waits.id}`;
    expect((await from.call('POST', `${at}/approval`, undefined, 'staff')).status).toBe(403);
    const both = await Promise.all([from.call('POST', `${at}/approval`), from.call('POST', `${at}/approval`)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await from.call('GET', at)).body.state).toBe('given');
    const other = await ask(await from.customer());
    expect((await from.call('POST', `/offers/given/${other.id}/refusal`)).body.state).toBe('refused');
    const third = await from.customer();
    const why = { reason: ' They had one in spring. ' };
    const refused = await from.call('POST', `/offers/given/${(await ask(third)).id}/refusal`, why);
    expect([refused.status, refused.body.state]).toEqual([200, 'refused']);
    const [kept] = await app.app.recovery.offers.ofCustomer(on.storage().read, third);
    expect(kept?.endedWhy).toBe('They had one in spring.');
    const wordy = await from.call('POST', `/offers/given/${(await ask(await from.customer())).id}/refusal`, {
      reason: 'x'.repeat(501),
    });
    expect(fieldsAt(wordy)).toEqual([422, ['reason']]);
    const most = await offer({ costMinor: 90_000 });
    const { body: dearest } = await from.call('POST', `/customers/${await from.customer()}/offers`, { offerId: most });
    const above = await from.call('POST', `/offers/given/${dearest.id}/approval`);
    expect(fieldsAt(above)).toEqual([403, ['id']]);
    expect((await from.call('POST', `/offers/given/${NOBODY}/approval`)).status).toBe(404);
  });

  test('it is used on a day that has been, once, or taken back with a reason', async () => {
    const { body: first } = await from.call('POST', `/customers/${await from.customer()}/offers`, {
      offerId: await offer(),
    });
    const at = `/offers/given/${first.id}`;
    expect(fieldsAt(await from.call('POST', `${at}/redemption`, { on: '2026-11-31' }))).toEqual([422, ['on']]);
    expect(fieldsAt(await from.call('POST', `${at}/redemption`, { on: '2026-11-11' }))).toEqual([422, ['on']]);
    expect(fieldsAt(await from.call('POST', `${at}/redemption`, { on: '2026-11-09' }))).toEqual([409, ['on']]);
    const use = () => from.call('POST', `${at}/redemption`, {}, 'staff');
    const both = await Promise.all([use(), use()]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await from.call('GET', at)).body).toMatchObject({ state: 'redeemed', redeemedOn: '2026-11-10' });
    expect(await audited('offers.redeemed')).toEqual([['token', from.tokenIds.get('staff')]]);
    const { body: second } = await from.call('POST', `/customers/${await from.customer()}/offers`, {
      offerId: await offer(),
    });
    const back = `/offers/given/${second.id}/withdrawal`;
    expect(fieldsAt(await from.call('POST', back, { why: ' ' }))).toEqual([422, ['why']]);
    expect((await from.call('POST', back, { why: 'By mistake' })).body.state).toBe('taken_back');
    expect(fieldsAt(await from.call('POST', back, { why: 'By mistake' }))).toEqual([409, ['id']]);
  });

  const tell = async (kind: string, words: string, minutes = 1): Promise<{ id: string; caseId: string | null }> => {
    const { agent } = app.visitor();
    const ip = `10.0.0.${++visitors}`;
    const page = (await agent.get('/tell-us?lang=de')) as unknown as { text: string };
    const stamp = /name="stamp" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    app.clock.advance({ minutes });
    let post = agent.post('/tell-us?lang=de').set('Origin', app.baseUrl).set('X-Forwarded-For', ip);
    for (const [name, value] of Object.entries({ stamp, kind, words })) post = post.field(name, value);
    await post;
    return (await from.call('GET', '/comments?limit=1')).body.items[0] as { id: string; caseId: string | null };
  };

  test('a comment that was held is released, whose it is is said, and a guarantee claim is decided once, by the limits', async () => {
    const { id } = await tell('praise', 'Die Mühle mahlt nicht, bitte Geld zurück.', 0);
    const at = `/comments/${id}`;
    expect((await from.call('POST', `${at}/release`, { kind: 'guarantee' }, null)).status).toBe(401);
    const early = await from.call('POST', `${at}/claim`, { state: 'granted', words: 'Geld zurück' });
    expect(fieldsAt(early)).toEqual([409, ['id']]);
    const released = await from.call('POST', `${at}/release`, { kind: 'guarantee' }, 'staff');
    expect(released.body).toMatchObject({ kind: 'guarantee', state: 'case', claim: { state: 'open' } });
    expect(fieldsAt(await from.call('POST', `${at}/release`, { kind: 'guarantee' }))).toEqual([409, ['id']]);
    const customerId = await from.customer();
    expect((await from.call('POST', `${at}/customer`, { customerId: NOBODY })).status).toBe(404);
    expect((await from.call('POST', `${at}/customer`, { customerId }, 'staff')).body).toMatchObject({ customerId });
    const decision = { state: 'granted', kind: 'replacement', words: 'Eine neue Mühle', amountMinor: 90_000 };
    expect(fieldsAt(await from.call('POST', `${at}/claim`, { ...decision, kind: 'money' }))).toEqual([422, ['kind']]);
    expect(fieldsAt(await from.call('POST', `${at}/claim`, { ...decision, words: ' ' }))).toEqual([422, ['words']]);
    expect(fieldsAt(await from.call('POST', `${at}/claim`, { ...decision, amountMinor: -1 }))).toEqual([
      ...[422, ['amountMinor']],
    ]);
    const decide = () => from.call('POST', `${at}/claim`, decision, 'staff');
    const both = await Promise.all([decide(), decide()]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 200)?.body).toMatchObject({
      remedy: 'proposed',
      claim: { state: 'granted', amountMinor: 90_000 },
    });
    const { items } = (await from.call('GET', `/cases/${released.body.caseId}/remedies`)).body;
    expect(items).toMatchObject([{ kind: 'replacement', state: 'proposed', amountMinor: 90_000 }]);
    expect(await audited('comments.granted')).toEqual([['token', from.tokenIds.get('staff')]]);
    const spam = await tell('idea', 'Cheap pills', 0);
    expect((await from.call('POST', `/comments/${spam.id}/aside`)).body.state).toBe('spam');
    expect(fieldsAt(await from.call('POST', `/comments/${spam.id}/aside`))).toEqual([409, ['id']]);
    expect((await from.call('POST', `/comments/${NOBODY}/aside`)).status).toBe(404);
  });

  test('whoever told us of a problem gets the thank-you that was chosen once, also at the same moment', async () => {
    const { id } = await tell('praise', 'Der Karton war offen.', 0);
    const give = (role: 'staff' | null = 'staff') => from.call('POST', `/comments/${id}/gift`, {}, role);
    await from.call('POST', `/comments/${id}/release`, { kind: 'problem' });
    const customerId = await from.customer();
    await from.call('POST', `/comments/${id}/customer`, { customerId });
    expect(fieldsAt(await give())).toEqual([409, ['id']]);
    const { comments } = app.app.recovery;
    const giftOfferId = await offer();
    const { revision, ...settings } = await comments.settings();
    const gift = { on: true, texts: {}, approved: ['de'] };
    await comments.saveSettings(COMMAND, { ...settings, gift, giftOfferId }, revision);
    const both = await Promise.all([give(), give()]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 200)?.body).toMatchObject({ id, gift: 'given' });
    const { items } = (await from.call('GET', `/customers/${customerId}/offers`)).body;
    expect(items).toMatchObject([{ offerId: giftOfferId, state: 'given' }]);
    expect((await from.call('POST', `/comments/${NOBODY}/gift`)).status).toBe(404);
    expect((await give(null)).status).toBe(401);
  });

  test('what came of a recommendation is said once and thanked, and a next need is met once', async () => {
    const [customerId, fresh] = [await from.customer(), await from.customer()];
    await app.app.loyalty.trust.refer(customerId, null, 'A friend');
    const { id } = (await from.call('GET', `/referrals?customerId=${customerId}`)).body.items[0];
    const at = `/referrals/${id}`;
    expect(fieldsAt(await from.call('POST', `${at}/thanks`))).toEqual([409, ['id']]);
    const became = { outcome: 'became_customer', newCustomerId: fresh };
    expect((await from.call('POST', `${at}/outcome`, { ...became, newCustomerId: NOBODY })).status).toBe(404);
    expect((await from.call('POST', `${at}/outcome`, became, 'staff')).body).toMatchObject(became);
    expect(fieldsAt(await from.call('POST', `${at}/outcome`, became))).toEqual([409, ['outcome']]);
    expect((await from.call('POST', `${at}/thanks`)).body.thankedAt).not.toBeNull();
    expect((await from.call('POST', `/referrals/${NOBODY}/outcome`, { outcome: 'nothing' })).status).toBe(404);
    const reference = (await app.app.customers.get(customerId)).reference;
    await app.app.customers.addPurchases(
      COMMAND,
      ['2026-07-10', '2026-08-11', '2026-09-10', '2026-10-11'].map((purchasedOn) => ({
        customerReference: reference,
        purchasedOn,
        amountMinor: 4000,
        item: 'Beans',
        reference: purchasedOn,
      })),
    );
    const meet = () => from.call('POST', `/next-needs/${customerId}`, { note: 'Brought beans' }, 'staff');
    const both = await Promise.all([meet(), meet()]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await from.call('POST', `/next-needs/${NOBODY}`, {})).status).toBe(404);
  });

  test('each of these calls has been made, and answered as its description says', () => {
    expect(missing(from, CALLED_ELSEWHERE.giving)).toEqual([]);
  });
});
