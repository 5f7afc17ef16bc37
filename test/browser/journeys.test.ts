import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { TestApp } from '../support/app.ts';
import {
  openBrowser,
  openContext,
  overflows,
  PHONE,
  picture,
  startOwnApp,
  violations,
  type View,
} from '../support/browser.ts';
import { follow, tabTo } from '../support/keyboard.ts';

/** One story, told in order: the business is set up, imports, sends, is answered, codes, and reads why. */
let running: TestApp;
let browser: Browser;

beforeAll(async () => {
  running = await startOwnApp();
  await running.app.start();
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await running?.close();
});

const PASSWORD = 'ein langer Satz als Passwort';
const EMAIL = 'miriam@example.com';

async function newPage(view: View = {}): Promise<Page> {
  return await (await openContext(browser, view)).newPage();
}

async function signedIn(view: View = {}): Promise<Page> {
  const page = await newPage(view);
  await page.goto(`${running.baseUrl}/sign-in`);
  await page.fill('[name=email]', EMAIL);
  await page.fill('[name=password]', PASSWORD);
  await page.click('main button');
  await page.waitForURL((url) => url.pathname !== '/sign-in');
  return page;
}

/** The page has no fault that axe knows and nobody has to scroll sideways; a picture is kept where one is wanted. */
async function sound(page: Page, name: string): Promise<void> {
  await picture(page, name);
  expect([name, await violations(page)]).toEqual([name, []]);
  expect([name, await overflows(page)]).toEqual([name, 0]);
}

test('first run: the one-time link, the company, its languages', async () => {
  const link = await running.app.accounts.setupLink();
  const page = await newPage();
  await page.goto(link ?? '');
  await sound(page, 'first-run');
  await page.fill('[name=password]', 'kurz');
  await page.click('main button.button');
  await page.locator('.summary').waitFor();
  await page.fill('[name=name]', 'Miriam Adler');
  await page.fill('[name=email]', EMAIL);
  await page.fill('[name=password]', PASSWORD);
  await page.click('main button.button');
  await page.waitForURL('**/setup');
  await sound(page, 'set-up');
  await page.goto(`${running.baseUrl}/settings/company`);
  await page.fill('[name=name]', 'Hollerbach Kaffee');
  await page.fill('[name=address]', 'Speicherstraße 14\n24103 Kiel');
  await page.fill('[name=telephone]', '+49 431 5550100');
  await page.fill('[name=email]', 'hallo@example.com');
  await page.locator('main form').first().locator('button.button').click();
  await page.goto(`${running.baseUrl}/settings/languages`);
  await sound(page, 'languages');
  await page.locator('main button[form="approval"]').click();
  await page.goto(`${running.baseUrl}/setup`);
  await page.locator('form[action="/setup"] button.button').click();
  await page.waitForLoadState();
  const used = await newPage();
  await used.goto(link ?? '');
  expect(await used.locator('[name=password]').count()).toBe(0);
});

const GOOD = Array.from({ length: 12 }, (_, i) => {
  const email = i === 0 ? 'anneliese@example.com' : `kundin${i}@example.com`;
  return `K-${100 + i};Frau;Anneliese;Brandes${i};${email};de;gegangen;${20 + (i % 5)}.10.2026;${200 + i * 10},50`;
});
const HEADER = 'Kundennummer;Anrede;Vorname;Nachname;E-Mail;Sprache;Status;Gegangen am;Jahresumsatz';

test('import: the bad rows are shown in place, the good ones come in, and can be undone', async () => {
  const page = await signedIn();
  const rows = [
    HEADER,
    ...GOOD,
    'K-200;Herr;Ali;Yıldız;ali@example,com;de;gegangen;21.10.2026;310,00',
    'K-201;Herr;Tom;Krug;tom@example.com;de;gegangen;31.02.2026;310,00',
    ';Frau;Bente;Aas;bente@example.com;de;gegangen;21.10.2026;264,00',
  ];
  await page.goto(`${running.baseUrl}/customers/imports/new`);
  await sound(page, 'import-new');
  await page.setInputFiles('[name=file]', {
    name: 'kunden-oktober.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(rows.join('\r\n'), 'latin1'),
  });
  await page.selectOption('[name=legalBasis]', 'contract');
  await page.fill('[name=legalBasisSource]', 'Bestellformular');
  await page.fill('[name=legalBasisOn]', '2024-01-01');
  await page.click('main form button.button');
  await page.waitForSelector('.cell-bad');
  await sound(page, 'import-check');
  expect(await page.locator('.cell-bad').count()).toBe(3);
  await page.locator('form.row button.button').first().click();
  await page.waitForSelector('form.row.noprint button');
  await sound(page, 'import-done');
  expect(await running.app.customers.count({}, 100)).toBe(12);
  await page.goto(`${running.baseUrl}/customers`);
  await sound(page, 'customers');
  await page.goto(`${running.baseUrl}/customers?q=Brandes3`);
  await page.click('main table a, main .queue a');
  await sound(page, 'customer');
});

let links: string[] = [];

test('send: who is written to, a letter in German, a button with the count, everybody accounted for', async () => {
  const page = await signedIn();
  await page.goto(`${running.baseUrl}/waves/new`);
  await sound(page, 'wave-new');
  await page.fill('[name=name]', 'Gegangen im Herbst');
  await page.selectOption('[name=status]', 'left');
  await page.locator('main form button.button').last().click();
  await page.waitForLoadState();
  await sound(page, 'wave-check');
  const start = page.locator('button.button', { hasText: '12' });
  await start.click();
  await page.waitForLoadState();
  await tabTo(page, page.getByRole('button', { name: 'Pause' }));
  running.clock.advance({ minutes: 6 });
  await running.app.runDue();
  // Nobody presses anything: the page renews itself while the wave is under way.
  await page.locator('h1 ~ * .tag, .row .tag', { hasText: 'Finished' }).waitFor();
  // What was under the finger is gone: the keyboard goes on at the heading.
  expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
  await sound(page, 'wave');
  expect(await page.locator('table.ledger').first().innerText()).toContain('12');
  await page.goto(`${running.baseUrl}/outbox`);
  await sound(page, 'outbox');
  const administrator = { isAdministrator: true };
  const { rows } = await running.app.mailer.outbox.list(null, administrator);
  const letters = await Promise.all(rows.map(({ id }) => running.app.mailer.outbox.get(id, administrator)));
  links = letters.flatMap(({ text }) => /https?:\/\/\S+\/q\/[\w-]+/.exec(text) ?? []);
  expect(links).toHaveLength(12);
});

test('answer in German with the keyboard only, leave, go on with another device, send', async () => {
  const link = links[0] ?? '';
  const page = await newPage({ language: 'de' });
  await page.goto(link);
  expect(await page.getAttribute('html', 'lang')).toBe('de');
  expect(await page.innerText('h1')).toBe(
    'Was ist passiert, bevor Sie sich entschieden haben, nicht mehr bei uns zu kaufen?',
  );
  await sound(page, 'question');
  await tabTo(page, page.locator('textarea'));
  await page.keyboard.type(
    'Ich habe dreimal angerufen. Jedes Mal war jemand sehr freundlich, und jedes Mal ist danach nichts passiert.',
  );
  await tabTo(page, page.locator('main form button.button'));
  await page.keyboard.press('Enter');
  await page.waitForSelector('.choices');
  await page.context().close();

  const phone = await newPage({ ...PHONE, dark: true, scripts: false, language: 'de' });
  await phone.goto(link);
  expect(await phone.locator('.choices').count()).toBe(1);
  await picture(phone, 'list-phone-dark-without-scripts');
  const [first, second] = [phone.locator('.choices input').nth(0), phone.locator('.choices input').nth(1)];
  for (const box of [first, second]) {
    await tabTo(phone, box);
    await phone.keyboard.press('Space');
  }
  await tabTo(phone, phone.locator('main form button.button'));
  await phone.keyboard.press('Enter');
  await phone.waitForSelector('.choices input[type=radio]');
  await picture(phone, 'most-phone-dark-without-scripts');
  await tabTo(phone, phone.locator('.choices input[type=radio]').first());
  await phone.keyboard.press('Space');
  for (let steps = 0; steps < 6 && !/check-answers/.test(phone.url()); steps++)
    await follow(phone, phone.locator('main form button.button'));
  await picture(phone, 'check-phone-dark-without-scripts');
  await tabTo(phone, phone.locator('main form button.button').last());
  await phone.keyboard.press('Enter');
  await phone.waitForSelector('.closed');
  await picture(phone, 'thanks-phone-dark-without-scripts');
  expect(await phone.innerText('h1')).toMatch(/^Danke/);
  const again = await newPage({ language: 'de' });
  await again.goto(link);
  await sound(again, 'thanks');
});

test('an answer that is too long is explained at its place, and nothing typed is lost', async () => {
  const page = await newPage({ language: 'de' });
  await page.goto(links[1] ?? '');
  await page.fill('textarea', '🙂'.repeat(5_100));
  await page.click('main form button.button');
  await page.waitForSelector('.summary');
  await sound(page, 'question-error');
  expect(await page.title()).toMatch(/^Fehler: /);
  expect(await page.evaluate("document.activeElement.classList.contains('summary')")).toBe(true);
  expect((await page.inputValue('textarea')).length).toBe(10_200);
});

/** Answers as somebody does who only writes. */
async function answerBriefly(link: string, words: string): Promise<void> {
  const page = await newPage({ scripts: false, language: 'de' });
  await page.goto(link);
  await page.fill('textarea', words);
  await page.click('main form button.button');
  for (let steps = 0; steps < 8 && !/check-answers/.test(page.url()); steps++)
    await page.locator('main form button.button').click();
  await page.waitForLoadState();
  await page.locator('main form button.button').last().click();
  await page.waitForSelector('.closed');
  await page.context().close();
}

test('code ten answers with the keys', async () => {
  for (const [i, link] of links.slice(2, 11).entries()) {
    await answerBriefly(
      link,
      `Der Preis ist zweimal gestiegen, und niemand hat uns vorher etwas gesagt. Das war mein ${i + 2}. Anlauf, es zu erklären.`,
    );
  }
  const page = await signedIn();
  await page.goto(`${running.baseUrl}/answers`);
  await page.waitForSelector('[data-desk]');
  await sound(page, 'desk');
  for (let coded = 0; coded < 10; coded++) {
    await page.locator('body').press('1');
    await page.locator('body').press('m');
    await page.locator('body').press('1');
    // The keys work once all of the next page is there.
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  }
  expect(await page.locator('[data-desk]').count()).toBe(0);
  await sound(page, 'desk-done');
});

test('read the report and open a verbatim', async () => {
  const page = await signedIn();
  await page.goto(`${running.baseUrl}/leaving`);
  await sound(page, 'leaving');
  expect(await page.innerText('tfoot')).toContain('12');
  await page.locator('table.reflow tbody th a').first().click();
  await page.waitForSelector('blockquote.voice');
  await sound(page, 'verbatims');
  expect(await page.content()).not.toContain('Brandes');
  await page.locator('article form button').first().click();
  await page.waitForURL('**/customers/*');
  expect(await page.content()).toContain('Brandes');
  await page.goto(`${running.baseUrl}/settings/audit`);
  await sound(page, 'audit');
  expect(await page.innerText('main')).toContain('Opened the customer behind an answer');
});

const STAFF_PAGES = [
  '/customers',
  '/customers/new',
  '/customers/imports',
  '/customers/duplicates',
  '/customers/duplicates/different',
  '/exceptions',
  '/comments',
  '/waves',
  '/waves/new',
  '/questionnaires',
  '/answers',
  '/codebook/leaving',
  '/leaving',
  '/value',
  '/settings',
  '/settings/people',
  '/settings/people/:id/handing-over',
  '/settings/mail',
  '/outbox',
  '/me',
  '/search?q=Brandes',
];

test.each([
  ['phone', PHONE],
  ['dark', { dark: true }],
  ['phone without scripts', { ...PHONE, scripts: false }],
] as [string, View][])('every staff page on a %s screen', async (name, view) => {
  const page = await signedIn(view);
  const [me] = (await running.app.accounts.colleagues()).map(({ id }) => id);
  for (const path of STAFF_PAGES.map((each) => each.replace(':id', me ?? ''))) {
    const response = await page.goto(running.baseUrl + path);
    expect([path, response?.status()]).toEqual([path, 200]);
    await picture(page, `${name}${path.replace(/\W+/g, '-')}`);
    expect([path, await overflows(page)]).toEqual([path, 0]);
    if (view.scripts !== false) expect([path, await violations(page)]).toEqual([path, []]);
  }
});
