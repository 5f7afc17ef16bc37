import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Answer, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';
import { bringIn, plain, upload } from '../support/imports.ts';
import { leavers } from '../support/waves.ts';

type Colleague = Person & { accountId: string };
const FOREIGN = '0198c0de-0000-7000-8000-000000000000';
const GIFT = {
  'name-en': 'Tasting box',
  'name-de': 'Probierpaket',
  kind: 'gift',
  cost: '12.50',
  forWhom: 'everyone',
  leastRole: 'staff',
  codeKind: 'generated',
  validDays: '30',
};

onBothEngines((on) => {
  let app: TestApp;
  let anna: Colleague;
  let carla: Colleague;
  let boss: Colleague;
  let people = 0;

  beforeAll(async () => {
    app = await startApp(on.storage());
    [anna, carla, boss] = [
      await app.signIn('staff', 'Anna'),
      await app.signIn('manager', 'Carla'),
      await app.signIn('administrator', 'Bo'),
    ];
  });
  afterAll(() => app.close());

  /** Adds an offer as a manager does, and finds it again. */
  const offer = async (fields: Record<string, string> = {}): Promise<string> => {
    const name = `${fields['name-en'] ?? GIFT['name-en']} ${++people}`;
    await carla.get('/offers/new');
    const answer = await carla.post('/offers', { ...GIFT, ...fields, 'name-en': name });
    expect(answer.status).toBe(303);
    const all = await app.app.recovery.offers.list();
    return all.find((each) => each.name.en === name)!.id;
  };
  const customers = async (count: number, more: object = {}): Promise<string[]> => {
    const from = people + 1;
    people += count;
    const active = { status: 'active' as const, leftOn: null, customerSince: '2020-01-01', ...more };
    const rows = leavers(count, () => active, from);
    return (await app.app.customers.upsertMany(COMMAND, rows)).map(({ id }) => id);
  };
  const give = async (who: Person, customerId: string, offerId: string, more: Record<string, string> = {}) =>
    await who.post(`/customers/${customerId}/offers`, { offer: offerId, case: '', ...more });
  const given = async (offerId: string) =>
    await on
      .storage()
      .read.selectFrom('offer_given')
      .selectAll()
      .where('offer_id', '=', offerId)
      .orderBy('id')
      .execute();
  const quota = async (offerId: string) => (await app.app.recovery.offers.get(offerId)).given;
  /** The subjects of what whoever asked for approval was told, the newest first. */
  const toldOf = async () => {
    await app.app.mailer.sendDue();
    const { rows } = await app.app.mailer.outbox.list(null, { isAdministrator: true });
    return rows.filter(({ kind }) => kind === 'recovery_decision').map(({ subject }) => subject);
  };
  const counts = (answers: Answer[]) =>
    [303, 409].map((status) => answers.filter((each) => each.status === status).length);

  test('managers edit the catalogue, everybody sees it; what is typed wrong stays with the reason beside it', async () => {
    const id = await offer();
    expect((await anna.get('/offers')).text).toContain('Tasting box');
    expect((await anna.get(`/offers/${id}`)).status).toBe(403);
    expect((await anna.post('/offers', GIFT)).status).toBe(403);
    await carla.get('/offers/new');
    const wrong = await carla.post('/offers', { ...GIFT, 'name-en': '', 'name-de': '', cost: 'much', validDays: '0' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="much"');
    expect((await carla.post('/offers', { ...GIFT, kind: 'discount_percent' })).status).toBe(422);
    const nameless = await carla.post('/offers', { ...GIFT, 'name-en': '', 'name-de': '', cost: '' });
    const summary = [...nameless.text.matchAll(/<li><a href="#([^"]+)">/g)].map(([, field]) => field);
    expect(summary).toEqual(['name-en', 'cost']);
    const page = await carla.get(`/offers/${id}`);
    const fields = fieldsOf(page, `/offers/${id}`);
    expect((await carla.post(`/offers/${id}`, { ...fields, cost: '9' })).status).toBe(303);
    // Whoever still has the old page changes nothing unawares.
    expect((await carla.post(`/offers/${id}`, { ...fields, cost: '8' })).status).toBe(409);
    expect((await app.app.recovery.offers.get(id)).costMinor).toBe(900);
  });

  test('limits hold when many give at the same moment', async () => {
    const [few, yearly] = [await offer({ most: '3' }), await offer({ perYear: '2' })];
    const ids = await customers(8);
    await anna.get('/offers');
    const all = await Promise.all(ids.map((id) => give(anna, id, few)));
    expect(counts(all)).toEqual([3, 5]);
    expect([await quota(few), (await given(few)).length]).toEqual([3, 3]);
    expect(counts(await Promise.all(ids.map((id) => give(anna, id, yearly))))).toEqual([2, 6]);
    const once = await offer({ perCustomer: '1' });
    const [one = ''] = ids;
    expect(counts(await Promise.all([1, 2, 3, 4].map(() => give(anna, one, once))))).toEqual([1, 3]);
    // Taken back, it can be given to somebody else.
    const [first] = await given(few);
    await anna.post(`/offers/given/${first!.id}/withdrawal`, { why: 'Given by mistake' });
    expect(await quota(few)).toBe(2);
    const [fresh = ''] = await customers(1);
    expect((await give(anna, fresh, few)).status).toBe(303);
  });

  test('above their limit a colleague asks, and one other approves', async () => {
    const dear = await offer({ cost: '90' });
    const [id = ''] = await customers(1);
    await anna.get('/offers');
    expect((await give(anna, id, dear)).status).toBe(303);
    const [row] = await given(dear);
    expect(row?.state).toBe('waiting');
    expect((await anna.get(`/customers/${id}/offers`)).text).not.toContain(row?.code);
    expect((await anna.post(`/offers/given/${row!.id}/approval`)).status).toBe(403);
    expect((await carla.get('/offers')).text).toContain('Waiting for approval');
    await boss.get('/offers');
    const both = await Promise.all([carla, boss].map((who) => who.post(`/offers/given/${row!.id}/approval`)));
    expect(counts(both)).toEqual([1, 1]);
    expect((await anna.get(`/customers/${id}/offers`)).text).toContain(row?.code);
    expect(await toldOf()).toEqual(['Approved: what you proposed']);
    // What costs more than a manager may give waits for an administrator.
    const dearest = await offer({ cost: '900' });
    await give(anna, id, dearest);
    const [waits] = await given(dearest);
    expect((await carla.post(`/offers/given/${waits!.id}/approval`)).status).toBe(403);
    const wordless = await boss.post(`/offers/given/${waits!.id}/refusal`, { why: ' ' });
    expect([wordless.status, wordless.text.includes('Please say why not')]).toEqual([422, true]);
    expect((await boss.post(`/offers/given/${waits!.id}/refusal`, { why: 'Once a year is enough' })).status).toBe(303);
    expect((await anna.get(`/customers/${id}/offers`)).text).toContain('Once a year is enough');
    expect([(await given(dearest))[0]?.state, await quota(dearest)]).toEqual(['refused', 0]);
    expect(await toldOf()).toEqual(['Not approved: what you proposed', 'Approved: what you proposed']);
  });

  test('a purchase that names its code uses it, once and in time', async () => {
    const id = await offer();
    const [customer = '', other = ''] = await customers(2);
    await anna.get('/offers');
    await give(anna, customer, id);
    await give(anna, other, id);
    const rows = await given(id);
    const code = rows.find((row) => row.customer_id === customer)!.code;
    const ref = (await app.app.customers.get(customer)).reference;
    const buy = async (more: object) =>
      await app.app.customers.addPurchases(COMMAND, [
        {
          customerReference: ref,
          purchasedOn: '2026-11-10',
          amountMinor: 5000,
          item: 'Espresso',
          reference: '',
          ...more,
        },
      ]);
    await buy({ item: `X${code}`, reference: 'R1' });
    await buy({ item: code, purchasedOn: '2026-11-09', reference: 'R2' });
    expect((await given(id)).map(({ state }) => state)).toEqual(['given', 'given']);
    await buy({ item: `Espresso (${code.toLowerCase()})`, reference: 'R3' });
    const after = await given(id);
    expect(after.find((row) => row.customer_id === customer)).toMatchObject({
      state: 'redeemed',
      redeemed_on: '2026-11-10',
    });
    expect(after.find((row) => row.customer_id === other)?.state).toBe('given');
    expect((await anna.get(`/customers/${customer}/timeline`)).text).toContain('Used: Tasting box');
    // Not used in time; a colleague may still note what happened before the end.
    app.clock.advance({ days: 40 });
    await app.app.recovery.offers.expire();
    const late = (await given(id)).find((row) => row.customer_id === other)!;
    expect(late.state).toBe('expired');
    const { redeem } = app.app.recovery.offers;
    await expect(redeem(COMMAND, late.id, '2026-12-19')).rejects.toMatchObject({ key: 'offers.over' });
    await redeem(COMMAND, late.id, '2026-12-01');
    expect((await given(id)).map(({ state }) => state)).toEqual(['redeemed', 'redeemed']);
    app.clock.set('2026-11-10T08:05:00.000Z');
  });

  test('what is used, taken back and bought with at the same moment is one of these, once', async () => {
    const id = await offer();
    const [customer = ''] = await customers(1);
    await anna.get('/offers');
    await carla.get('/offers');
    await give(anna, customer, id);
    const [row] = await given(id);
    const { reference } = await app.app.customers.get(customer);
    const bought = { purchasedOn: '2026-11-10', amountMinor: 5000, item: row!.code, reference: 'S1' };
    const path = `/offers/given/${row!.id}`;
    const [, ...answers] = await Promise.all([
      app.app.customers.addPurchases(COMMAND, [{ customerReference: reference, ...bought }]),
      anna.post(`${path}/redemption`, { on: '2026-11-10' }),
      carla.post(`${path}/redemption`, { on: '2026-11-10' }),
      boss.post(`${path}/withdrawal`, { why: 'Irrtum' }),
    ]);
    const [after] = await given(id);
    const [won = 0, lost = 0] = counts(answers);
    expect([won + lost, won]).toEqual([3, after?.purchase_id ? 0 : 1]);
    const events = on.storage().read.selectFrom('timeline_event').select('kind').where('subject_id', '=', row!.id);
    const ends = (await events.execute()).filter(({ kind }) => kind !== 'offers.given');
    expect(ends).toHaveLength(1);
  });

  test('whoever may decide sees on Today that offers wait; who comes second is told on the page itself', async () => {
    const dear = await offer({ cost: '95' });
    const [one = ''] = await customers(1);
    await anna.get('/offers');
    const twice = await Promise.all([give(anna, one, dear), give(anna, one, dear)]);
    expect(counts(twice)).toEqual([1, 1]);
    const second = twice.find(({ status }) => status === 409)?.text ?? '';
    expect(second).toContain('They have it already');
    expect(second).toContain('waits for approval');
    const waiting = /One offer waits for your approval|\d+ offers wait for your approval/;
    expect((await carla.get('/today')).text).toMatch(waiting);
    expect((await anna.get('/today')).text).not.toMatch(waiting);
    const [row] = await given(dear);
    await boss.get('/offers');
    const both = await Promise.all(
      [carla, boss].map((who) => who.post(`/offers/given/${row!.id}/refusal`, { why: 'Not now' })),
    );
    expect(counts(both)).toEqual([1, 1]);
    const late = both.find(({ status }) => status === 409)?.text ?? '';
    expect(late).toContain('Somebody has decided this meanwhile.');
    expect(late).toContain('Offers and tokens');
  });

  test('a code that a customer reads out is found, however it is typed, and what is wrong with using it stands beside it', async () => {
    const box = await offer();
    const [id = '', left = ''] = [...(await customers(1)), ...(await customers(1))];
    await anna.get('/offers');
    await give(anna, id, box);
    await give(anna, left, box);
    const [row] = (await given(box)).filter((each) => each.customer_id === id);
    const { code = '' } = row ?? {};
    for (const typed of [code, code.toLowerCase(), code.replace('-', ' '), ` ${code.replace('-', '')} `]) {
      const { text } = await anna.get(`/search?q=${encodeURIComponent(typed)}`);
      expect([typed, text.includes(`/customers/${id}/offers#given`)]).toEqual([typed, true]);
    }
    expect((await anna.get('/search?q=ZZZZ-2222')).text).toContain('Nothing found');
    const at = `/offers/given/${row!.id}/redemption`;
    for (const [on, why] of [
      ['', 'Please give a day that is not still to come'],
      ['2999-01-01', 'Please give a day that is not still to come'],
      ['😀', 'Please give a day that is not still to come'],
      ['2020-01-01', 'It was not given yet on that day.'],
    ] as const) {
      const { status, text } = await anna.post(at, { on });
      expect([on, status, text.includes(why), text.includes('aria-invalid="true"')]).toEqual([on, 422, true, true]);
    }
    await anna.get(`/customers/${id}/offers`);
    const today = app.clock.now().toISOString().slice(0, 10);
    const used = await Promise.all([anna.post(at, { on: today }), anna.post(at, { on: today })]);
    expect(counts(used)).toEqual([1, 1]);
    expect(used.find(({ status }) => status === 409)?.text).toContain('cannot be used or taken back any more');
    expect((await anna.get(`/search?q=${code}`)).text).toContain('used');
    // What ran out was used in time or not at all.
    const [other] = (await given(box)).filter((each) => each.customer_id === left);
    const over = { state: 'expired' as const, given_on: '2026-01-02', valid_until: '2026-02-01' };
    await on
      .storage()
      .transaction((tx) => tx.updateTable('offer_given').set(over).where('id', '=', other!.id).execute());
    const late = await anna.post(`/offers/given/${other!.id}/redemption`, {
      on: app.clock.now().toISOString().slice(0, 10),
    });
    expect([late.status, late.text.includes('It was valid until')]).toEqual([422, true]);
    expect((await anna.post(`/offers/given/${other!.id}/redemption`, { on: over.valid_until })).status).toBe(303);
  });

  test('an offer that somebody who has left has used is no purchase: the colleague hears what brings them back', async () => {
    const box = await offer();
    const [id = ''] = await customers(1);
    await anna.get('/offers');
    await give(anna, id, box);
    await app.app.customers.markLeft(COMMAND, id, app.clock.now().toISOString().slice(0, 10));
    const [row] = await given(box);
    await anna.post(`/offers/given/${row!.id}/redemption`, { on: app.clock.now().toISOString().slice(0, 10) });
    expect((await anna.get(`/customers/${id}/offers`)).text).toContain('only then do they count as back');
  });

  test('the catalogue warns where newcomers get more, and a discount does not go with an upgrade unawares', async () => {
    const page = async () => (await anna.get('/offers')).text;
    const newcomers = await offer({ forWhom: 'new', cost: '2000' });
    expect(await page()).toContain('Newcomers can get more than loyal customers');
    await carla.post(`/offers/${newcomers}/retirement`);
    expect(await page()).not.toContain('Newcomers can get more');
    const discount = await offer({ kind: 'discount_percent', percent: '10' });
    const upgrade = await offer({ kind: 'upgrade' });
    const [id = ''] = await customers(1);
    expect((await give(anna, id, discount)).status).toBe(303);
    const warned = await give(anna, id, upgrade);
    expect([warned.status, (await given(upgrade)).length, await quota(upgrade)]).toEqual([409, 0, 0]);
    expect(warned.text).toContain('name="anyway"');
    expect((await give(anna, id, upgrade, { anyway: '1' })).status).toBe(303);
  });

  test('nobody is won back with an offer before it is known why they left', async () => {
    const any = await offer();
    const forPromises = await offer({ reasons: 'promises' });
    const [gone = ''] = await customers(1, { status: 'left', leftOn: '2026-10-20', telephone: '0431 555 1' });
    await anna.get('/offers');
    const refused = await give(anna, gone, any);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('before we know why they left');
    const caseId = /\/cases\/([0-9a-f-]{36})\/call/.exec(
      (await anna.post(`/winback/${gone}/case`)).headers.location ?? '',
    )?.[1];
    expect((await give(anna, gone, any, { case: caseId ?? '' })).status).toBe(409);
    await anna.post(`/cases/${caseId}/call/claim`);
    await anna.post(`/cases/${caseId}/call`, { outcome: 'thinking', reason: 'price_level', said: 'Too dear' });
    expect((await give(anna, gone, forPromises, { case: caseId ?? '' })).status).toBe(409);
    const parallel = await Promise.all([1, 2].map(() => give(anna, gone, any, { case: caseId ?? '' })));
    expect(counts(parallel)).toEqual([1, 1]);
    expect((await anna.get(`/cases/${caseId}/call`)).text).toContain('Tasting box');
  });

  test('what was given in a complaint stands on the customer’s page, in their language, until they use it', async () => {
    const id = await offer({ 'name-de': 'Probierpaket', codeKind: 'typed', code: 'PAKET-7' });
    const [customerId = ''] = await customers(1, { language: 'de' });
    const { cases } = app.app.recovery;
    const about = { kind: 'complaint', origin: 'hand', originId: null, words: 'Kalt', language: 'de' } as const;
    const { caseId } = await on.storage().transaction((tx) => cases.open(tx, COMMAND, { ...about, customerId }));
    const { pathname } = new URL(cases.linkFor(caseId));
    const page = async () => (await app.visitor().get(pathname)).text;
    expect(await page()).not.toContain('Probierpaket');
    expect((await give(anna, customerId, id, { case: caseId })).status).toBe(303);
    expect(await page()).toMatch(/Probierpaket, bis [^<]*Ihr Code: PAKET-7/);
    const [row] = await given(id);
    await anna.post(`/offers/given/${row?.id}/withdrawal`, { why: 'Irrtum' });
    expect(await page()).not.toContain('Probierpaket');
  });

  test('hostile input finds nothing', async () => {
    const id = await offer();
    const [customer = ''] = await customers(1);
    await anna.get('/offers');
    for (const bad of [FOREIGN, 'x', "'--", ''])
      expect((await give(anna, customer, bad)).status).toBeGreaterThanOrEqual(409);
    expect((await give(anna, FOREIGN, id)).status).toBe(404);
    expect((await give(anna, customer, id, { case: FOREIGN })).status).toBe(404);
    expect((await anna.post(`/offers/given/${FOREIGN}/redemption`, { on: '2026-11-01' })).status).toBe(404);
    expect((await anna.get('/offers?after=%00%F0%9F%98%80')).status).toBeLessThan(500);
    await carla.get('/offers/new');
    expect((await carla.post('/offers', { ...GIFT, 'name-en': 'a\u0000b' })).status).toBeGreaterThanOrEqual(400);
    expect((await carla.post('/offers', { ...GIFT, 'name-en': 'x'.repeat(200) })).status).toBe(422);
    const stranger = await app.visitor().get('/offers');
    expect(stranger.status).toBe(303);
  });

  test('a purchase whose code does not count is taken, and says so: import, interface and form', async () => {
    const id = await offer({ validDays: '1' });
    const shared = await offer({ codeKind: 'typed', code: 'AUTUMN26' });
    const [mine = '', other = '', third = ''] = await customers(3);
    await anna.get('/offers');
    for (const customer of [mine, other, third]) await give(anna, customer, id);
    const rows = await given(id);
    const codeOf = (customer: string) => rows.find((row) => row.customer_id === customer)!.code;
    const refOf = async (customer: string) => (await app.app.customers.get(customer)).reference;
    const [ref, thirdRef] = [await refOf(mine), await refOf(third)];
    const taken = rows.find((row) => row.customer_id === third)!;
    await anna.post(`/offers/given/${taken.id}/withdrawal`, { why: 'Given by mistake' });
    const lines = [
      [ref, '2026-11-10', `Beans, code ABCD-2345`, 'K-1'],
      [ref, '2026-11-10', `Beans ${codeOf(other)}`, 'K-2'],
      [ref, '2026-11-12', `Beans ${codeOf(mine)}`, 'K-3'],
      [ref, '2026-11-09', `Beans ${codeOf(mine)}`, 'K-4'],
      [thirdRef, '2026-11-10', 'Beans', codeOf(third)],
      [ref, '2026-11-10', 'Beans autumn26', 'K-5'],
      [ref, '2026-11-10', 'Beans', 'RECH-2345'],
      [ref, '2026-11-10', `Beans ${codeOf(mine).replace('-', '–')}`, 'K-6'],
      [ref, '2026-11-10', `Beans ${codeOf(mine)}`, 'K-7'],
    ];
    app.clock.set('2026-11-13T08:05:00.000Z');
    const clerk = await app.signIn('staff', 'Clara');
    const csv = ['Customer;Date;Item;Reference;Amount', ...lines.map((line) => [...line, '12,50'].join(';'))].join(
      '\n',
    );
    const checked = await upload(app, clerk, 'purchases', csv);
    const seen = plain(checked.page);
    expect(seen).toContain('9 rows');
    expect(seen).toContain('6 purchases name a code that does not count');
    const said = [
      'Row 2 Item: Beans, code ABCD-2345 No offer has the code ABCD-2345',
      `Row 3 Item: Beans ${codeOf(other)} The code ${codeOf(other)} is another customer’s`,
      `Row 4 Item: Beans ${codeOf(mine)} The offer with the code ${codeOf(mine)} had expired by then`,
      `Row 5 Item: Beans ${codeOf(mine)} The offer with the code ${codeOf(mine)} was given later than that day`,
      `Row 6 Reference: ${codeOf(third)} The offer with the code ${codeOf(third)} has been taken back`,
      'Row 7 Item: Beans autumn26 This customer was not given the offer with the code AUTUMN26',
    ];
    for (const each of said) expect(seen).toContain(each);
    const done = plain(await bringIn(app, clerk, checked));
    expect(done).toContain('9 rows are in.');
    expect(done).toContain('7 purchases name a code that does not count');
    // By then the code has been used by the purchase that was in time.
    for (const each of said.filter((_, at) => at !== 2 && at !== 3)) expect(done).toContain(each);
    expect(done).toMatch(/Row (9|10) Item: Beans \S+ The code \S+ has been used already/);
    expect(await given(shared)).toEqual([]);
    expect((await given(id)).find((row) => row.customer_id === mine)?.state).toBe('redeemed');

    const { token } = await app.app.accounts.createToken({ name: 'Till', role: 'staff' }, COMMAND);
    const purchases = [
      { customerReference: ref, purchasedOn: '2026-11-11', amountMinor: 900, item: codeOf(other), reference: 'I-1' },
      { customerReference: ref, purchasedOn: '2026-11-11', amountMinor: 900, item: 'Beans', reference: 'I-2' },
    ];
    const told = await app
      .visitor()
      .agent.post('/api/v1/purchases')
      .set('Authorization', `Bearer ${token}`)
      .send({ purchases });
    expect(told.body.results).toMatchObject([
      { outcome: 'added', offerCode: { code: codeOf(other), problem: 'someoneElses' } },
      { outcome: 'added', offerCode: null },
    ]);

    await clerk.get(`/customers/${mine}/purchases/new`);
    const typed = { purchasedOn: '2026-11-12', amount: '9.00', item: codeOf(other), reference: 'H-1' };
    expect((await clerk.post(`/customers/${mine}/purchases/new`, typed)).status).toBe(303);
    expect((await clerk.get(`/customers/${mine}`)).text).toContain(`The code ${codeOf(other)} is another customer’s`);
  });
});
