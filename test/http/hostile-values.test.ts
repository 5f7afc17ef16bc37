import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { COMMAND } from '../../src/shared/actor.ts';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { NOBODY } from '../support/interface.ts';
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

  test.each(['no country', 'DE,NL', '9'.repeat(400)])(
    'a wave for customers in %s is refused, and keeps it',
    async (code) => {
      for (const path of ['/waves', '/waves/schedules']) {
        await boss.get(`${path}/new`);
        const { status, text } = await boss.post(path, { countries: code });
        expect([path, status, text.includes(`value="${code}"`)]).toEqual([path, 422, true]);
      }
    },
  );

  test('an approved answer in a language that is none is refused', async () => {
    await boss.get('/playbook/answers/new');
    for (const fields of [{}, { language: '((' }]) {
      expect((await boss.post('/playbook/answers', fields as Record<string, string>)).status).toBe(422);
    }
  });

  test('nobody is held out of a programme that is none', async () => {
    await boss.get('/waves/rules');
    for (const id of [NOBODY, boss.accountId]) {
      expect((await boss.post(`/waves/rules/holdout/${id}`, { share: '10' })).status).toBe(404);
    }
  });

  test.each(['Infinity', '1.5', '-1', '2147483648', '9'.repeat(40)])(
    'a form made from revision %s is too old',
    async (revision) => {
      await boss.get('/settings/comments');
      expect((await boss.post('/settings/comments', { answerHours: '8', revision })).status).toBeLessThan(500);
    },
  );

  test('a form that says it brings files is not let in without its token where no files are taken', async () => {
    const bare = (path: string) => boss.agent.post(path).set('Origin', app.baseUrl).field('name', 'Changed');
    for (const path of ['/me', '/setup', '/risk/look-back', '/customers/imports', '/settings/company', '/sign-out']) {
      expect([path, (await bare(path)).status]).toEqual([path, 403]);
    }
    expect((await boss.get('/me')).text).toContain('Katharina');
  });

  describe('what a form keeps unseen was tampered with', () => {
    const UNSEEN = 'Part of this form was not as the page had made it, so nothing was saved.';
    const fine = { familyName: 'Falk', email: 'falk@example.com', status: 'active', language: 'en' };
    const addressOf = async (page: string, fields: Record<string, string>) => {
      await boss.get('/me');
      return (await boss.post(page, fields)).headers.location ?? '';
    };

    test('a form says so in its summary, without a link that leads nowhere', async () => {
      const goal = {
        due: '2027-03-01',
        'title-en': 'Fewer leave',
        'words-en': 'Each costs us.',
        owner: boss.accountId,
      };
      const at = await addressOf('/goals', { ...goal, measure: '', direction: 'up' });
      const customer = await addressOf('/customers', fine);
      for (const [path, fields] of [
        [at, { ...goal, seen: 'x' }],
        [`${at}/end`, { seen: 'x', state: 'x' }],
        [customer, { ...fine, revision: 'x' }],
      ] as const) {
        const { status, text } = await boss.post(path, fields);
        expect([path, status, text.split(`<li>${UNSEEN}`).length]).toEqual([path, 422, 2]);
        const led = Array.from(text.matchAll(/<li><a href="#([^"]+)">/g), ([, field]) => field);
        expect([path, led.filter((field) => !text.includes(`id="${field}"`))]).toEqual([path, []]);
      }
    });

    test('a page without a form says so, too', async () => {
      const { status, text } = await boss.post(`/waves/${NOBODY}/letters`, { whom: 'x' });
      expect([status, text.includes(UNSEEN)]).toEqual([422, true]);
    });

    test('a colleague who is none is no contact of a customer', async () => {
      const { status, text } = await boss.post('/customers', { ...fine, familyName: 'Holm', contactAccountId: NOBODY });
      expect([status, text.includes('href="#contactAccountId"')]).toEqual([422, true]);
    });
  });
});
