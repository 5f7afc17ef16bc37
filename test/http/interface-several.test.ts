import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fieldsOf } from '../support/forms.ts';
import {
  actorsOf,
  CALLED_ELSEWHERE,
  fieldsAt,
  missing,
  NOBODY,
  program,
  statuses,
  type Program,
} from '../support/interface.ts';
import type { Role } from '../../src/web/index.ts';

onBothEngines((on) => {
  let app: TestApp;
  let from: Program;
  let anna: Person & { accountId: string };
  let ben: Person & { accountId: string };

  beforeAll(async () => {
    app = await startApp(on.storage());
    from = await program(app);
    anna = await app.signIn('staff', 'Anna');
    ben = await app.signIn('staff', 'Ben');
  });
  afterAll(() => app.close());

  const post = (path: string, body: object = {}, role: Role | null = 'staff') => from.call('POST', path, body, role);
  const get = async (path: string) => (await from.call('GET', path, undefined, 'staff')).body;
  const token = () => ['token', from.tokenIds.get('staff')];
  const audited = (action: string) => actorsOf(on.storage(), action);
  const theCase = (id: string) => app.app.recovery.cases.get(id);
  const complaint = async () => await from.caseOf(await from.customer());
  const close = async (id: string) => {
    const closing = { rootCause: 'other', action: 'x', outcome: 'put_right', noQuestion: 'x' };
    await on.storage().transaction((tx) => app.app.recovery.cases.close(tx, COMMAND, id, closing));
  };

  test('several cases go to a colleague, what is closed or theirs already stays, and all of it is taken back once', async () => {
    const caseIds = [await complaint(), await complaint(), await complaint()];
    const [first = '', second = '', closed = ''] = caseIds;
    await close(closed);
    const give = (accountId: string | null, ids = caseIds) => post('/several-cases/owner', { caseIds: ids, accountId });
    const { body: did } = await give(anna.accountId);
    expect(did).toMatchObject({ count: 2 });
    expect((await give(anna.accountId)).body.count).toBe(0);
    expect([(await theCase(first)).ownerId, (await theCase(closed)).ownerId]).toEqual([anna.accountId, null]);
    expect((await get('/several-cases')).items).toMatchObject([{ ...did, what: 'assigned', toId: anna.accountId }]);
    // What a colleague did is theirs to take back, and what programs did is the programs'.
    await anna.post('/today/bulk/undo', { act: did.id });
    await ben.post('/today/bulk', { pick: [second], do: 'mine' });
    const undo = () => post(`/several-cases/${did.id}/undo`);
    const both = await Promise.all([undo(), undo()]);
    expect(both.map(({ body }) => body.count).sort()).toEqual([0, 1]);
    expect([(await theCase(first)).ownerId, (await theCase(second)).ownerId]).toEqual([null, ben.accountId]);
    const [his] = await app.app.recovery.caseWork.many.undoable({ kind: 'account', id: ben.accountId });
    expect((await post(`/several-cases/${his?.id}/undo`)).body).toEqual({ count: 0 });
    expect((await get('/several-cases')).items).toEqual([]);
  });

  test('several cases are tagged and put off until a day; one that is not there keeps them as they are', async () => {
    const caseIds = [await complaint(), await complaint()];
    const [first = ''] = caseIds;
    const tag = (body: object) => post('/several-cases/tags', { caseIds, ...body });
    expect((await tag({ tag: ' Christmas ' })).body.count).toBe(2);
    expect((await tag({ tag: 'Christmas' })).body.count).toBe(0);
    expect((await get(`/cases/${first}`)).tags).toEqual(['Christmas']);
    const { body: slept } = await post('/several-cases/snooze', { caseIds, until: '2026-11-16' });
    expect((await theCase(first)).snoozedUntil).toBe('2026-11-16T08:00:00.000Z');
    expect((await get('/several-cases')).items).toMatchObject([
      { ...slept, what: 'snoozed', day: '2026-11-16', toId: null, tag: '' },
      { what: 'tagged', tag: 'Christmas', count: 2 },
    ]);
    expect((await audited('recovery.snoozed')).slice(-2)).toEqual([token(), token()]);
    for (const [path, body, field] of [
      ['tags', { tag: '<b>' }, 'tag'],
      ['tags', { tag: 'Late', caseIds: [first, NOBODY] }, 'caseIds'],
      ['tags', { tag: 'Late', caseIds: [] }, 'caseIds'],
      ['snooze', { until: '2020-01-01' }, 'until'],
      ['owner', { accountId: NOBODY }, 'accountId'],
    ] as const)
      expect(fieldsAt(await post(`/several-cases/${path}`, { caseIds, ...body }))).toEqual([422, [field]]);
    expect((await get(`/cases/${first}`)).tags).toEqual(['Christmas']);
    expect((await post('/several-cases/tags', { caseIds, tag: 'x' }, null)).status).toBe(401);
    expect((await post(`/several-cases/${NOBODY}/undo`)).body).toEqual({ count: 0 });
  });

  test('cases for a list of customers: looked over, then opened once, also at the same moment', async () => {
    const customerIds = [
      await from.customer({ contactAccountId: ben.accountId }),
      await from.customer(),
      await from.customer(),
    ];
    const [known = '', fresh = '', has = ''] = customerIds;
    await post('/cases', { kind: 'complaint', reference: 'L', customerId: has, words: 'x', language: 'en' });
    const look = { kind: 'complaint', customerIds };
    expect((await post('/several-cases/check', look)).body).toEqual({
      customerIds: [known, fresh],
      leftOut: [{ customerId: has, why: 'open' }],
    });
    const order = { ...look, reference: 'recall-7', summary: 'Recall of batch 7' };
    const open = (more: object = {}) => post('/several-cases/openings', { ...order, ...more });
    for (const { body } of await Promise.all([open(), open()])) expect(body).toEqual({ open: 2, leftOut: 1 });
    const { items } = await get('/cases?limit=500');
    const opened = (items as { summary: string; customerId: string; ownerId: string | null }[]).filter(
      ({ summary }) => summary === 'Recall of batch 7',
    );
    const owners = Object.fromEntries(opened.map(({ customerId, ownerId }) => [customerId, ownerId]));
    expect([opened.length, owners]).toEqual([2, { [known]: ben.accountId, [fresh]: null }]);
    for (const [wrong, field] of [
      [{ summary: ' ' }, 'summary'],
      [{ accountId: NOBODY }, 'accountId'],
      [{ kind: 'payment_difficulty' }, 'kind'],
    ] as const)
      expect(fieldsAt(await open({ reference: 'other', ...wrong }))).toEqual([422, [field]]);
  });

  test('the sheet of a call has what the page has, with who is calling and what they typed so far', async () => {
    const left = { status: 'left' as const, leftOn: '2026-10-20', telephone: '0431 555 7', language: 'de' };
    const customerId = await from.customer(left);
    const told = { kind: 'win_back', reference: 'S-1', customerId, words: 'Zu langsam.', language: 'de' };
    const at = `/cases/${(await post('/cases', told)).body.id as string}`;
    const box = { name: { en: 'Box' }, kind: 'gift', costMinor: 900, forWhom: 'left', reasons: ['price'] };
    await post('/offers', { ...box, codeKind: 'none', validDays: 30 }, 'manager');
    const blank = { outcome: '', reasonKey: '', said: '', promised: '', backDay: '', backTime: '' };
    const sheet = await get(`${at}/call-sheet`);
    expect(sheet).toMatchObject({
      ...{ customerId, words: 'Zu langsam.', reason: null, held: null, over: false, calls: [], given: [] },
      ...{ who: { telephone: '0431 555 7', leftOn: '2026-10-20', language: 'de' }, mayRingNow: true, draft: blank },
    });
    expect(sheet.choices).toMatchObject([{ why: 'reason' }]);
    expect((await anna.get(`${at}/call`)).text).toContain(sheet.questions[0]);

    const { accountId } = anna;
    const draft = { ...blank, reasonKey: 'price', said: 'Zu teu', backDay: '2026-11-1', backTime: '14' };
    const keep = (by: string, role: Role | null = 'staff') =>
      post(`${at}/calls/draft`, { ...draft, accountId: by }, role);
    expect(fieldsAt(await keep(accountId))).toEqual([409, ['accountId']]);
    await post(`${at}/calls/claim`, { accountId });
    expect(fieldsAt(await keep(ben.accountId))).toEqual([409, ['accountId']]);
    expect(fieldsAt(await keep(NOBODY))).toEqual([422, ['accountId']]);
    expect([(await keep(accountId, null)).status, (await keep(accountId)).body.draft]).toEqual([401, draft]);
    expect(fieldsOf(await anna.get(`${at}/call`), `${at}/call`)).toMatchObject({
      ...{ reason: 'price', said: 'Zu teu', 'back-day': '2026-11-1' },
    });
    expect((await ben.get(`${at}/call`)).text).toContain('Anna has been calling since');
    const during = await get(`${at}/call-sheet`);
    expect(during).toMatchObject({ held: { accountId }, draft });
    // What is being written down on a call counts already.
    expect(during.choices).toMatchObject([{ why: null, approval: false }]);

    await anna.post(`${at}/call`, { outcome: 'thinking', reason: 'price', said: 'Zu teuer', promised: 'Ein Anruf' });
    const after = await get(`${at}/call-sheet`);
    expect(after).toMatchObject({ reason: { key: 'price', source: 'call' }, held: null, draft: blank });
    expect(after.calls).toMatchObject([{ accountId, outcome: 'thinking', promised: 'Ein Anruf' }]);
    expect(after.questions).not.toEqual(sheet.questions);
    expect((await from.call('GET', `/cases/${await complaint()}/call-sheet`)).status).toBe(404);
  });

  test('what is typed at the same moment by two is kept of whoever has the call', async () => {
    const customerId = await from.customer({ status: 'left', leftOn: '2026-10-20', telephone: '0431 555 8' });
    const told = { kind: 'win_back', reference: 'S-2', customerId, words: 'x', language: 'en' };
    const at = `/cases/${(await post('/cases', told)).body.id as string}`;
    const both = [anna.accountId, ben.accountId];
    const claims = await Promise.all(both.map((accountId) => post(`${at}/calls/claim`, { accountId })));
    expect(statuses(claims)).toEqual([200, 409]);
    const kept = await Promise.all(both.map((accountId) => post(`${at}/calls/draft`, { accountId, said: accountId })));
    expect(statuses(kept)).toEqual([200, 409]);
    const { held, draft } = await get(`${at}/call-sheet`);
    expect(draft.said).toBe(held.accountId);
  });

  test('each of these calls has been made, and answered as its description says', () => {
    expect(missing(from, CALLED_ELSEWHERE.several)).toEqual([]);
  });
});
