import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { COMMAND } from '../../src/shared/actor.ts';
import { PASSWORD } from '../support/app.ts';
import { openBrowser, openContext, overflows, picture, startOwnApp, wordsOn } from '../support/browser.ts';
import { smallCodebooks } from '../support/codebooks.ts';
import { startAnswering } from '../support/coding.ts';

/** A colleague's day in a browser that runs no scripts: everything that they do every day works. */
let running: Awaited<ReturnType<typeof startOwnApp>>;
let browser: Browser;
let page: Page;
let codebooks: string | undefined;

beforeAll(async () => {
  codebooks = smallCodebooks();
  running = await startOwnApp({ codebooks });
  const { app, storage } = running;
  const account = { language: 'en', password: PASSWORD, email: 'carla@example.com', name: 'Carla Dahl' };
  await app.accounts.createAccount({ ...account, role: 'manager' });
  const answering = await startAnswering(storage, app, running.clock);
  const { customerId } = await answering.answer({ words: 'You put up the price three times in a year.' });
  await app.customers.markLeft(COMMAND, customerId, '2026-01-02');
  browser = await openBrowser();
  page = await (await openContext(browser, { scripts: false })).newPage();
});

afterAll(async () => {
  await browser?.close();
  await running?.close();
  if (codebooks !== undefined) rmSync(codebooks, { recursive: true, force: true });
});

const main = () => wordsOn(page);
const button = (name: string | RegExp) => page.locator('main').getByRole('button', { name });

async function open(path: string): Promise<void> {
  await page.goto(running.baseUrl + path);
  await picture(page, `no-scripts-${path.replace(/\W+/g, '-')}`);
  expect([path, await overflows(page)]).toEqual([path, 0]);
}

test('signs in, brings in a file, finds a customer and opens a case', async () => {
  await open('/sign-in');
  await page.fill('[name=email]', 'carla@example.com');
  await page.fill('[name=password]', PASSWORD);
  await button('Sign in').click();
  expect(await page.textContent('h1')).toBe('Why they leave');

  await open('/customers/imports/new');
  const rows = 'Number;Given name;Family name;E-mail\nK-7;Ada;Muster;ada@example.com\nK-8;Bo;Beck;broken\n';
  await page.setInputFiles('input[type=file]', { name: 'fair.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) });
  await page.locator('main form[method=post] button').first().click();
  await running.app.imports.runDue();
  // The page comes again by itself, without a script, until the file has been read.
  await page.getByText('Check before it counts').waitFor();
  expect(await main()).toContain('Not an e-mail address');
  await button(/^Import one/).click();
  await running.app.imports.runDue();
  await page.getByText('One row is in.').waitFor();

  await open('/today');
  await page.locator('.find input').fill('muster');
  await page.locator('.find input').press('Enter');
  await page
    .locator('main')
    .getByRole('link', { name: /Muster/ })
    .first()
    .click();
  await page
    .getByRole('link', { name: /Open a case|New case/ })
    .first()
    .click();
  await page.locator('main textarea').first().fill('The parcel was left in the rain.');
  await page.locator('main form[method=post] button').first().click();
  expect(await main()).toContain('The parcel was left in the rain.');
});

test('codes an answer, by a reason typed and by one ticked, and reads the report with a filter', async () => {
  await open('/answers');
  expect(await page.getByText('Use these keys').isVisible()).toBe(false);
  await button('Save and next').click();
  expect(await main()).toContain('Tick at least one reason');
  await page.getByLabel('Another reason').fill('Price');
  await page.getByText(/All other reasons/).click();
  await button('Save and next').click();
  expect(await main()).toContain('1 of 1 coded');

  await open('/leaving?period=all');
  await page.selectOption('#language', 'en');
  await page.locator('main').getByRole('button', { name: 'Show', exact: true }).click();
  await page.locator('.reasons tbody').getByRole('link', { name: 'Price' }).click();
  expect(await main()).toContain('You put up the price three times in a year.');
});

test('composes a wave, changes a question, and keeps a setting', async () => {
  await open('/waves/new');
  await page.fill('[name=name]', 'Autumn');
  await page.locator('main form[method=post] button').last().click();
  expect(await main()).toContain('Who would be written to');

  await open('/questionnaires');
  await page.locator('main').getByRole('link', { name: 'Exit questionnaire' }).click();
  await page.locator('main a[href$="/questions/happened"]').first().click();
  await page.locator('main textarea').first().fill('What happened before you left us?');
  await button('Save').click();
  expect(await main()).toContain('What happened before you left us?');

  await open('/settings/cases');
  await page.locator('main form[method=post] button').first().click();
  await page.getByText('Saved.').waitFor();
});
