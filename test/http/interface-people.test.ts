import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { actorsOf, CALLED_ELSEWHERE, fieldsAt, missing, NOBODY, program, type Program } from '../support/interface.ts';
import { addressOf, leavers, reference } from '../support/waves.ts';

onBothEngines((on) => {
  let app: TestApp;
  let from: Program;
  let people = 0;

  beforeAll(async () => {
    app = await startApp(on.storage());
    from = await program(app);
  });
  afterAll(() => app.close());

  const customer = async (): Promise<string> =>
    (
      await app.app.customers.upsertMany(
        COMMAND,
        leavers(1, () => ({}), ++people),
      )
    )[0]?.id ?? '';
  const audited = (action: string) => actorsOf(on.storage(), action);

  test('who asks not to be written to is not, twice is harmless, and who changed their mind is again', async () => {
    const id = await customer();
    const stop = () => from.call('POST', `/customers/${id}/opt-out`, { how: 'telephone' }, 'staff');
    const all = await Promise.all([stop(), stop(), stop()]);
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { body } = await from.call('GET', `/customers/${id}/contacts`, undefined, 'staff');
    expect(body).toEqual({ unsubscribedAt: '2026-11-10T08:05:00.000Z', refusals: [], contacts: [] });
    const lines = (await from.call('GET', `/customers/${id}/timeline`)).body.items as { kind: string }[];
    expect(lines.filter(({ kind }) => kind === 'customers.unsubscribed')).toHaveLength(1);
    const back = { how: 'mail', reason: 'She wrote that she misses our letters.' };
    expect(fieldsAt(await from.call('POST', `/customers/${id}/opt-in`, { ...back, reason: ' ' }))).toEqual([
      ...[422, ['reason']],
    ]);
    expect((await from.call('POST', `/customers/${id}/opt-in`, back)).body.unsubscribedAt).toBeNull();
    expect(fieldsAt(await from.call('POST', `/customers/${id}/opt-in`, back))).toEqual([409, ['id']]);
    expect(fieldsAt(await from.call('POST', `/customers/${id}/opt-out`, { how: 'smoke' }))).toEqual([422, ['how']]);
    expect((await from.call('POST', `/customers/${NOBODY}/opt-out`, { how: 'mail' })).status).toBe(404);
    expect((await from.call('POST', `/customers/${NOBODY}/opt-in`, back)).status).toBe(404);
    expect((await from.call('GET', `/customers/${NOBODY}/timeline`)).status).toBe(404);
    expect((await from.call('GET', `/customers/${id}/contacts`, undefined, null)).status).toBe(401);
  });

  test('what happened with a customer is read a part at a time', async () => {
    const id = await customer();
    const purchases = ['2026-07-10', '2026-08-10', '2026-09-10'].map((purchasedOn) => ({
      customerReference: reference(people),
      purchasedOn,
      amountMinor: 900,
      reference: purchasedOn,
    }));
    await from.call('POST', '/purchases', { purchases });
    const whole = (await from.call('GET', `/customers/${id}/timeline`)).body.items as { id: string }[];
    const first = (await from.call('GET', `/customers/${id}/timeline?limit=2`, undefined, 'staff')).body;
    const after = encodeURIComponent(first.next as string);
    const rest = (await from.call('GET', `/customers/${id}/timeline?cursor=${after}`)).body;
    expect([...first.items, ...rest.items]).toEqual(whole);
    expect(whole.length).toBeGreaterThan(3);
  });

  test('nothing is sent to an address that was named; it stands in no answer, and once', async () => {
    const id = await customer();
    const address = addressOf(people);
    const add = () => from.call('POST', '/suppressions', { address, reason: 'Belongs to somebody else' }, 'staff');
    const all = await Promise.all([add(), add(), add()]);
    expect(all.filter(({ body }) => body.fresh)).toHaveLength(1);
    expect((await add()).body).toMatchObject({ kind: 'person', customerId: id, liftedAt: null, fresh: false });
    expect(await audited('bounces.suppressed')).toEqual([['token', from.tokenIds.get('staff')]]);
    const found = (await from.call('POST', '/suppressions/search', { address: address.toUpperCase() })).body;
    expect(found).toMatchObject({ suppressed: true, items: [{ customerId: id }] });
    expect((await from.call('POST', '/suppressions/search', { address: 'nobody@example.org' })).body).toEqual({
      suppressed: false,
      items: [],
    });
    const listed = await from.call('GET', '/suppressions', undefined, 'staff');
    expect(listed.body.items).toHaveLength(1);
    expect(JSON.stringify([listed.body, found])).not.toContain(address);
    for (const wrong of ['a@example.com, b@example.com', 'nobody', 'a@example.com\r\nBcc: b@example.com'])
      expect(fieldsAt(await from.call('POST', '/suppressions', { address: wrong, reason: 'x' }))).toEqual([
        ...[422, ['address']],
      ]);
    expect(fieldsAt(await from.call('POST', '/suppressions', { address }))).toEqual([422, ['reason']]);
    expect((await from.call('GET', '/suppressions', undefined, null)).status).toBe(401);
  });

  test('administrators alone read all that is held on somebody, and erase them, by the right reference', async () => {
    const id = await customer();
    const at = `/customers/${id}`;
    expect((await from.call('GET', `${at}/export`)).status).toBe(403);
    const exported = await from.call('GET', `${at}/export`, undefined, 'administrator');
    expect(exported.body).toMatchObject({ reference: reference(people), data: { customer: expect.anything() } });
    expect(await audited('privacy.exported')).toEqual([['token', from.tokenIds.get('administrator')]]);
    const erase = (ref: string, role: 'manager' | 'administrator' = 'administrator') =>
      from.call('POST', `${at}/erasure`, { reference: ref }, role);
    expect((await erase(reference(people), 'manager')).status).toBe(403);
    expect(fieldsAt(await erase(reference(people - 1)))).toEqual([422, ['reference']]);
    expect((await from.call('GET', at)).status).toBe(200);
    const both = await Promise.all([erase(reference(people)), erase(reference(people))]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
    expect(await audited('privacy.erased')).toEqual([['token', from.tokenIds.get('administrator')]]);
    for (const path of ['', '/export', '/timeline', '/contacts'])
      expect((await from.call('GET', `${at}${path}`, undefined, 'administrator')).status).toBe(404);
    expect((await from.call('POST', `/customers/${NOBODY}/erasure`, { reference: 'x' }, 'administrator')).status).toBe(
      404,
    );
  });

  test('each of these calls has been made, and answered as its description says', () => {
    expect(missing(from, CALLED_ELSEWHERE.people)).toEqual([]);
  });
});
