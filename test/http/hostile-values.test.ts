import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';

/** Days that exist, and from which no program and no person can reckon. */
const FAR_DAYS = ['0001-01-01', '0999-12-31', '9999-12-31'];

onBothEngines((on) => {
  let app: TestApp;
  let boss: Person & { accountId: string };
  let token: string;
  beforeAll(async () => {
    app = await startApp(on.storage());
    boss = await app.signIn('administrator', 'Katharina');
    ({ token } = await app.app.accounts.createToken({ name: 'till', role: 'manager' }, COMMAND));
  });
  afterAll(() => app.close());

  const asProgram = async (path: string, body?: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { method: 'POST', body };
    return (await fetch(`${app.baseUrl}/api/v1${path}`, { headers, ...sent })).status;
  };

  test('JSON that is nested on and on is refused as unreadable', async () => {
    const nested = (depth: number) => `{"customers":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(await asProgram('/customers', nested(50_000))).toBe(400);
    expect(await asProgram('/customers', nested(50))).toBe(422);
  });

  test.each(FAR_DAYS)('%s is no day for a report, nor one to look at a case again', async (day) => {
    expect(await asProgram(`/reports/recovery?from=${day}`)).toBe(422);
    expect(await asProgram(`/reports/recovery?to=${day}`)).toBe(422);
    const opened = await on.storage().transaction((tx) =>
      app.app.recovery.cases.open(tx, COMMAND, {
        kind: 'complaint',
        customerId: null,
        origin: 'hand',
        originId: null,
        words: 'It drips.',
        language: 'en',
      }),
    );
    await boss.get(`/cases/${opened.caseId}`);
    expect((await boss.post(`/cases/${opened.caseId}/snooze`, { day })).status).toBe(422);
    expect((await app.app.recovery.cases.get(opened.caseId)).snoozedUntil).toBeNull();
  });

  test.each(['%ff%fe', '%ed%a0%bd', '__proto__', '(('])(
    'a list of customers who read %s is empty',
    async (language) => {
      const { status, text } = await boss.get(`/customers?language=${language}`);
      expect([status, text.includes('<h1')]).toEqual([200, true]);
    },
  );

  test('a form that says it brings files is not let in without its token where no files are taken', async () => {
    const bare = (path: string) => boss.agent.post(path).set('Origin', app.baseUrl).field('name', 'Changed');
    for (const path of ['/me', '/setup', '/risk/look-back', '/customers/imports', '/settings/company', '/sign-out']) {
      expect([path, (await bare(path)).status]).toEqual([path, 403]);
    }
    expect((await boss.get('/me')).text).toContain('Katharina');
  });
});
