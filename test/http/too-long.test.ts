import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type Person, type TestApp } from '../support/app.ts';
import { onBothEngines } from '../support/engines.ts';
import { fillIn } from '../support/forms.ts';

onBothEngines((on) => {
  let app: TestApp;
  let manager: Person & { accountId: string };
  beforeAll(async () => {
    app = await startApp(on.storage());
    manager = await app.signIn('manager', 'Miriam Adler');
  });
  afterAll(() => app.close());

  const long = (length: number) => 'x'.repeat(length);

  test.each([
    ['a name of a customer', '/customers/new', '/customers', { familyName: long(101) }, 101, 100],
    ['a name of a wave', '/waves/new', '/waves', { name: long(81) }, 81, 80],
    ['a report of an unhappy customer', '/alert', '/alert', { who: long(1001), what: 'x' }, '1,001', 120],
    [
      'a reason why nothing is sent',
      '/suppressions',
      '/suppressions',
      { address: 'a@example.com', reason: long(301) },
      301,
      300,
    ],
  ])('%s that is too long: the page says how long it may be and is', async (_what, page, path, fields, typed, most) => {
    await manager.get(page);
    const { status, text } = await manager.post(path, fields as Record<string, string>);
    expect([status, text.includes(`This has ${typed} characters; at most ${most} are allowed`)]).toEqual([422, true]);
  });

  test('in every language', async () => {
    for (const [language, words] of [
      ['de', 'Das sind 101 Zeichen; höchstens 100 sind möglich'],
      ['nl', 'Dit zijn 101 tekens; het mogen er hoogstens 100 zijn'],
      ['nb', 'Dette er 101 tegn; det kan være høyst 100'],
    ] as const) {
      await fillIn(manager, '/me', { language });
      await manager.get('/customers/new');
      expect((await manager.post('/customers', { familyName: long(101) })).text).toContain(words);
    }
  });
});
