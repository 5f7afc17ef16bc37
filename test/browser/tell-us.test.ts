import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { COMMAND, colleague } from '../../src/shared/actor.ts';
import { PASSWORD } from '../support/app.ts';
import { openBrowser, openContext, overflows, picture, startOwnApp, violations } from '../support/browser.ts';
import { signInByKeys, tabTo } from '../support/keyboard.ts';

/** A customer's comment and a colleague's alert, both from a phone, with the keys alone. */
let running: Awaited<ReturnType<typeof startOwnApp>>;
let browser: Browser;
const SMALL = { width: 375, height: 720 };

beforeAll(async () => {
  running = await startOwnApp();
  const { accounts, customers, recovery } = running.app;
  const place = { address: 'Speicherstraße 14\n24103 Kiel', telephone: '+49 431 000 0140', email: 'hallo@example.com' };
  await accounts.settings.saveCompany(COMMAND, { name: 'Hollerbach Kaffee', ...place });
  const account = { language: 'en', password: PASSWORD };
  const anna = { ...account, email: 'anna@example.com', name: 'Anna Berg', role: 'manager' as const };
  const { id } = await accounts.createAccount(anna);
  const anker = { reference: 'K-1', organisation: 'Gasthof zum Anker', city: 'Kiel', language: 'de' };
  await customers.create(COMMAND, { ...anker, status: 'active', yearlyValueMinor: 432_000 });
  await customers.create(COMMAND, { ...anker, reference: 'K-2', organisation: 'Café Anker', status: 'active' });
  const promise = { on: true, texts: {}, approved: ['de', 'en'] };
  const { revision, ...settings } = await recovery.comments.settings();
  const own = { ownerId: id, guarantee: promise, gift: promise };
  await recovery.comments.saveSettings(colleague(id), { ...settings, ...own }, revision);
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await running?.close();
});

async function sound(page: Page, name: string): Promise<void> {
  await picture(page, `tell-us-${name}`);
  expect([name, await violations(page)]).toEqual([name, []]);
  expect([name, await overflows(page)]).toEqual([name, 0]);
}

test('a customer tells us in German, on a phone without scripts, by keys alone', async () => {
  const context = await openContext(browser, { ...SMALL, scripts: false, language: 'de' });
  const page = await context.newPage();
  await page.goto(`${running.baseUrl}/tell-us`);
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  await picture(page, 'tell-us-form');
  expect(await page.innerText('main')).toContain('+49 431 000 0140');
  running.clock.advance({ minutes: 1 });
  await tabTo(page, page.locator('[name=kind]').first());
  await page.keyboard.press('Space');
  await tabTo(page, page.locator('#words'));
  await page.keyboard.type('Die Maschine kam mit einem Sprung im Tank an.');
  await tabTo(page, page.locator('#telephone'));
  await page.keyboard.type('0431 000 0177');
  await tabTo(page, page.locator('[name=wish]').first());
  await page.keyboard.press('Space');
  await tabTo(page, page.locator('main button'));
  await page.keyboard.press('Enter');
  await page.waitForURL('**/thanks/**');
  await picture(page, 'tell-us-thanks');
  expect(await page.innerText('h1')).toBe('Danke, dass Sie es uns gesagt haben');
  expect(await page.innerText('main')).toContain('Anna Berg ruft Sie bis');
  expect(await context.cookies()).toEqual([]);
  await context.close();
});

test('the same pages have no fault that axe knows, in the light and in the dark', async () => {
  for (const dark of [false, true]) {
    const page = await (await openContext(browser, { ...SMALL, dark, language: 'de' })).newPage();
    await page.goto(`${running.baseUrl}/tell-us`);
    await sound(page, dark ? 'dark' : 'light');
    await page.click('main button');
    await sound(page, dark ? 'errors-dark' : 'errors');
    await page.context().close();
  }
});

test('a colleague reports from a phone: name, words, the right one of two; it stands on Today', async () => {
  const page = await (await openContext(browser, SMALL)).newPage();
  await signInByKeys(page, running.baseUrl, 'anna@example.com');
  await tabTo(page, page.locator('nav .phone a[href="/alert"]'));
  await page.keyboard.press('Enter');
  await page.waitForURL('**/alert');
  await sound(page, 'alert');
  await tabTo(page, page.locator('#who'));
  await page.keyboard.type('Anker');
  await tabTo(page, page.locator('#what'));
  await page.keyboard.type('The cook was not amused.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[name=customer]');
  await sound(page, 'choose');
  await page.getByLabel('Gasthof zum Anker').focus();
  await page.keyboard.press('Space');
  await tabTo(page, page.locator('main button'));
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=status]');
  expect(await page.innerText('[role=status]')).toContain('Gasthof zum Anker');
  for (const [path, name] of [
    ['/today', 'today'],
    ['/alerts', 'mine'],
    ['/thanks', 'board'],
    ['/alerts/links', 'links'],
    ['/comments?view=case', 'comments'],
    ['/settings/comments', 'settings'],
  ] as const) {
    await page.goto(`${running.baseUrl}${path}`);
    if (path === '/today') expect(await page.innerText('main')).toContain('From a colleague');
    else await sound(page, name);
  }
  await page.goto(`${running.baseUrl}/comments?view=case`);
  await page.click('blockquote a');
  await sound(page, 'comment');
  await page.setViewportSize({ width: 1280, height: 900 });
  await sound(page, 'comment-wide');
  await page.goto(`${running.baseUrl}/settings/comments`);
  await sound(page, 'settings-wide');
  await page.goto(`${running.baseUrl}/comments/poster?lang=de`);
  await sound(page, 'poster');
});
