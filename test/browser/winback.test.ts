import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { COMMAND } from '../../src/shared/actor.ts';
import { PASSWORD } from '../support/app.ts';
import { openBrowser, openContext, overflows, PHONE, picture, startOwnApp, violations } from '../support/browser.ts';
import { follow, signInByKeys, tabTo, typeInto } from '../support/keyboard.ts';
import { leavers } from '../support/waves.ts';

/** One conversation with the keys alone: found in the queue, listened to, written down, and ended with the reason known. */
let running: Awaited<ReturnType<typeof startOwnApp>>;
let browser: Browser;
let customerId: string;

beforeAll(async () => {
  running = await startOwnApp();
  const { accounts, customers, recovery } = running.app;
  const anna = { email: 'anna@example.com', name: 'Anna Berg', role: 'staff' as const };
  await accounts.createAccount({ ...anna, language: 'en', password: PASSWORD });
  const more = { telephone: '0431 555 100', language: 'de', customerSince: '2019-03-01', yearlyValueMinor: 84_000 };
  const [made] = await customers.upsertMany(
    COMMAND,
    leavers(3, () => more),
  );
  customerId = made!.id;
  const gift = {
    amount: null,
    forWhom: 'everyone' as const,
    reasons: [],
    leastWorthMinor: 0,
    leastRole: 'staff' as const,
  };
  const limits = {
    perCustomer: 1,
    perYear: null,
    most: 50,
    codeKind: 'generated' as const,
    code: '',
    validDays: 60,
    endsOn: null,
  };
  const offer = { name: { en: 'Tasting box', de: 'Probierpaket' }, kind: 'gift' as const, costMinor: 1250 };
  await recovery.offers.create(COMMAND, { ...offer, ...gift, ...limits });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await running?.close();
});

async function sound(page: Page, name: string): Promise<void> {
  await picture(page, `winback-${name}`);
  expect([name, await violations(page)]).toEqual([name, []]);
  const wide = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 740 });
  await picture(page, `winback-${name}-phone`);
  expect([name, await overflows(page)]).toEqual([name, 0]);
  if (wide) await page.setViewportSize(wide);
}

test('a colleague wins somebody back with the keyboard alone', async () => {
  const page = await (await openContext(browser)).newPage();
  await signInByKeys(page, running.baseUrl, 'anna@example.com');
  await page.goto(`${running.baseUrl}/winback?view=free`);
  await sound(page, 'queue');
  await follow(page, page.locator(`form[action="/winback/${customerId}/case"] button`));
  await sound(page, 'before');
  await follow(page, page.getByRole('button', { name: 'Begin the call' }));
  await typeInto(page, page.locator('#said'), 'Zweimal kam niemand, und keiner hat angerufen.');
  await tabTo(page, page.locator('#reason'));
  await page.keyboard.type('Date not kept');
  const save = page.getByRole('button', { name: 'Save as draft' });
  await tabTo(page, save);
  await page.keyboard.press('Enter');
  await page.locator('[data-kept]', { hasText: 'Saved' }).waitFor();
  expect(await save.evaluate((element) => element.matches(':focus'))).toBe(true);
  // What may be offered for this reason stands beside it without another page.
  await page.locator('[data-by-reason]', { hasText: 'Tasting box' }).waitFor();
  await tabTo(page, page.locator('#outcome'));
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await sound(page, 'call');
  await follow(page, page.getByRole('button', { name: 'Finish the call' }));
  await page.goto(`${running.baseUrl}/winback?view=later`);
  await follow(page, page.getByRole('link', { name: /^Call sheet/ }));
  await follow(page, page.getByRole('link', { name: 'Give an offer' }));
  await sound(page, 'give');
  await tabTo(page, page.locator('#offer'));
  await page.keyboard.press('Space');
  await follow(page, page.getByRole('button', { name: 'Give this' }));
  expect(await page.getByRole('status').textContent()).toMatch(/Code: [A-Z0-9]{4}-[A-Z0-9]{4}/);
  // The conversation goes on where it was.
  expect(new URL(page.url()).pathname).toMatch(/^\/cases\/[^/]+\/call$/);
  await page.goto(`${running.baseUrl}/offers`);
  await sound(page, 'offers');
  await page.goto(`${running.baseUrl}/next-needs`);
  await sound(page, 'needs');
});

test('whoever was written to says no with one press, without scripts', async () => {
  const { app } = running;
  const [made] = await app.customers.upsertMany(
    COMMAND,
    leavers(1, () => ({ language: 'nb' }), 40),
  );
  const actor = { kind: 'account' as const, id: (await app.accounts.colleagues())[0]!.id };
  const sheet = await app.recovery.winback.sheet(await app.recovery.winback.openFor(actor, made!.id));
  await app.recovery.winback.letters.write(actor, sheet, 'ask', null);
  await app.mailer.sendDue();
  const page = await (await openContext(browser, { ...PHONE, scripts: false, language: 'nb' })).newPage();
  await page.goto(`${running.baseUrl}${await linkOf(made!.id)}`);
  await picture(page, 'winback-opt-out');
  expect(await overflows(page)).toBe(0);
  await follow(page, page.getByRole('button'));
  expect(await page.locator('h1').textContent()).toBe('Det er notert');
  expect((await app.customers.get(made!.id)).unsubscribedAt).not.toBeNull();
});

async function linkOf(id: string): Promise<string> {
  const { email } = await running.app.customers.get(id);
  const query = running.storage.read.selectFrom('captured_mail').select('text').where('envelope_to', '=', email);
  const { text } = await query.executeTakeFirstOrThrow();
  return new URL(/http\S+\/u\/\S+/.exec(text)?.[0] ?? '').pathname;
}
