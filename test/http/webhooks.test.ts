import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { startAnswering, type Answering } from '../support/coding.ts';
import { smallCodebooks } from '../support/codebooks.ts';
import { testClock } from '../support/clock.ts';
import { onBothEngines } from '../support/engines.ts';
import { fillIn } from '../support/forms.ts';
import { leavers, newWave, readyToSend } from '../support/waves.ts';
import { isGenuine, receiver } from '../support/webhook-receiver.ts';
import { isPublic } from '../../src/api/webhooks/guard.ts';
import { COMMAND } from '../../src/shared/actor.ts';

onBothEngines(({ storage }) => {
  const clock = testClock();
  let running: TestApp;
  let leaving: Answering;
  let boss: Person;
  let other: Awaited<ReturnType<typeof receiver>>;
  let secret: string;
  let id: string;

  beforeAll(async () => {
    running = await startApp(storage(), {
      clock,
      codebooks: smallCodebooks(),
      environment: { WEBHOOKS_PRIVATE: 'true' },
    });
    leaving = await startAnswering(storage(), running.app, clock);
    boss = await running.signIn('administrator');
    other = await receiver();
    const made = await fillIn(boss, '/settings/webhooks', { url: other.url, events: KINDS });
    expect(made.status).toBe(201);
    secret = /id="secret" value="(whsec_[A-Za-z0-9+/=]+)"/.exec(made.text)?.[1] ?? '';
    id = /action="\/settings\/webhooks\/([0-9a-f-]+)"/.exec(made.text)?.[1] ?? '';
  });
  afterAll(async () => {
    await running.close();
    await other.close();
  });
  beforeEach(() => {
    other.heard.length = 0;
    other.answers.length = 0;
  });

  const KINDS = ['response.submitted', 'case.opened', 'case.closed', 'customer.opted_out', 'wave.finished'];
  const work = () => running.app.webhooks.work();
  const told = () => other.heard.map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> });
  /** Sessions end while the clock runs through days. */
  const later = async () => void (boss = await running.signIn('administrator'));
  const page = async () => (await boss.get(`/settings/webhooks/${id}`)).text;
  const outbox = async () => {
    await running.app.mailer.sendDue();
    const { rows } = await running.app.mailer.outbox.list(null, { isAdministrator: true });
    return rows.filter(({ subject }) => subject.includes('webhook'));
  };
  const deliveries = () => storage().read.selectFrom('webhook_delivery').selectAll().orderBy('id').execute();

  test('tells of a response once, signed as the spec says, without a word of it', async () => {
    expect(Buffer.from(secret.slice(6), 'base64').length).toBe(32);
    await work();
    other.heard.length = 0;
    const { responseId } = await leaving.answer({ words: 'The driver was rude to my mother.', language: 'en' });
    await work();
    await work();
    expect(told()).toMatchObject([{ type: 'response.submitted', data: { responseId, mode: 'email', language: 'en' } }]);
    const [message] = other.heard;
    expect(await isGenuine(message!, secret, clock.now())).toBe(true);
    expect(await isGenuine({ ...message!, body: `${message!.body} ` }, secret, clock.now())).toBe(false);
    expect(await isGenuine(message!, `whsec_${Buffer.alloc(32).toString('base64')}`, clock.now())).toBe(false);
    expect(message!.headers['content-type']).toBe('application/json');
    expect(message!.body).not.toContain('rude');
    expect(await page()).toMatch(/Somebody has answered[\s\S]*delivered[\s\S]*one attempt, answered 204/);
  });

  test('tells of cases and of those who opt out, in the transaction that makes them', async () => {
    const { cases } = running.app.recovery;
    const fresh = { kind: 'complaint', customerId: null, origin: 'hand', originId: null, language: 'de' } as const;
    const contact = { name: 'Greta Holm', email: 'greta@example.com', telephone: '' };
    const { caseId } = await storage().transaction((tx) =>
      cases.open(tx, COMMAND, { ...fresh, contact, words: 'Zu laut' }),
    );
    const failing = storage().transaction(async (tx) => {
      await cases.open(tx, COMMAND, { ...fresh, contact, words: 'x' });
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    const closing = { rootCause: 'other', action: 'done', outcome: 'resolved' };
    await storage().transaction((tx) => cases.close(tx, COMMAND, caseId, closing));
    const { id: customerId } = (await storage().read.selectFrom('customer').select('id').executeTakeFirst())!;
    await storage().transaction((tx) => running.app.customers.unsubscribe(tx, customerId, 'link'));
    await work();
    expect(
      told()
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['case.closed', 'case.opened', 'customer.opted_out']);
    expect(JSON.stringify(told())).not.toMatch(/Greta|example\.com|laut/);
    expect(told().find(({ type }) => type === 'case.opened')?.data).toMatchObject({ caseId, kind: 'complaint' });
  });

  test('tries again after 5 s, 5 min, 30 min, 2 h, 5 h and 10 h, with the same id, then stops', async () => {
    other.answers.push(500, 302, 404, 500, 500, 500, 500);
    await leaving.answer({ words: 'Too late.', language: 'en' });
    await work();
    const waits = [5, 300, 1800, 7200, 18_000, 36_000];
    for (const [i, seconds] of waits.entries()) {
      clock.advance({ seconds: seconds - 1 });
      await work();
      expect(other.heard).toHaveLength(i + 1);
      clock.advance({ seconds: 1 });
      await work();
      expect(other.heard).toHaveLength(i + 2);
    }
    expect(new Set(other.heard.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(other.heard.map(({ headers }) => headers['webhook-signature'])).size).toBe(7);
    clock.advance({ days: 1 });
    await work();
    expect(other.heard).toHaveLength(7);
    await later();
    expect(await page()).toMatch(/not delivered[\s\S]*7 attempts, answered 500/);
    // By hand it goes once more, and the endpoint is well again.
    const [, again = ''] = /action="(\/settings\/webhooks\/[\w-]+\/deliveries\/[\w-]+)"/.exec(await page()) ?? [];
    expect((await boss.post(again)).status).toBe(303);
    await work();
    expect(other.heard).toHaveLength(8);
    expect(await page()).toContain('<span class="tag good">on</span>');
  });

  test('an attempt whose outcome was never heard of is made again: delivered at least once', async () => {
    await leaving.answer({ words: 'Again.', language: 'en' });
    const waiting = (await deliveries()).find(({ state }) => state === 'waiting')!;
    // As if the process had died between counting the attempt and making it.
    const due = new Date(clock.now().getTime() + 5000).toISOString();
    const { claim } = await import('../../src/api/webhooks/webhook-store.ts');
    const row = { id: waiting.id, tries: 0 } as Parameters<typeof claim>[1];
    expect(await storage().transaction((tx) => claim(tx, row, clock.now().toISOString(), due))).toBe(true);
    await work();
    expect(other.heard).toHaveLength(0);
    clock.advance({ seconds: 5 });
    await Promise.all([work(), work()]);
    expect(other.heard).toHaveLength(1);
  });

  test('after five days without success it is given up, and says so; turned on it begins afresh', async () => {
    for (let day = 0; day < 6; day++) {
      other.answers.push(...Array<number>(9).fill(500));
      await leaving.answer({ words: `Day ${day}.`, language: 'en' });
      await work();
      clock.advance({ days: 1 });
    }
    await later();
    expect(await page()).toContain('<span class="tag bad">given up</span>');
    expect((await deliveries()).filter(({ state }) => state === 'waiting')).toEqual([]);
    other.heard.length = other.answers.length = 0;
    await leaving.answer({ words: 'Unheard.', language: 'en' });
    await work();
    expect(other.heard).toHaveLength(0);
    expect((await boss.post(`/settings/webhooks/${id}/test`)).status).toBe(409);
    expect(
      (await fillIn(boss, `/settings/webhooks/${id}`, { state: 'on' }, `/settings/webhooks/${id}/state`)).status,
    ).toBe(303);
    await boss.post(`/settings/webhooks/${id}/test`);
    await work();
    expect(told()).toMatchObject([{ type: 'test', data: { endpointId: id } }]);
  });

  test('an endpoint that says "gone" is not told again', async () => {
    const before = (await outbox()).length;
    other.answers.push(410);
    await boss.get(`/settings/webhooks/${id}`);
    await boss.post(`/settings/webhooks/${id}/test`);
    await work();
    expect(await page()).toContain('given up');
    await work();
    // Everybody who can mend it hears of it by mail, once.
    const administrators = (await running.app.accounts.colleagues()).filter(({ role }) => role === 'administrator');
    expect((await outbox()).length - before).toBe(administrators.length);
    await fillIn(boss, `/settings/webhooks/${id}`, { state: 'on' }, `/settings/webhooks/${id}/state`);
  });

  test('tells of a wave once, when its last mail has left', async () => {
    const { app } = running;
    const { senderId, questionnaireId } = await readyToSend(app);
    await app.customers.upsertMany(COMMAND, leavers(1));
    const wave = await newWave(app, { senderId, questionnaireId });
    await app.invitations.startWave(COMMAND, wave);
    clock.advance({ minutes: 10 });
    await app.runDue();
    await work();
    await work();
    const ofWave = told().filter(({ data }) => data.waveId === wave);
    expect(ofWave).toEqual([expect.objectContaining({ type: 'wave.finished' })]);
    await later();
  });

  test('tells only what was chosen; a new secret signs from then on; removed, it hears nothing', async () => {
    await fillIn(boss, `/settings/webhooks/${id}`, { events: ['wave.finished'] });
    await leaving.answer({ words: 'Not chosen.', language: 'en' });
    await work();
    expect(other.heard).toEqual([]);
    const renewed = await fillIn(boss, `/settings/webhooks/${id}`, {}, `/settings/webhooks/${id}/secret`);
    const fresh = /id="secret" value="(whsec_[^"]+)"/.exec(renewed.text)?.[1] ?? '';
    expect(await page()).not.toContain('whsec_');
    await boss.post(`/settings/webhooks/${id}/test`);
    await work();
    const genuineBy = await Promise.all([fresh, secret].map((each) => isGenuine(other.heard[0]!, each, clock.now())));
    expect(genuineBy).toEqual([true, false]);
    const stale = { seen: '1', state: 'off' };
    expect((await boss.post(`/settings/webhooks/${id}/state`, stale)).status).toBe(409);
    await fillIn(boss, `/settings/webhooks/${id}`, {}, `/settings/webhooks/${id}/removal`);
    expect((await boss.get(`/settings/webhooks/${id}`)).status).toBe(404);
  });

  test('the database alone gives no secret away', async () => {
    const rows = await storage().read.selectFrom('webhook_endpoint').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(secret.slice(6));
    expect(rows.every((row) => row.secret.startsWith('v1.'))).toBe(true);
  });

  test('what was told a month ago is forgotten, but not that it was told', async () => {
    clock.advance({ days: 31 });
    await work();
    expect(await deliveries()).toEqual([]);
    const events = await storage().read.selectFrom('webhook_event').selectAll().execute();
    expect(events.length).toBeGreaterThan(5);
    expect(events.every(({ payload }) => payload === null)).toBe(true);
  });

  test('addresses in a network of its own are refused, when saved and when sent to', async () => {
    const strict = await startApp(storage(), { clock, codebooks: smallCodebooks() });
    const admin = await strict.signIn('administrator');
    const refused = [
      'http://example.com/',
      'https://10.0.0.1/',
      'https://[::1]/',
      'https://2130706433/',
      'https://0x7f.1/',
    ];
    const odd = [
      '',
      'x',
      'javascript:alert(1)',
      'https://user:pass@example.com/',
      'file:///etc/passwd',
      `https://example.com/${'a'.repeat(600)}`,
    ];
    for (const url of [...refused, ...odd])
      expect([url, (await fillIn(admin, '/settings/webhooks', { url, events: KINDS })).status]).toEqual([url, 422]);
    expect((await fillIn(admin, '/settings/webhooks', { url: 'https://example.com/', events: [] })).status).toBe(422);
    // A name that leads home.
    const made = await fillIn(admin, '/settings/webhooks', { url: 'https://localhost:1/', events: KINDS });
    const at = /action="(\/settings\/webhooks\/[0-9a-f-]+)"/.exec(made.text)?.[1] ?? '';
    await admin.post(`${at}/test`);
    await strict.app.webhooks.work();
    expect((await admin.get(at)).text).toContain('the address leads into a network of its own');
    await strict.close();
  });

  test('is for administrators alone', async () => {
    await later();
    const manager = await running.signIn('manager');
    for (const path of ['/settings/webhooks', `/settings/webhooks/${id}`]) {
      expect([path, (await manager.get(path)).status]).toEqual([path, 403]);
      expect([path, (await manager.post(path, { url: other.url })).status]).toEqual([path, 403]);
    }
    expect((await running.visitor().get('/settings/webhooks')).status).toBe(303);
    for (const odd of ['x', '%00', '0198c0de-0000-7000-8000-000000000000'])
      expect([odd, (await boss.get(`/settings/webhooks/${odd}`)).status]).toEqual([odd, 404]);
  });
});

test.each([
  ['8.8.8.8', true],
  ['2606:4700::1111', true],
  ['10.1.2.3', false],
  ['127.0.0.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['192.168.1.1', false],
  ['0.0.0.0', false],
  ['224.0.0.1', false],
  ['::1', false],
  ['::', false],
  ['::ffff:10.0.0.1', false],
  ['::ffff:7f00:1', false],
  ['fe80::1', false],
  ['fd00::1', false],
  ['64:ff9b::a00:1', false],
  ['2002:a00:1::', false],
  ['example.com', false],
])('whether %s is anybody’s address: %s', (address, expected) => {
  expect(isPublic(address)).toBe(expected);
});
