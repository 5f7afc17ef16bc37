import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import {
  actorsOf,
  CALLED_ELSEWHERE,
  fieldsAt,
  missing,
  NOBODY,
  program,
  type Program,
  statuses,
  type Reply,
} from '../support/interface.ts';
import { leavers } from '../support/waves.ts';
import { COMMAND } from '../../src/shared/actor.ts';

onBothEngines((on) => {
  let app: TestApp;
  let from: Program;
  let anna: Person & { accountId: string };
  let mia: Person & { accountId: string };

  beforeAll(async () => {
    app = await startApp(on.storage());
    from = await program(app);
    anna = await app.signIn('staff', 'Anna');
    mia = await app.signIn('manager', 'Mia');
  });
  afterAll(() => app.close());

  const post = (path: string, body: object = {}, role: 'staff' | 'manager' | null = 'manager') =>
    from.call('POST', path, body, role);
  const audited = (action: string) => actorsOf(on.storage(), action);
  const token = (role: 'staff' | 'manager') => ['token', from.tokenIds.get(role)];

  const REPAIR = {
    language: 'de',
    question: 'Wie lange dauert eine Reparatur?',
    body: '{greeting}\n\nmeist fünf Werktage.',
    reviewOn: '2027-03-01',
  };
  const answer = (more: object = {}, role: 'staff' | 'manager' | null = 'staff') =>
    post('/library/answers', { ...REPAIR, ownerId: anna.accountId, ...more }, role);

  test('a program proposes an answer, once also at the same moment, and a manager approves it; then it is found', async () => {
    const all = await Promise.all([answer(), answer(), answer()]);
    expect(statuses(all)).toEqual([201, 201, 201]);
    expect(all.filter(({ body }) => body.fresh)).toHaveLength(1);
    expect(new Set(all.map(({ body }) => body.id)).size).toBe(1);
    const { id, texts } = all[0]?.body ?? {};
    expect(texts).toMatchObject([{ language: 'de', number: 1, question: REPAIR.question, state: 'proposed' }]);
    const found = async () =>
      (await from.call('GET', '/library?q=reparatur')).body.items as { answerId: string; textId: string }[];
    expect(await found()).toEqual([]);
    expect((await anna.get('/playbook/answers?view=proposed')).text).toContain('by staff');
    const at = `/library/answers/${id}/texts/${texts[0].id}`;
    expect((await post(`${at}/approval`, {}, 'staff')).status).toBe(403);
    const both = await Promise.all([post(`${at}/approval`), post(`${at}/approval`)]);
    expect(statuses(both)).toEqual([200, 409]);
    expect(fieldsAt(both.find(({ status }) => status === 409) as Reply)).toEqual([409, ['textId']]);
    expect(await found()).toMatchObject([{ answerId: id, textId: texts[0].id }]);
    expect((await answer()).body).toMatchObject({ id, fresh: false });
    expect([await audited('library.proposed'), await audited('library.approved')]).toEqual([
      [token('staff')],
      [token('manager')],
    ]);
    expect((await from.call('GET', `/library/answers/${id}`, undefined, 'staff')).body).toMatchObject({
      ownerId: anna.accountId,
      reviewOn: REPAIR.reviewOn,
      retiredAt: null,
      after: { uses: 0, cases: 0, settled: 0 },
    });
    const page = (await anna.get(`/playbook/answers/${id}`)).text;
    expect(page).toContain('meist fünf Werktage.');
    expect(page).toContain('Version 1, approved by manager on');
    expect(page).toMatch(/Deutsch, version 1, staff, [^<]+: approved/);
  });

  test('versions follow one another: whoever wrote from an older one is told, and a refusal needs a reason', async () => {
    const { id } = (await answer()).body;
    const at = `/library/answers/${id}/texts`;
    const next = { language: 'de', question: REPAIR.question, body: '{greeting}\n\nmeist drei Werktage.', number: 1 };
    const both = await Promise.all([post(at, next, 'staff'), post(at, next, 'staff')]);
    expect(statuses(both)).toEqual([200, 409]);
    expect(fieldsAt(both.find(({ status }) => status === 409) as Reply)).toEqual([409, ['number']]);
    const [waits] = both.find(({ status }) => status === 200)?.body.texts ?? [];
    expect(waits).toMatchObject({ number: 2, state: 'proposed' });
    expect(fieldsAt(await post(`${at}/${waits.id}/refusal`))).toEqual([422, ['reason']]);
    const refused = await post(`${at}/${waits.id}/refusal`, { reason: 'Drei ist zu wenig' });
    expect(refused.body.texts).toMatchObject([
      { number: 2, state: 'declined', reason: 'Drei ist zu wenig' },
      { number: 1, state: 'approved' },
    ]);
    const english = {
      language: 'en',
      question: 'How long is a repair?',
      body: 'Five days.',
      number: 0,
      approved: true,
    };
    expect((await post(at, english)).body.texts).toContainEqual(
      expect.objectContaining({ language: 'en', number: 1, state: 'approved' }),
    );
    for (const [wrong, field] of [
      [{ body: 'Hello {nonsense}' }, 'body'],
      [{ question: ' ' }, 'question'],
      [{ language: 'xx' }, 'language'],
    ] as const)
      expect([field, ...fieldsAt(await post(at, { ...next, number: 2, ...wrong }))]).toEqual([field, 422, [field]]);
    expect(fieldsAt(await post(`${at}/${NOBODY}/approval`))).toEqual([422, ['textId']]);
    expect((await post(`/library/answers/${NOBODY}/texts`, next)).status).toBe(404);
    expect((await post(at, next, null)).status).toBe(401);
  });

  test('a proposal of a program that says it is approved waits all the same where the role may not', async () => {
    const mine = { question: 'Gibt es Ersatzteile?', body: 'Ja.', approved: true };
    const { body } = await answer(mine);
    expect(body.texts).toMatchObject([{ state: 'proposed' }]);
    const own = { question: 'Holen Sie auch ab?', body: 'Ja, {name}.', approved: true };
    expect((await answer(own, 'manager')).body.texts).toMatchObject([{ state: 'approved' }]);
    expect(fieldsAt(await answer({ ...own, ownerId: NOBODY }))).toEqual([422, ['ownerId']]);
    expect(fieldsAt(await answer({ ...own, reviewOn: '2026-11-10' }))).toEqual([422, ['reviewOn']]);
    expect((await answer(own, null)).status).toBe(401);
  });

  test('an answer is read again, taken out of use and used again, and each is listed', async () => {
    const { id } = (await answer()).body;
    const at = `/library/answers/${id}`;
    const review = (body: object, role: 'staff' | 'manager' = 'manager') => post(`${at}/review`, body, role);
    expect((await review({ reviewOn: '2027-06-01' }, 'staff')).status).toBe(403);
    expect(fieldsAt(await review({ reviewOn: '2026-11-10' }))).toEqual([422, ['reviewOn']]);
    const next = { reviewOn: '2027-06-01', ownerId: mia.accountId, seen: REPAIR.reviewOn };
    const both = await Promise.all([review(next), review({ ...next, reviewOn: '2027-07-01' })]);
    expect(statuses(both)).toEqual([200, 409]);
    expect(fieldsAt(both.find(({ status }) => status === 409) as Reply)).toEqual([409, ['seen']]);
    expect((await review({ reviewOn: '2027-08-01' })).body).toMatchObject({
      ownerId: mia.accountId,
      reviewOn: '2027-08-01',
      reviewedAt: app.clock.now().toISOString(),
    });
    expect((await post(`${at}/retirement`, {}, 'staff')).status).toBe(403);
    expect(statuses(await Promise.all([post(`${at}/retirement`), post(`${at}/retirement`)]))).toEqual([200, 409]);
    const listed = async (query: string) => {
      const { items } = (await from.call('GET', `/library/answers?${query}`, undefined, 'staff')).body;
      return (items as { id: string }[]).map((each) => each.id);
    };
    expect(await listed('retired=true')).toEqual([id]);
    expect(await listed(`ownerId=${mia.accountId}&retired=false`)).toEqual([]);
    expect((await from.call('GET', '/library?q=reparatur')).body.items).toEqual([]);
    expect((await post(`${at}/return`)).body.retiredAt).toBeNull();
    expect(fieldsAt(await post(`${at}/return`))).toEqual([409, ['id']]);
    const first = (await from.call('GET', '/library/answers?limit=1')).body;
    const rest = (await from.call('GET', `/library/answers?cursor=${first.next as string}`)).body;
    expect([...first.items, ...rest.items].map((each: { id: string }) => each.id)).toEqual(await listed(''));
    expect((await from.call('GET', `/library/answers/${NOBODY}`)).status).toBe(404);
    expect(await audited('library.retired')).toEqual([token('manager')]);
  });

  test('what waits for a yes or no stands in one list, the longest waiting first, until it is decided', async () => {
    const [who] = await app.app.customers.upsertMany(
      COMMAND,
      leavers(1, () => ({ status: 'active' as const, leftOn: null }), 900),
    );
    const told = { kind: 'complaint', reference: 'A-1', customerId: who?.id, words: 'It leaks.', language: 'en' };
    const caseId = (await from.call('POST', '/cases', told)).body.id as string;
    app.clock.advance({ minutes: 1 });
    const dear = { kind: 'refund', what: 'All of it', amountMinor: 900_000 };
    const remedy = (await post(`/cases/${caseId}/remedies`, dear, 'staff')).body;
    app.clock.advance({ minutes: 1 });
    const box = { name: { en: 'Box' }, kind: 'gift', costMinor: 9000, forWhom: 'everyone', codeKind: 'none' };
    const offer = await post('/offers', { ...box, validDays: 30 });
    expect(offer.body.error).toBeUndefined();
    const given = (await post(`/customers/${who?.id}/offers`, { offerId: offer.body.id }, 'staff')).body;
    const waits = async (query = '') =>
      (await from.call('GET', `/approvals?${query}`, undefined, 'staff')).body as {
        items: { what: string; id: string }[];
        next: string | null;
      };
    const { items } = await waits();
    expect(items).toMatchObject([
      { what: 'answer', customerId: null, costMinor: 0 },
      { what: 'remedy', id: remedy.id, caseId, customerId: who?.id, costMinor: 900_000, byCustomer: false },
      { what: 'offer', id: given.id, caseId: null, customerId: who?.id, costMinor: 9000 },
    ]);
    const first = await waits('limit=2');
    const rest = await waits(`limit=2&cursor=${encodeURIComponent(first.next ?? '')}`);
    expect([...first.items, ...rest.items]).toEqual(items);
    await post(`/cases/${caseId}/remedies/${remedy.id}/refusal`, { reason: 'Too much' });
    await post(`/offers/given/${given.id}/approval`);
    expect((await waits()).items.map(({ what }) => what)).toEqual(['answer']);
    expect((await from.call('GET', '/approvals', undefined, null)).status).toBe(401);
  });

  const LISTEN = {
    language: 'en',
    title: 'Let them finish',
    body: 'Say nothing for a minute.',
    places: ['complaint'],
  };

  test('a program writes a page of the playbook once, colleagues read it, and a next version asks them again', async () => {
    const all = await Promise.all([1, 2, 3].map(() => post('/playbook', LISTEN)));
    expect(all.filter(({ body }) => body.fresh)).toHaveLength(1);
    const { id } = all[0]?.body ?? {};
    const at = `/playbook/${id}`;
    const read = (accountId: string, number: number) => post(`${at}/reading`, { accountId, number }, 'staff');
    const readers = (reply: Reply) =>
      (reply.body.readers as { accountId: string; current: boolean }[]).filter(({ current }) => current);
    expect(readers(await read(anna.accountId, 1))).toMatchObject([{ accountId: anna.accountId, number: 1 }]);
    expect((await read(anna.accountId, 1)).status).toBe(200);
    expect(await audited('playbook.read')).toEqual([token('staff')]);
    const next = { ...LISTEN, body: 'Say nothing for two minutes.', number: 1, asks: true };
    const both = await Promise.all([post(at, next), post(at, next)]);
    expect(statuses(both)).toEqual([200, 409]);
    expect(fieldsAt(both.find(({ status }) => status === 409) as Reply)).toEqual([409, ['number']]);
    expect(fieldsAt(await read(anna.accountId, 1))).toEqual([409, ['number']]);
    expect(fieldsAt(await read(NOBODY, 2))).toEqual([422, ['accountId']]);
    expect(readers(await from.call('GET', at))).toEqual([]);
    const { items } = (await from.call('GET', `${at}/versions`)).body;
    expect(items).toMatchObject([
      { number: 2, asks: true, accountId: null, texts: { en: { body: next.body } } },
      { number: 1, texts: { en: { body: LISTEN.body } } },
    ]);
    expect((await mia.get(at)).text).toContain('Say nothing for two minutes.');
    expect((await mia.get(`${at}/versions`)).status).toBe(200);
    expect((await from.call('GET', `${at}/versions`, undefined, 'staff')).status).toBe(403);
    for (const [path, body] of [
      ['/playbook', LISTEN],
      [at, next],
      [`${at}/retirement`, {}],
    ] as const)
      expect([path, (await post(path, body, 'staff')).status]).toEqual([path, 403]);
  });

  test('a page without words or for no place that there is is refused, and a retired one is not read', async () => {
    for (const [wrong, field] of [
      [{ title: ' ' }, 'title'],
      [{ body: '' }, 'body'],
      [{ language: 'xx' }, 'language'],
      [{ places: ['nowhere'] }, 'places.0'],
    ] as const)
      expect([field, ...fieldsAt(await post('/playbook', { ...LISTEN, ...wrong }))]).toEqual([field, 422, [field]]);
    const { id } = (await post('/playbook', { ...LISTEN, title: 'Say sorry first', body: 'At once.' })).body;
    const at = `/playbook/${id}`;
    expect(statuses(await Promise.all([post(`${at}/retirement`), post(`${at}/retirement`)]))).toEqual([200, 409]);
    const read = await post(`${at}/reading`, { accountId: anna.accountId, number: 1 }, 'staff');
    expect(read.status).toBe(404);
    const listed = (await from.call('GET', '/playbook', undefined, 'staff')).body.items as { id: string }[];
    expect(listed.find((each) => each.id === id)).toMatchObject({ reading: null, retiredAt: expect.any(String) });
    expect((await post(`${at}/return`)).body.retiredAt).toBeNull();
    expect((await from.call('GET', `/playbook/${NOBODY}`)).status).toBe(404);
    expect((await from.call('GET', '/playbook', undefined, null)).status).toBe(401);
  });

  test('all calls of this file were made', () => expect(missing(from, CALLED_ELSEWHERE.library)).toEqual([]));
});
