import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { COMMAND, SYSTEM } from '../../src/shared/actor.ts';
import { PASSWORD } from '../support/app.ts';
import { openBrowser, openContext, startOwnApp, violations } from '../support/browser.ts';
import { signInByKeys, tabTo, typeInto } from '../support/keyboard.ts';
import { leavers } from '../support/waves.ts';

/** Enter in a line of a form must not send a mail, approve an answer or hand cases to somebody. */
let running: Awaited<ReturnType<typeof startOwnApp>>;
let browser: Browser;
let page: Page;
let caseId: string;
let customerId: string;

beforeAll(async () => {
  running = await startOwnApp();
  const { app, storage } = running;
  const account = { email: 'carla@example.com', name: 'Carla Dahl', role: 'manager' as const };
  await app.accounts.createAccount({ ...account, language: 'en', password: PASSWORD });
  const active = { language: 'de', status: 'active' as const, leftOn: null };
  const [made] = await app.customers.upsertMany(
    COMMAND,
    leavers(1, () => active),
  );
  customerId = made!.id;
  const from = { kind: 'complaint', customerId, origin: 'hand', originId: null, language: 'de' } as const;
  const opened = await storage.transaction((tx) =>
    app.recovery.cases.open(tx, SYSTEM, { ...from, words: 'Die Maschine tropft.' }),
  );
  caseId = opened.caseId;
  browser = await openBrowser();
  page = await (await openContext(browser)).newPage();
  await signInByKeys(page, running.baseUrl, 'carla@example.com');
});

afterAll(async () => {
  await browser?.close();
  await running?.close();
});

/** Presses Enter where the focus is. @returns whether the page went anywhere or sent anything */
async function entered(): Promise<boolean> {
  const sent = page.waitForRequest((request) => request.isNavigationRequest(), { timeout: 1500 }).catch(() => null);
  await page.keyboard.press('Enter');
  return (await sent) !== null;
}

test('Enter in the subject of a mail sends nothing, and a greeting alone is not sent either', async () => {
  await page.goto(`${running.baseUrl}/cases/${caseId}/mail`);
  await tabTo(page, page.locator('#mailSubject'));
  expect(await entered()).toBe(false);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.textContent('main')).toContain('Only the greeting stands here so far.');
  expect(await running.app.recovery.mail.thread(caseId)).toMatchObject({ mails: [] });
});

test('Enter on the box of a warning sends nothing: neither a mail nor a step', async () => {
  const blames = 'Leider haben Sie uns das erst jetzt gesagt.';
  const warned = async (words: string, button: string) => {
    await page.fill(words, `Guten Tag,\n\n${blames}`);
    await page.locator(`form:has(${words}) button.button`, { hasText: button }).click();
    const box = page.locator(`form:has(${words}) input[name=anyway]`);
    await box.waitFor();
    await tabTo(page, box, 90);
    await page.keyboard.press('Space');
    expect(await entered()).toBe(false);
    expect(await box.isChecked()).toBe(true);
  };
  await page.goto(`${running.baseUrl}/cases/${caseId}/mail`);
  await warned('#mailWords', 'Send');
  await page.goto(`${running.baseUrl}/cases/${caseId}`);
  await page.check('input[name=mail_apologise]');
  expect(await entered()).toBe(false);
  await warned('#said_apologise', 'Sign this step');
  expect(await running.app.recovery.mail.thread(caseId)).toMatchObject({ mails: [] });
});

test('Enter in the form of a customer who may be known already asks again, and adds nobody', async () => {
  const { givenName, familyName, email } = (await running.app.customers.find(customerId))!;
  await page.goto(`${running.baseUrl}/customers/new`);
  await page.fill('#givenName', givenName);
  await page.fill('#familyName', familyName);
  await page.fill('#email', email);
  await page.locator('main button.button').last().click();
  await page.locator('button[name=anyway]').waitFor();
  await tabTo(page, page.locator('#familyName'));
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  await page.locator('button[name=anyway]').waitFor();
});

test('the way past the navigation covers nothing when it appears', async () => {
  await page.goto(`${running.baseUrl}/today`);
  await page.keyboard.press('Tab');
  expect(await page.locator('.skip').evaluate((element) => element.matches(':focus'))).toBe(true);
  expect(await violations(page)).toEqual([]);
});

test('Enter on a ticked case or in the line for a tag hands it to nobody, and tags it', async () => {
  for (const tag of ['', 'machine']) {
    await page.goto(`${running.baseUrl}/today?view=unassigned`);
    await tabTo(page, page.locator('.queue input[type=checkbox]').first());
    await page.keyboard.press('Space');
    if (tag) await typeInto(page, page.locator('input[name=tag]'), tag);
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
    await page.getByRole('status').waitFor();
    expect((await running.app.recovery.cases.get(caseId)).ownerId).toBeNull();
  }
  await page.goto(`${running.baseUrl}/cases/${caseId}`);
  expect(await page.textContent('main')).toContain('machine');
});

test('Enter in a line of a question saves it, and adds no reason to choose from', async () => {
  const { questionnaires } = running.app;
  const all = await questionnaires.list();
  const { id } = all.find(({ programme }) => programme.key === 'leaving')!;
  const reasons = async () => {
    const question = (await questionnaires.get(id)).draft.questions.find(({ kind }) => kind === 'reasons');
    if (question?.kind !== 'reasons') throw new Error('The questions for leavers have no list of reasons');
    return question;
  };
  const before = await reasons();
  await page.goto(`${running.baseUrl}/questionnaires/${id}/questions/${before.key}`);
  await tabTo(page, page.locator('input[type=number]').first());
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('15');
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  expect(new URL(page.url()).hash).toBe(`#q-${before.key}`);
  const after = (await reasons()).options.map(({ key }) => key);
  expect(after).not.toEqual(before.options.map(({ key }) => key));
  expect(after.toSorted()).toEqual(before.options.map(({ key }) => key).toSorted());
});

test('Enter in the question of an answer approves nothing', async () => {
  await page.goto(`${running.baseUrl}/playbook/answers/new`);
  await page.fill('#body', 'We bring you a loan machine today.');
  await typeInto(page, page.locator('#question'), 'Do I get a loan machine?');
  expect(await entered()).toBe(false);
  const texts = await running.storage.read.selectFrom('library_text').selectAll().execute();
  expect(texts).toEqual([]);
});
