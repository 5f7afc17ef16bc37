import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { COMMAND } from '../../src/shared/actor.ts';
import { PASSWORD } from '../support/app.ts';
import {
  openBrowser,
  openContext,
  overflows,
  PHONE,
  picture,
  startOwnApp,
  violations,
  wordsOn,
} from '../support/browser.ts';
import { follow, signInByKeys, tabTo } from '../support/keyboard.ts';

/** A customer who cannot pay finds a way, without JavaScript and on a phone; a happy one puts in a word. */
let running: Awaited<ReturnType<typeof startOwnApp>>;
let browser: Browser;
let theirs: Page;
let colleague: Page;
let caseId: string;
let customerId: string;

beforeAll(async () => {
  running = await startOwnApp();
  const { accounts, customers, recovery } = running.app;
  const account = {
    language: 'en',
    password: PASSWORD,
    email: 'carla@example.com',
    name: 'Carla Dahl',
    title: 'Customer care',
  };
  const contactAccountId = (await accounts.createAccount({ ...account, role: 'manager' })).id;
  const place = {
    name: 'Rösterei Adler',
    address: 'Am Hafen 1\n24103 Kiel',
    telephone: '0431 555010',
    email: 'hallo@example.com',
  };
  await accounts.settings.saveCompany(COMMAND, place);
  const who = {
    reference: 'K-1',
    title: 'Frau',
    givenName: 'Kerstin',
    familyName: 'Brandes',
    email: 'kerstin@example.com',
  };
  const rest = {
    telephone: '0431 5550142',
    language: 'de',
    country: 'DE',
    legalBasis: 'contract' as const,
    contactAccountId,
  };
  const since = { legalBasisSource: 'shop', legalBasisOn: '2025-01-01', customerSince: '2021-11-12' };
  const [added] = await customers.upsertMany(COMMAND, [{ ...who, ...rest, ...since }]);
  customerId = added?.id ?? '';
  const invoice = { customerReference: 'K-1', issuedOn: '2026-09-01', dueOn: '2026-10-01', paidOn: null };
  await customers.addInvoices(COMMAND, [
    { ...invoice, number: 'R-4711', amountMinor: 23_400 },
    { ...invoice, number: 'R-4720', amountMinor: 9601 },
  ]);
  caseId = (await recovery.cases.openOf(running.storage.read, [customerId])).get(customerId)?.[0]?.id ?? '';
  browser = await openBrowser();
  theirs = await (await openContext(browser, { ...PHONE, scripts: false })).newPage();
  colleague = await (await openContext(browser)).newPage();
  await signInByKeys(colleague, running.baseUrl, 'carla@example.com');
});

afterAll(async () => {
  await browser?.close();
  await running?.close();
});

/** Without faults that axe knows, and nobody has to scroll sideways. Axe itself needs a page that runs scripts. */
async function sound(page: Page, name: string): Promise<void> {
  await picture(page, `attentions-${name}`);
  expect([name, await overflows(page)]).toEqual([name, 0]);
  const looking = page === theirs ? await (await openContext(browser, { ...PHONE, dark: true })).newPage() : page;
  if (looking !== page) await looking.goto(page.url());
  if (looking !== page) await picture(looking, `attentions-${name}-dark`);
  expect([name, await violations(looking)]).toEqual([name, []]);
  if (looking !== page) await looking.context().close();
}

test('somebody who cannot pay chooses a call, tells what happened, and suggests a plan that is agreed', async () => {
  await theirs.goto(`${running.app.recovery.cases.linkFor(caseId)}/plan`);
  await sound(theirs, 'plan');
  await theirs.getByRole('link', { name: 'Bitte rufen Sie mich an' }).click();
  await sound(theirs, 'call');
  await theirs.getByRole('radio').first().check();
  await theirs.getByRole('button').click();
  expect(await wordsOn(theirs)).toContain('Wir rufen Sie an');
  await theirs.getByRole('link', { name: 'Ich möchte in Teilen zahlen' }).click();
  await theirs.getByRole('button').click();
  await sound(theirs, 'instalments');
  await theirs.getByRole('button', { name: 'Das vorschlagen' }).click();
  await theirs.getByRole('link', { name: 'Ich möchte sagen, was los ist' }).click();
  await sound(theirs, 'words');
  await theirs.getByRole('textbox').fill('Die Terrasse war fünf Wochen gesperrt.');
  await theirs.getByRole('button').click();
  await sound(theirs, 'standing');

  await colleague.goto(`${running.baseUrl}/cases/${caseId}/plan`);
  await sound(colleague, 'staff');
  await follow(colleague, colleague.getByRole('button', { name: 'Agree to this' }), 90);
  expect(await colleague.innerText('main')).toContain('Agreed plan');
  await colleague.setViewportSize({ width: 390, height: 844 });
  await sound(colleague, 'staff-phone');
  await colleague.setViewportSize({ width: 1280, height: 900 });
  await theirs.reload();
  expect(await theirs.innerText('main')).toContain('Das haben wir vereinbart');
});

test('cards and references stand where colleagues find them, and a happy customer puts in a word', async () => {
  await colleague.goto(`${running.baseUrl}/anniversaries`);
  await sound(colleague, 'anniversaries');
  await tabTo(colleague, colleague.getByLabel('Greet customers on their anniversary'), 90);
  await colleague.keyboard.press('Space');
  await follow(colleague, colleague.getByRole('button', { name: 'Save' }), 60);
  expect(await colleague.innerText('main')).toContain('is thanked on the day');

  const { recovery, loyalty } = running.app;
  const closing = { rootCause: 'payment', action: 'agreed', outcome: 'agreed', noQuestion: 'talked' };
  await running.storage.transaction((tx) => recovery.cases.close(tx, COMMAND, caseId, closing));
  const said = { customer_id: customerId, response_id: customerId, score: 5, said_at: '2026-10-10T08:00:00.000Z' };
  await running.storage.transaction((tx) => tx.insertInto('contentment').values(said).execute());
  await colleague.goto(`${running.baseUrl}/customers/${customerId}/trust`);
  await sound(colleague, 'trust');
  await follow(colleague, colleague.getByRole('button', { name: 'Ask by e-mail' }), 60);
  const { asks } = await loyalty.trust.ofCustomer(running.storage.read, customerId);
  await theirs.goto(loyalty.trust.linkFor(asks[0]?.id ?? ''));
  await sound(theirs, 'word');
  await theirs.getByRole('button', { name: 'Sie dürfen mich fragen' }).click();
  await theirs.getByLabel('Wem haben Sie es gesagt?').fill('das Café nebenan');
  await theirs.getByRole('button', { name: 'Ich habe es weitergesagt' }).click();
  await sound(theirs, 'thanks');
  await colleague.goto(`${running.baseUrl}/references`);
  await sound(colleague, 'references');
});
