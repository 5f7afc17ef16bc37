import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { actorsOf, CALLED_ELSEWHERE, fieldsAt, missing, NOBODY, program, type Program } from '../support/interface.ts';

const TERMS = { totalMinor: 60_000, instalments: 3, rhythm: 'month', firstOn: '2026-12-01' };

onBothEngines((on) => {
  let app: TestApp;
  let from: Program;

  beforeAll(async () => {
    app = await startApp(on.storage());
    from = await program(app);
  });
  afterAll(() => app.close());

  const difficulty = async (): Promise<{ caseId: string; customerId: string }> => {
    const customerId = await from.customer();
    return { customerId, caseId: await from.caseOf(customerId, 'payment_difficulty') };
  };
  const audited = (action: string) => actorsOf(on.storage(), action);

  test('a plan is suggested once, however often it is sent, and another takes its place', async () => {
    const { caseId, customerId } = await difficulty();
    const at = `/cases/${caseId}/plans`;
    const suggest = (terms: object = TERMS) => from.call('POST', at, terms, 'staff');
    const all = await Promise.all([suggest(), suggest()]);
    expect(all.filter(({ status, body }) => status === 201 && body.fresh)).not.toEqual([]);
    const first = await suggest();
    expect(first).toMatchObject({ status: 201, body: { fresh: false, state: 'proposed', caseId, customerId } });
    expect(first.body.instalments.map((each: { dueOn: string }) => each.dueOn)).toEqual([
      ...['2026-12-01', '2027-01-01', '2027-02-01'],
    ]);
    const open = async () => (await from.call('GET', `/payment-plans?caseId=${caseId}&state=proposed`)).body.items;
    expect((await open()).map(({ id }: { id: string }) => id)).toEqual([first.body.id]);
    const other = await suggest({ ...TERMS, instalments: 2 });
    expect((await open()).map(({ id }: { id: string }) => id)).toEqual([other.body.id]);
    const declined = await from.call('POST', `${at}/${other.body.id}/refusal`, { reason: 'They will pay at once' });
    expect(declined.body).toMatchObject({ state: 'declined', reason: 'They will pay at once' });
  });

  test('an agreed plan is paid part by part, each once, and what went back is noted', async () => {
    const { caseId } = await difficulty();
    const agreed = await from.call('POST', `/cases/${caseId}/plans`, { ...TERMS, agreed: true }, 'staff');
    expect(agreed.body).toMatchObject({ state: 'agreed', fresh: true });
    const again = await from.call('POST', `/cases/${caseId}/plans`, { ...TERMS, agreed: true }, 'staff');
    expect(again.body).toMatchObject({ id: agreed.body.id, fresh: false });
    const instead = await from.call('POST', `/cases/${caseId}/plans`, { ...TERMS, totalMinor: 50_000 });
    expect(fieldsAt(instead)).toEqual([409, ['totalMinor']]);
    const at = `/cases/${caseId}/plans/${agreed.body.id}/instalments`;
    const pay = (number: number) => from.call('POST', `${at}/${number}/payment`, undefined, 'staff');
    const both = await Promise.all([pay(1), pay(1)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await audited('payment.came')).toEqual([['token', from.tokenIds.get('staff')]]);
    const back = await from.call('POST', `${at}/1/no-payment`);
    expect(back.body.instalments[0]).toMatchObject({ number: 1, paidOn: null });
    expect(fieldsAt(await from.call('POST', `${at}/1/no-payment`))).toEqual([409, ['number']]);
    expect((await pay(9)).status).toBe(404);
    for (const number of [1, 2, 3]) expect((await pay(number)).status).toBe(200);
    expect((await from.call('GET', `/payment-plans?caseId=${caseId}`)).body.items).toMatchObject([{ state: 'done' }]);
    const ended = await from.call('POST', `/cases/${caseId}/plans/${agreed.body.id}/ending`, { reason: 'Too late' });
    expect(fieldsAt(ended)).toEqual([409, ['planId']]);
  });

  test('what the customer suggests is agreed to within the limits of the role, and an agreed plan can end', async () => {
    const { caseId } = await difficulty();
    const theirs = { totalMinor: 900_000, instalments: 12, rhythm: 'month' as const, firstOn: '2026-12-01' };
    await app.app.recovery.payment.plans.proposeAsCustomer(await app.app.recovery.cases.get(caseId), theirs);
    const [{ id }] = (await from.call('GET', `/cases/${caseId}/plans`)).body.items;
    const at = `/cases/${caseId}/plans/${id}`;
    const refused = await from.call('POST', `${at}/agreement`, undefined, 'staff');
    expect(fieldsAt(refused)).toEqual([403, ['planId']]);
    expect((await from.call('POST', `${at}/agreement`)).body).toMatchObject({ state: 'agreed', byCustomer: true });
    expect(fieldsAt(await from.call('POST', `${at}/agreement`))).toEqual([409, ['planId']]);
    expect(fieldsAt(await from.call('POST', `${at}/ending`, { reason: '' }))).toEqual([422, ['reason']]);
    expect((await from.call('POST', `${at}/ending`, { reason: 'They moved' })).body.state).toBe('ended');
  });

  test('what no plan can be is refused at its field; other cases and roles get nothing', async () => {
    const { caseId } = await difficulty();
    const at = `/cases/${caseId}/plans`;
    expect(fieldsAt(await from.call('POST', at, { ...TERMS, instalments: 1 }))).toEqual([422, ['instalments']]);
    expect(fieldsAt(await from.call('POST', at, { ...TERMS, firstOn: '2026-11-09' }))).toEqual([422, ['firstOn']]);
    expect(fieldsAt(await from.call('POST', at, { ...TERMS, firstOn: 'soon' }))).toEqual([422, ['firstOn']]);
    expect(fieldsAt(await from.call('POST', at, { ...TERMS, totalMinor: 2 }))).toEqual([409, ['totalMinor']]);
    const above = await from.call('POST', at, { ...TERMS, totalMinor: 500_000 }, 'staff');
    expect(fieldsAt(above)).toEqual([403, ['totalMinor']]);
    expect(above.body.error.message).not.toMatch(/^Your role does not include/);
    expect((await from.call('GET', `/payment-plans?caseId=${caseId}`)).body.items).toEqual([]);
    expect((await from.call('POST', `/cases/${NOBODY}/plans`, TERMS)).status).toBe(404);
    expect((await from.call('POST', `${at}/${NOBODY}/agreement`)).status).toBe(404);
    const contact = { name: 'Greta' };
    const complaint = { kind: 'complaint', reference: 'X-1', contact, words: 'Loud.', language: 'en' };
    const { id } = (await from.call('POST', '/cases', complaint)).body;
    expect((await from.call('POST', `/cases/${id}/plans`, TERMS)).status).toBe(404);
    expect((await from.call('GET', '/payment-plans', undefined, null)).status).toBe(401);
    expect(fieldsAt(await from.call('GET', '/payment-plans?state=lost'))).toEqual([422, ['state']]);
  });

  test('all plans are read a part at a time', async () => {
    const all = (await from.call('GET', '/payment-plans')).body.items as { id: string }[];
    const found: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await from.call('GET', `/payment-plans?limit=2${cursor}`, undefined, 'staff');
      found.push(...body.items.map(({ id }: { id: string }) => id));
      if (body.next === null) break;
      cursor = `&cursor=${encodeURIComponent(body.next as string)}`;
    }
    expect(found).toEqual(all.map(({ id }) => id));
    expect(found.length).toBeGreaterThan(3);
  });

  test('each of these calls has been made, and answered as its description says', () => {
    expect(missing(from, CALLED_ELSEWHERE.payment)).toEqual([]);
  });
});
