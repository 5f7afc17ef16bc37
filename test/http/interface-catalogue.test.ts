import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { actorsOf, CALLED_ELSEWHERE, fieldsAt, missing, NOBODY, program, type Program } from '../support/interface.ts';

const GIFT = {
  name: { en: 'Tasting box', de: 'Probierpaket' },
  kind: 'gift',
  costMinor: 1250,
  forWhom: 'loyal',
  leastWorthMinor: 5000,
  leastRole: 'staff',
  perCustomer: 1,
  perYear: 100,
  most: 500,
  codeKind: 'generated',
  validDays: 30,
  endsOn: '2026-12-31',
};

onBothEngines((on) => {
  let app: TestApp;
  let from: Program;
  let boss: Person;
  let named = 0;

  beforeAll(async () => {
    app = await startApp(on.storage());
    from = await program(app);
    boss = await app.signIn('manager', 'Carla');
  });
  afterAll(() => app.close());

  const fresh = (more: object = {}) => ({ ...GIFT, name: { en: `Box ${++named}` }, ...more });
  const add = (body: object, role: 'staff' | 'manager' = 'manager') => from.call('POST', '/offers', body, role);
  const audited = (action: string) => actorsOf(on.storage(), action);

  test('an offer is added with all that its form has, once, also at the same moment', async () => {
    const all = await Promise.all([add(GIFT), add(GIFT), add(GIFT)]);
    expect(all.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(all.filter(({ body }) => body.fresh)).toHaveLength(1);
    const again = await add(GIFT);
    expect(again.body).toMatchObject({ ...GIFT, reasons: [], amount: null, code: '', given: 0, fresh: false });
    expect(new Set([...all, again].map(({ body }) => body.id)).size).toBe(1);
    const { fresh: _, ...offer } = again.body;
    expect((await from.call('GET', `/offers/${offer.id}`, undefined, 'staff')).body).toEqual(offer);
    expect((await from.call('GET', '/offers', undefined, 'staff')).body.items).toEqual([offer]);
    expect(await audited('offers.added')).toEqual([['token', from.tokenIds.get('manager')]]);
    const form = await boss.get(`/offers/${offer.id}`);
    expect(form.text).toContain('value="12.50"');
    expect(form.text).toContain('value="Probierpaket"');
  });

  test('the first of all offers is one, however many ask at the same moment', async () => {
    await on.storage().transaction((tx) =>
      tx
        .deleteFrom('offer')
        .execute()
        .then(() => undefined),
    );
    const all = await Promise.all(Array.from({ length: 5 }, () => add(GIFT)));
    expect(all.filter(({ body }) => body.fresh)).toHaveLength(1);
    expect((await from.call('GET', '/offers')).body.items).toHaveLength(1);
  });

  test('what the form would refuse is refused at its field, and nothing of it is kept', async () => {
    const before = (await from.call('GET', '/offers')).body.items;
    for (const [wrong, field] of [
      [{ name: {} }, 'name'],
      [{ name: { en: ' ' } }, 'name.en'],
      [{ name: { xx: 'Box' } }, 'name'],
      [{ kind: 'car' }, 'kind'],
      [{ kind: 'discount_percent' }, 'amount'],
      [{ kind: 'discount_percent', amount: 101 }, 'amount'],
      [{ kind: 'discount_amount', amount: 0 }, 'amount'],
      [{ amount: 5 }, 'amount'],
      [{ costMinor: -1 }, 'costMinor'],
      [{ perCustomer: 0 }, 'perCustomer'],
      [{ most: 100_001 }, 'most'],
      [{ validDays: undefined }, 'validDays'],
      [{ validDays: 3651 }, 'validDays'],
      [{ endsOn: '2026-11-31' }, 'endsOn'],
      [{ codeKind: 'typed', code: 'abc' }, 'code'],
      [{ code: 'BACK-10' }, 'code'],
      [{ reasons: ['no_such'] }, 'reasons.0'],
      [{ leastRole: 'boss' }, 'leastRole'],
      [{ cost: 5 }, 'cost'],
    ] as const)
      expect([wrong, ...fieldsAt(await add(fresh(wrong)))]).toEqual([wrong, 422, [field]]);
    expect((await add(fresh(), 'staff')).status).toBe(403);
    expect((await from.call('POST', '/offers', fresh(), null)).status).toBe(401);
    expect((await from.call('GET', '/offers')).body.items).toEqual(before);
  });

  test('what an offer says is changed as it was read; the same again changes nothing', async () => {
    const { id, revision } = (await add(fresh())).body as { id: string; revision: number };
    const reasons = [(await from.call('GET', '/codebooks/leaving')).body.codes[0].key as string];
    const wanted = { ...GIFT, kind: 'discount_percent', amount: 15, codeKind: 'typed', code: 'BACK-15', reasons };
    const change = (body: object, role: 'staff' | 'manager' = 'manager') =>
      from.call('POST', `/offers/${id}`, body, role);
    expect((await change({ ...wanted, revision }, 'staff')).status).toBe(403);
    expect((await change({ ...wanted, revision })).body).toMatchObject({ ...wanted, revision: revision + 1 });
    expect((await change({ ...wanted, revision })).body).toMatchObject({ ...wanted, revision: revision + 1 });
    expect(fieldsAt(await change({ ...wanted, amount: 20, revision }))).toEqual([409, ['revision']]);
    expect(fieldsAt(await change({ ...wanted, amount: 20 }))).toEqual([422, ['revision']]);
    expect(await audited('offers.changed')).toEqual([['token', from.tokenIds.get('manager')]]);
    expect((await from.call('POST', `/offers/${NOBODY}`, { ...wanted, revision })).status).toBe(404);
    expect((await from.call('GET', `/offers/${NOBODY}`)).status).toBe(404);
  });

  test('no limit is set below what has been given', async () => {
    const [customer] = (await from.call('POST', '/customers', { customers: [{ reference: 'L-1' }] })).body.results;
    const open = fresh({ forWhom: 'everyone', leastWorthMinor: 0, perCustomer: null });
    const { id } = (await add(open)).body;
    for (let i = 0; i < 2; i += 1) {
      const given = (await from.call('POST', `/customers/${customer.id}/offers`, { offerId: id })).body;
      await from.call('POST', `/offers/given/${given.id}/redemption`, {});
    }
    const { revision, given } = (await from.call('GET', `/offers/${id}`)).body;
    expect(given).toBe(2);
    const tooFew = await from.call('POST', `/offers/${id}`, { ...open, most: 1, revision });
    expect(fieldsAt(tooFew)).toEqual([409, ['most']]);
    expect(tooFew.body.error.fields[0].message).toContain('2 times');
    expect((await from.call('POST', `/offers/${id}`, { ...open, most: 2, revision })).body.most).toBe(2);
  });

  test('an offer is retired and given again, each once', async () => {
    const one = fresh();
    const { id } = (await add(one)).body;
    const retire = () => from.call('POST', `/offers/${id}/retirement`);
    expect((await from.call('POST', `/offers/${id}/retirement`, undefined, 'staff')).status).toBe(403);
    const both = await Promise.all([retire(), retire()]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(fieldsAt(await retire())).toEqual([409, ['id']]);
    expect((await from.call('GET', `/offers/${id}`)).body.retiredAt).not.toBeNull();
    const instead = await add(one);
    expect([instead.body.fresh, instead.body.id === id]).toEqual([true, false]);
    expect((await from.call('POST', `/offers/${id}/return`)).body.retiredAt).toBeNull();
    expect(fieldsAt(await from.call('POST', `/offers/${id}/return`))).toEqual([409, ['id']]);
    expect((await from.call('POST', `/offers/${NOBODY}/return`)).status).toBe(404);
    for (const action of ['offers.retired', 'offers.resumed'])
      expect(await audited(action)).toEqual([['token', from.tokenIds.get('manager')]]);
  });

  test('administrators alone set up to which cost others give by themselves; the same again is not written down', async () => {
    expect((await from.call('GET', '/offers/limits', undefined, 'staff')).body).toEqual({
      staffMinor: 2500,
      managerMinor: 15_000,
    });
    const set = (body: object, role: 'manager' | 'administrator' = 'administrator') =>
      from.call('POST', '/offers/limits', body, role);
    const limits = { staffMinor: 1000, managerMinor: 9000 };
    expect((await set(limits, 'manager')).status).toBe(403);
    expect((await set(limits)).body).toEqual(limits);
    expect((await set(limits)).body).toEqual(limits);
    expect((await from.call('GET', '/offers/limits')).body).toEqual(limits);
    expect(await audited('offers.limits')).toEqual([['token', from.tokenIds.get('administrator')]]);
    expect(fieldsAt(await set({ ...limits, staffMinor: -1 }))).toEqual([422, ['staffMinor']]);
  });

  test('each of these calls has been made, and answered as its description says', () => {
    expect(missing(from, CALLED_ELSEWHERE.catalogue)).toEqual([]);
  });
});
