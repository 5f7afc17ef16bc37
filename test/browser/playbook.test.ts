import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { colleague, COMMAND } from '../../src/shared/actor.ts';
import { PASSWORD } from '../support/app.ts';
import { openBrowser, openContext, overflows, PHONE, picture, startOwnApp, violations } from '../support/browser.ts';
import { follow, signInByKeys, typeInto } from '../support/keyboard.ts';

let running: Awaited<ReturnType<typeof startOwnApp>>;
let browser: Browser;
let caseId: string;

beforeAll(async () => {
  running = await startOwnApp({ environment: { WEBHOOKS_PRIVATE: 'true' } });
  browser = await openBrowser();
  const { accounts, recovery } = running.app;
  const given = { name: 'Carla Dahl', language: 'en', password: PASSWORD };
  const { id } = await accounts.createAccount({ ...given, email: 'carla@example.com', role: 'administrator' });
  const words = { language: 'de', question: 'Bekomme ich eine Leihmaschine?', body: '{greeting}\n\nja, noch heute.' };
  const answer = { ...words, ownerId: id, reviewOn: '2026-11-01', approved: true };
  await recovery.library.create({ actor: colleague(id), role: 'manager' }, answer);
  const contact = { name: 'Greta Holm', email: 'greta@example.com', telephone: '' };
  const fresh = { kind: 'complaint', customerId: null, origin: 'hand', originId: null, language: 'de' } as const;
  const complaint = { ...fresh, contact, words: 'Die Maschine tropft.' };
  ({ caseId } = await running.storage.transaction((tx) => recovery.cases.open(tx, COMMAND, complaint)));
});

afterAll(async () => {
  await browser?.close();
  await running?.close();
});

test('an approved answer is found by typing and inserted, a page is read and confirmed, by keys alone', async () => {
  const page = await (await openContext(browser, { scripts: false })).newPage();
  await signInByKeys(page, running.baseUrl, 'carla@example.com');
  await page.goto(`${running.baseUrl}/cases/${caseId}?answer=`);
  await typeInto(page, page.locator('#find-answer'), 'leihmaschine');
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  await follow(page, page.locator('a', { hasText: 'Insert: Bekomme ich' }), 120);
  expect(await page.locator('#mailWords').inputValue()).toContain('ja, noch heute.');
  await page.goto(`${running.baseUrl}/playbook`);
  await follow(page, page.locator('a', { hasText: 'How to apologise' }));
  await follow(page, page.locator('button', { hasText: 'I have read this' }));
  expect(await page.locator('header nav a[href="/playbook"]').innerText()).toContain('5');
});

test.each([
  ['wide', {}],
  ['phone', PHONE],
  ['dark', { dark: true }],
])('its pages have no fault that axe knows, and fit (%s)', async (name, view) => {
  const page = await (await openContext(browser, view)).newPage();
  await signInByKeys(page, running.baseUrl, 'carla@example.com');
  const [first] = await running.app.retention.playbook.list();
  const [answer] = (await running.app.recovery.library.list()).found;
  const paths = [
    '/playbook',
    `/playbook/${first?.id}`,
    `/playbook/${first?.id}/edit`,
    '/playbook/answers',
    `/playbook/answers/${answer?.answerId}`,
    `/playbook/answers/${answer?.answerId}/nl`,
    '/settings/webhooks',
    `/cases/${caseId}?answer=leihmaschine`,
  ];
  for (const [i, path] of paths.entries()) {
    await page.goto(running.baseUrl + path);
    await picture(page, `playbook-${name}-${i}`);
    expect([path, await violations(page)]).toEqual([path, []]);
    expect([path, await overflows(page)]).toEqual([path, 0]);
  }
});

test('a webhook is made, its secret shown once, and tried', async () => {
  const page = await (await openContext(browser)).newPage();
  await signInByKeys(page, running.baseUrl, 'carla@example.com');
  await page.goto(`${running.baseUrl}/settings/webhooks`);
  await typeInto(page, page.locator('#url'), `${running.baseUrl}/nowhere`);
  // Past a box for each kind of event.
  await follow(page, page.locator('button', { hasText: 'Create' }), 120);
  expect(await page.locator('#secret').inputValue()).toMatch(/^whsec_/);
  await follow(page, page.locator('button', { hasText: 'Send a test' }));
  await running.app.webhooks.work();
  await page.reload();
  await picture(page, 'playbook-webhook');
  expect(await page.locator('main').innerText()).toMatch(/one attempt, answered 4\d\d/);
  expect(await violations(page)).toEqual([]);
});
