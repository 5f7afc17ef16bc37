import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { PASSWORD } from '../support/app.ts';
import { openBrowser, openContext, startOwnApp, violations } from '../support/browser.ts';
import { follow, signInByKeys, tabTo, typeInto } from '../support/keyboard.ts';
import { codesOn, onPaper, sentWave } from '../support/post.ts';
import { leavers } from '../support/waves.ts';

/** A call, a letter, an address that gets nothing and the DNS records, with the keys alone: nobody loses their place. */
let running: Awaited<ReturnType<typeof startOwnApp>>;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  running = await startOwnApp();
  const anna = { email: 'anna@example.com', name: 'Anna Berg', role: 'administrator' as const };
  await running.app.accounts.createAccount({ ...anna, language: 'en', password: PASSWORD });
  browser = await openBrowser();
  page = await (await openContext(browser)).newPage();
  await signInByKeys(page, running.baseUrl, anna.email);
});

afterAll(async () => {
  await browser?.close();
  await running?.close();
});

const open = (path: string) => page.goto(running.baseUrl + path);
const button = (name: string) => page.getByRole('button', { name });

test('whoever saves in the middle of a call stays where they are', async () => {
  const waveId = await sentWave(
    running,
    leavers(1, () => ({ telephone: '0431 555 2' }), 10),
    'By telephone',
  );
  await open(`/waves/${waveId}/calls`);
  await follow(page, button('Fill the list'));
  await follow(page, page.getByRole('button', { name: /^Call:/ }));
  await typeInto(page, page.locator('#note'), 'Rings back on Monday.');
  const save = page.locator('button[formaction]');
  await tabTo(page, save);
  await page.keyboard.press('Enter');
  await page.locator('[data-kept]', { hasText: 'Saved' }).waitFor();
  expect(await save.evaluate((element) => element.matches(':focus'))).toBe(true);
  await page.reload();
  expect(await page.locator('#note').inputValue()).toBe('Rings back on Monday.');
  // Whoever looks something up in the middle of a sentence finds it again.
  const sheet = page.url();
  await page.locator('#note').fill('Rings back on Tuesday.');
  await page.getByRole('link', { name: 'Today' }).click();
  await page.waitForURL('**/today');
  let found = '';
  // It is on its way while the next page opens already.
  for (let tries = 0; tries < 20 && found !== 'Rings back on Tuesday.'; tries++) {
    await page.goto(sheet);
    found = await page.locator('#note').inputValue();
  }
  expect(found).toBe('Rings back on Tuesday.');
});

test('a letter that came back is entered at once, and an address is looked up and answered for', async () => {
  const waveId = await sentWave(running, onPaper(1, 20), 'By post');
  await open(`/waves/${waveId}/letters`);
  await follow(page, button('Prepare letters'));
  await open(`/waves/${waveId}/letters/1`);
  const [code = ''] = codesOn(await page.content());
  await open('/letters/entry');
  // The browser gives the field its focus a moment after the page has loaded.
  await page.locator('#code:focus').waitFor();
  await page.keyboard.type(code);
  await Promise.all([page.waitForURL(/entry\/./), page.keyboard.press('Enter')]);
  await page.locator('#received:focus').waitFor();
  await open('/suppressions');
  await typeInto(page, page.locator('#address'), 'karla@example.com');
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  expect(await page.locator('section:focus').innerText()).toContain('karla@example.com');
  await typeInto(page, page.locator('#reason'), 'Asked by telephone');
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  expect(await page.locator('[role=status]').innerText()).toContain('Nothing will be sent');
});

test('the DNS records can be copied without a mouse', async () => {
  await open('/settings/mail');
  await typeInto(page, page.locator('#host'), 'mail.example.com');
  await typeInto(page, page.locator('#port'), '587');
  await typeInto(page, page.locator('#from'), 'house@example.com');
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  await open('/settings/mail');
  const value = page.locator('#value-0');
  await tabTo(page, value, 100);
  await page.keyboard.press('Control+a');
  expect(await page.evaluate('String(getSelection())')).toBe('v=spf1 a:mail.example.com ~all');
  expect(await violations(page)).toEqual([]);
});
