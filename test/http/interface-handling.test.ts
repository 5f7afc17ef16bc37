import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
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
  const token = (role: Role) => ['token', from.tokenIds.get(role)];
  const audited = (action: string) => actorsOf(on.storage(), action);
  const complaint = async () => await from.caseOf(await from.customer());
  const close = async (id: string) => {
    const closing = { rootCause: 'other', action: 'x', outcome: 'put_right', noQuestion: 'x' };
    await on.storage().transaction((tx) => app.app.recovery.cases.close(tx, COMMAND, id, closing));
  };

  test('an open case is tagged and untagged, each once, also at the same moment', async () => {
    const id = await complaint();
    const at = `/cases/${id}/tags`;
    const all = await Promise.all([1, 2, 3].map(() => post(at, { tag: ' Christmas ' })));
    expect(all.map(({ body }) => body.tags)).toEqual([['Christmas'], ['Christmas'], ['Christmas']]);
    expect(await audited('recovery.tagged')).toEqual([token('staff')]);
    expect((await anna.get(`/cases/${id}`)).text).toContain('Christmas');
    for (const tag of ['', 'x'.repeat(41), '<b>']) expect(fieldsAt(await post(at, { tag }))).toEqual([422, ['tag']]);
    for (const _ of [1, 2]) expect((await post(`${at}/removal`, { tag: 'Christmas' })).body.tags).toEqual([]);
    expect(await audited('recovery.untagged')).toEqual([token('staff')]);
    await close(id);
    expect(fieldsAt(await post(at, { tag: 'Late' }))).toEqual([409, ['id']]);
    expect((await post(`/cases/${NOBODY}/tags`, { tag: 'x' })).status).toBe(404);
    expect((await post(at, { tag: 'x' }, null)).status).toBe(401);
  });

  test('what a customer said about a closed case is written down: it is settled, or it goes on', async () => {
    const [settled, open] = [await complaint(), await complaint()];
    const heard = (id: string, isSettled: boolean, role: Role | null = 'staff') =>
      post(`/cases/${id}/heard`, { settled: isSettled, words: 'As she said.' }, role);
    expect(fieldsAt(await heard(settled, true))).toEqual([409, ['id']]);
    for (const id of [settled, open]) await close(id);
    const both = await Promise.all([heard(settled, true), heard(settled, true)]);
    expect(statuses(both)).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 200)?.body.settled).toBe('yes');
    expect((await heard(open, false)).body).toMatchObject({ state: 'reopened', round: 2 });
    expect(fieldsAt(await post(`/cases/${open}/heard`, { settled: true, words: ' ' }))).toEqual([422, ['words']]);
    expect((await heard(NOBODY, true)).status).toBe(404);
    expect((await heard(settled, true, null)).status).toBe(401);
  });

  test('a link for reporting is made once by its name, has its address, and after it is revoked nobody reports by it', async () => {
    const make = (name: string, role: Role | null = 'manager') => post('/alert-links', { name }, role);
    const all = await Promise.all([make('Shop'), make('Shop'), make('Shop')]);
    expect(all.filter(({ body }) => body.fresh)).toHaveLength(1);
    const { id, address } = all[0]?.body ?? {};
    expect(new Set(all.map(({ body }) => body.address)).size).toBe(1);
    const at = (address as string).replace(app.baseUrl, '');
    expect((await app.visitor().get(at)).status).toBe(200);
    expect((await from.call('GET', `/alert-links/${id}`)).body).toMatchObject({ id, name: 'Shop', address });
    const listed = (await from.call('GET', '/alert-links')).body.items as { id: string; address?: string }[];
    expect(listed).toMatchObject([{ id, name: 'Shop', revokedAt: null }]);
    expect(listed[0]).not.toHaveProperty('address');
    const revoke = () => post(`/alert-links/${id}/revocation`, {}, 'manager');
    expect(statuses(await Promise.all([revoke(), revoke()]))).toEqual([200, 409]);
    expect((await app.visitor().get(at)).status).toBe(404);
    expect((await from.call('GET', `/alert-links/${id}`)).status).toBe(404);
    expect((await make('Shop')).body.fresh).toBe(true);
    expect(fieldsAt(await make(' '))).toEqual([422, ['name']]);
    for (const path of ['/alert-links', `/alert-links/${id}`])
      expect((await from.call('GET', path, undefined, 'staff')).status).toBe(403);
    for (const path of ['/alert-links', `/alert-links/${id}/revocation`])
      expect((await post(path, { name: 'x' })).status).toBe(403);
    expect((await make('x', null)).status).toBe(401);
    expect(await audited('alerts.linkRevoked')).toEqual([token('manager')]);
  });

  test('what a leaver looks after goes to a colleague, who hears of it, and twice is harmless', async () => {
    const id = await complaint();
    await post(`/cases/${id}/owner`, { accountId: anna.accountId });
    await from.customer({ contactAccountId: anna.accountId });
    const at = `/colleagues/${anna.accountId}`;
    const duties = (role: Role | null = 'administrator') => from.call('GET', `${at}/duties`, undefined, role);
    expect((await duties()).body).toEqual({
      customers: 1,
      cases: 1,
      answers: 0,
      schedules: 0,
      goals: 0,
      policies: 0,
    });
    const give = (toId: string, role: Role | null = 'administrator') =>
      post(`${at}/handing-over`, { toId, word: 'From the shop' }, role);
    for (const toId of [anna.accountId, NOBODY]) expect(fieldsAt(await give(toId))).toEqual([422, ['toId']]);
    const both = await Promise.all([give(ben.accountId), give(ben.accountId)]);
    expect(statuses(both)).toEqual([200, 200]);
    expect(both.map(({ body }) => body.cases as number).sort()).toEqual([0, 1]);
    expect((await duties()).body).toMatchObject({ customers: 0, cases: 0 });
    expect((await from.call('GET', `/cases/${id}`)).body.ownerId).toBe(ben.accountId);
    expect((await give(ben.accountId)).body).toMatchObject({ customers: 0, cases: 0 });
    expect((await anna.get(`/cases/${id}`)).text).toContain('From the shop');
    for (const role of ['staff', 'manager'] as const)
      expect([(await duties(role)).status, (await give(ben.accountId, role)).status]).toEqual([403, 403]);
    expect((await from.call('GET', `/colleagues/${NOBODY}/duties`, undefined, 'administrator')).status).toBe(404);
    expect((await post(`/colleagues/${NOBODY}/handing-over`, { toId: ben.accountId }, 'administrator')).status).toBe(
      404,
    );
    expect((await give(ben.accountId, null)).status).toBe(401);
  });

  test('a call is one colleague’s at a time, and is free again when they let it go', async () => {
    const left = { status: 'left' as const, leftOn: '2026-10-20', telephone: '0431 555 100' };
    const told = {
      kind: 'win_back',
      reference: 'H-W',
      customerId: await from.customer(left),
      words: 'x',
      language: 'de',
    };
    const at = `/cases/${(await post('/cases', told)).body.id as string}/calls`;
    const claim = (accountId: string, role: Role | null = 'staff') => post(`${at}/claim`, { accountId }, role);
    const both = await Promise.all([claim(anna.accountId), claim(ben.accountId)]);
    expect(statuses(both)).toEqual([200, 409]);
    expect(fieldsAt(both.find(({ status }) => status === 409) as Reply)).toEqual([409, ['accountId']]);
    const [first = '', second = ''] =
      both[0]?.status === 200 ? [anna.accountId, ben.accountId] : [ben.accountId, anna.accountId];
    expect((await post(`${at}/release`, { accountId: second })).status).toBe(200);
    expect((await claim(second)).status).toBe(409);
    expect((await post(`${at}/release`, { accountId: first })).status).toBe(200);
    expect((await claim(second)).body.accountId).toBe(second);
    expect(fieldsAt(await claim(NOBODY))).toEqual([422, ['accountId']]);
    for (const way of ['claim', 'release'])
      expect((await post(`/cases/${await complaint()}/calls/${way}`, { accountId: first })).status).toBe(404);
    expect((await claim(first, null)).status).toBe(401);
  });

  test('whoever called us by themselves is written down at any hour', async () => {
    const left = { status: 'left' as const, leftOn: '2026-10-20', telephone: '0431 555 100' };
    const told = {
      kind: 'win_back',
      reference: 'H-T',
      customerId: await from.customer(left),
      words: 'x',
      language: 'de',
    };
    const at = `/cases/${(await post('/cases', told)).body.id as string}/calls`;
    const { accountId } = anna;
    const now = app.clock.now().toISOString();
    app.clock.set(`${now.slice(0, 10)}T22:30:00.000Z`);
    const call = { accountId, outcome: 'not_reached' };
    const tries = [await post(`${at}/claim`, { accountId }), await post(at, call)];
    expect(statuses(tries)).toEqual([409, 409]);
    const claim = () => post(`${at}/claim`, { accountId, theyCalled: true });
    expect(statuses(await Promise.all([claim(), claim(), claim()]))).toEqual([200, 200, 200]);
    const { items } = (await from.call('GET', at.replace('calls', 'thread'))).body as { items: { kind: string }[] };
    expect(items.filter(({ kind }) => kind === 'winback.they_called')).toHaveLength(1);
    expect((await post(at, call)).status).toBe(201);
    app.clock.set(now);
  });

  test('a program takes back what a program signed, once and within a day; a colleague’s signature is theirs', async () => {
    const id = await complaint();
    const at = `/cases/${id}/steps`;
    const undo = (step: string, role: Role | null = 'staff') => post(`${at}/${step}/undo`, {}, role);
    const stateOf = ({ body }: Reply, step: string) =>
      (body.steps as { step: string; state: string }[]).find((each) => each.step === step)?.state;
    await post(`${at}/apologise`, { said: 'Sorry.', channel: 'telephone' });
    const both = await Promise.all([undo('apologise'), undo('apologise')]);
    expect(statuses(both)).toEqual([200, 409]);
    const [done, late] = both.toSorted((a, b) => a.status - b.status);
    expect([stateOf(done as Reply, 'apologise'), fieldsAt(late as Reply)]).toEqual(['open', [409, ['step']]]);
    expect(await audited('recovery.stepUndone')).toEqual([token('staff')]);
    await post(`${at}/apologise/skip`, { reason: 'Said before' });
    app.clock.advance({ days: 1, minutes: 1 });
    expect(fieldsAt(await undo('apologise'))).toEqual([409, ['step']]);
    await anna.post(`/cases/${id}/steps/act`, { said_act: 'Sent a new one.', channel_act: 'inside' });
    expect(fieldsAt(await undo('act'))).toEqual([409, ['step']]);
    expect((await post(`/cases/${NOBODY}/steps/act/undo`)).status).toBe(404);
    expect((await undo('dance')).status).toBe(404);
    expect((await undo('act', null)).status).toBe(401);
  });

  test('all calls of this file were made', () => expect(missing(from, CALLED_ELSEWHERE.handling)).toEqual([]));
});
