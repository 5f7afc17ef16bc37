import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { PASSWORD } from '../support/app.ts';
import { openBrowser, openContext, overflows, PHONE, picture, startOwnApp, violations } from '../support/browser.ts';
import { follow, signInByKeys, tabTo } from '../support/keyboard.ts';
import { letterOf } from '../support/letters-in.ts';
import { png } from '../support/pictures.ts';

/** A letter comes in, becomes a case, is answered with a file, and answered again: with the keys alone. */
let running: Awaited<ReturnType<typeof startOwnApp>>;
let browser: Browser;
const FROM = 'Anna Brandes <anna.brandes@example.org>';

beforeAll(async () => {
  running = await startOwnApp();
  const { accounts } = running.app;
  await accounts.createAccount({
    email: 'ingrid@example.com',
    name: 'Ingrid Solheim',
    role: 'staff',
    language: 'en',
    password: PASSWORD,
  });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await running?.close();
});

async function arrive(
  subject: string,
  text: string,
  more: Partial<Parameters<typeof letterOf>[0]> = {},
): Promise<void> {
  await running.app.bounces.receive(
    letterOf({ from: FROM, to: 'hallo@example.com', subject, text, ...more }),
    'command',
  );
}

async function sound(page: Page, name: string): Promise<void> {
  await picture(page, `casemail-${name}`);
  expect([name, await violations(page)]).toEqual([name, []]);
  const wide = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 740 });
  await picture(page, `casemail-${name}-phone`);
  expect([name, await overflows(page)]).toEqual([name, 0]);
  if (wide) await page.setViewportSize(wide);
}

test('a letter becomes a case and is answered with a file, by the keys alone', async () => {
  await arrive('Kaffee gemahlen statt ganz', 'Guten Tag,\n\nes kamen zehn Tüten, alle gemahlen.', {
    files: [
      { name: 'foto.png', type: 'image/png', content: png(60, 40) },
      { name: 'drawing.svg', type: 'image/svg+xml', content: Buffer.from('<svg/>') },
    ],
  });
  const page = await (await openContext(browser)).newPage();
  await signInByKeys(page, running.baseUrl, 'ingrid@example.com');
  await page.goto(`${running.baseUrl}/today`);
  await follow(page, page.getByRole('link', { name: '1 mail to sort' }));
  await sound(page, 'sort');
  await follow(page, page.getByRole('button', { name: 'Open a case' }));
  await sound(page, 'case');
  await tabTo(page, page.locator('#mailWords'));
  await page.keyboard.press('Control+End');
  await page.keyboard.type('wir tauschen alles um.');
  await page.setInputFiles('#mailFiles', { name: 'plan.png', mimeType: 'image/png', buffer: png(30, 20) });
  await follow(page, page.getByRole('button', { name: 'Send', exact: true }));
  const text = (await page.textContent('main')) ?? '';
  expect(text).toContain('Your mail is on its way.');
  expect(text).toContain('plan.png');
  await running.app.mailer.sendDue();
  await arrive('Re: Kaffee', 'Danke!\n\nAm 21.11.2026 schrieb Ingrid:\n> wir tauschen alles um.');
  await page.reload();
  await sound(page, 'answered');
  expect(await page.textContent('main')).toContain('Waits for an answer');
});

test('a reply that is no good keeps its words, in the dark and on a phone too', async () => {
  const theCase = await running.app.recovery.cases.findByNumber(1);
  const page = await (await openContext(browser, { ...PHONE, dark: true })).newPage();
  await signInByKeys(page, running.baseUrl, 'ingrid@example.com');
  await page.goto(`${running.baseUrl}/cases/${theCase?.id}/mail`);
  await page.fill('#mailWords', 'Leider haben Sie es nicht gesagt.');
  await page.setInputFiles('#mailFiles', { name: 'a.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') });
  await page.click('main button.button:not(.quiet)');
  await sound(page, 'refused');
  expect(await page.inputValue('#mailWords')).toBe('Leider haben Sie es nicht gesagt.');
  expect(await page.textContent('main')).toContain('a.svg cannot be taken');
});
