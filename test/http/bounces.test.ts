import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { leavers } from '../support/waves.ts';

const fixture = (name: string) => readFileSync(`test/fixtures/bounces/${name}.eml`);

onBothEngines(({ storage }) => {
  let started: TestApp;
  let staff: Person;
  let token: string;
  beforeAll(async () => {
    started = await startApp(storage());
    staff = await started.signIn('staff', 'Jonas Petersen');
    token = (await started.app.accounts.createToken({ name: 'mail server', role: 'staff' }, COMMAND)).token;
  });
  afterAll(() => started.close());
  beforeEach(async () => {
    await storage().transaction(async (tx) => {
      await tx.deleteFrom('returned_mail').execute();
      await tx.deleteFrom('suppression').execute();
    });
  });

  const hand = async (body: Buffer, { type = 'message/rfc822', bearer = token } = {}) => {
    const init = { method: 'POST', body, headers: { 'content-type': type, authorization: `Bearer ${bearer}` } };
    const response = await fetch(`${started.baseUrl}/api/v1/bounces`, init);
    return { status: response.status, body: (await response.json()) as object };
  };
  const newest = async () => (await started.app.bounces.list({}, null)).rows[0]?.id ?? '';

  test('a mail server hands over what came back, twice without harm', async () => {
    const raw = fixture('postfix-user-unknown');
    const said = { kind: 'hard', verified: false };
    expect(await hand(raw)).toEqual({ status: 200, body: { outcome: 'recorded', ...said } });
    expect(await hand(raw)).toEqual({ status: 200, body: { outcome: 'known', ...said } });
  });

  test('not without a token, not as another type, not empty', async () => {
    expect((await hand(fixture('gmx'), { bearer: 'wrong-wrong-wrong' })).status).toBe(401);
    expect((await hand(fixture('gmx'), { type: 'text/plain' })).status).toBe(415);
    expect((await hand(Buffer.alloc(0))).status).toBe(415);
    expect((await started.app.bounces.list({}, null)).rows).toEqual([]);
  });

  test('the description names the call and its type', async () => {
    const response = await fetch(`${started.baseUrl}/api/v1/openapi.json`);
    const { paths } = (await response.json()) as {
      paths: Record<string, { post: { requestBody: { content: object } } }>;
    };
    expect(Object.keys(paths['/bounces']?.post.requestBody.content ?? {})).toEqual(['message/rfc822']);
  });

  test('the list says what came back and why; a message is shown as text, never as markup', async () => {
    const markup = '<script>alert(1)</script><img src=x onerror=alert(1)>';
    await hand(
      Buffer.from(`From: Kim <kim@example.net>\nList-Id: <cups.example.net>\nSubject: ${markup}\n\n${markup}`),
    );
    await hand(fixture('webde-german'));
    const list = await staff.get('/bounces');
    expect(list.text).toContain('The mailbox is full.');
    expect(list.text).not.toContain('<script>alert');
    const [, other] = (await started.app.bounces.list({}, null)).rows;
    const page = await staff.get(`/bounces/${other?.id}`);
    expect(page.text).toContain('&lt;script&gt;');
    expect(page.text).not.toMatch(/<script>alert|<img src=x/);
    expect((await staff.get('/bounces?show=complaints')).text).toContain('Nothing has come back.');
  });

  test('what somebody has read is done, and is gone from the list to read', async () => {
    await hand(fixture('auto-away'));
    const id = await newest();
    expect((await staff.get(`/bounces/${id}`)).text).toContain('out of the office until Monday');
    expect((await staff.post(`/bounces/${id}/done`)).headers.location).toBe('/bounces');
    expect((await staff.get('/bounces')).text).toContain('Nothing to read.');
    expect((await staff.post(`/bounces/${id}/done`)).status).toBe(409);
    expect((await staff.get('/bounces/none')).status).toBe(404);
  });

  test('an address is looked up by typing it, suppressed and let go with a reason that the log names', async () => {
    await started.app.customers.upsertMany(
      COMMAND,
      leavers(1, () => ({ email: 'Kim.Look@example.com', familyName: 'Lookup' })),
    );
    await staff.get('/suppressions');
    const free = await staff.post('/suppressions/search', { address: 'kim.look@example.com' });
    expect(free.text).toContain('kim.look@example.com is not on the list');
    expect(free.text).toContain('Lookup');
    expect((await staff.post('/suppressions', { address: 'kim.look@example.com', reason: '' })).status).toBe(422);
    expect(
      (await staff.post('/suppressions', { address: 'kim.look@example.com', reason: 'wrong person' })).status,
    ).toBe(303);
    const found = await staff.post('/suppressions/search', { address: ' KIM.LOOK@example.com ' });
    expect(found.text).toContain('is not written to');
    const lift = /action="(\/suppressions\/[^/]+\/lift)"/.exec(found.text)?.[1] ?? '';
    expect((await staff.post(lift, { address: 'kim.look@example.com', reason: ' ' })).status).toBe(422);
    expect((await staff.post(lift, { address: 'kim.look@example.com', reason: 'they wrote to us' })).status).toBe(303);
    const list = await staff.get('/suppressions');
    expect(list.text).toMatch(/by Jonas Petersen: they wrote to us/);
    expect(list.text).not.toContain('kim.look@example.com');
    const { rows } = await started.app.accounts.log.list({ actorId: null, before: null });
    expect(rows.map(({ action }) => action)).toEqual(expect.arrayContaining(['bounces.lifted', 'bounces.suppressed']));
    expect((await staff.post(lift, { address: 'kim.look@example.com', reason: 'again' })).status).toBe(409);
  });

  test('what is no address is said to be none', async () => {
    await staff.get('/suppressions');
    const answer = await staff.post('/suppressions/search', { address: 'kim, anna@example.com' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('not one complete e-mail address');
  });

  test('nobody sees any of it without signing in', async () => {
    for (const path of ['/bounces', '/suppressions']) expect((await started.visitor().get(path)).status).toBe(303);
  });
});
