import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { COMMAND, SYSTEM } from '../../src/shared/actor.ts';
import { PASSWORD } from '../support/app.ts';
import { openBrowser, openContext, overflows, PHONE, picture, startOwnApp, violations } from '../support/browser.ts';
import { follow, signInByKeys, tabTo, typeInto } from '../support/keyboard.ts';
import { leavers, readyToSend, reference } from '../support/waves.ts';

/** A German customer's low score becomes a complaint, goes through five steps to "not quite", and to their yes. */
let running: Awaited<ReturnType<typeof startOwnApp>>;
let browser: Browser;
let anna: Page;
/** What axe looks at of the customer's pages: it needs scripts. */
let reader: Page;
let invitationId: string;

const WORDS = 'Seit drei Wochen tropft die Maschine, und niemand ruft zurück.';

beforeAll(async () => {
  running = await startOwnApp();
  const { app, clock } = running;
  const account = { language: 'en', password: PASSWORD, role: 'staff' as const };
  await app.accounts.createAccount({ ...account, email: 'anna@example.com', name: 'Anna Berg' });
  const { senderId } = await readyToSend(app);
  const active = { language: 'de', title: 'Herr', status: 'active' as const, leftOn: null, yearlyValueMinor: 432_000 };
  await app.customers.upsertMany(
    SYSTEM,
    leavers(1, () => active, 1),
  );
  const asking = (await app.questionnaires.list()).find((each) => each.programme.key === 'satisfaction');
  const input = { name: 'Herbst', audience: {}, expiresDays: 60, questionnaireId: asking?.id ?? '' };
  const wave = await app.invitations.createWave(COMMAND, { ...input, senderAccountId: senderId });
  if (!wave.ok) throw new Error(JSON.stringify(wave.errors));
  await app.invitations.startWave(COMMAND, wave.value.id);
  clock.advance({ minutes: 10 });
  await app.runDue();
  const { id } = await running.storage.read.selectFrom('invitation').select('id').executeTakeFirstOrThrow();
  invitationId = id;
  browser = await openBrowser();
  reader = await (await openContext(browser, { ...PHONE, language: 'de' })).newPage();
  anna = await (await openContext(browser)).newPage();
  await signInByKeys(anna, running.baseUrl, 'anna@example.com');
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await running?.close();
});

async function sound(page: Page, name: string): Promise<void> {
  await picture(page, `cases-${name}`);
  expect([name, await violations(page)]).toEqual([name, []]);
  expect([name, await overflows(page)]).toEqual([name, 0]);
}

/** The same of a page without scripts. */
async function soundForThem(page: Page, name: string): Promise<void> {
  await reader.goto(page.url());
  await sound(reader, name);
  expect([name, await overflows(page)]).toEqual([name, 0]);
}

/** The customer, on a phone, in German, without JavaScript. */
async function customer(path: string): Promise<Page> {
  const page = await (await openContext(browser, { ...PHONE, scripts: false, language: 'de' })).newPage();
  await page.goto(running.baseUrl + path);
  return page;
}

const press = (page: Page, button: string) => Promise.all([page.waitForEvent('load'), page.locator(button).click()]);

/** The lowest score, and why. */
async function answer(): Promise<void> {
  const home = `/q/${running.app.signer.sign('q', invitationId)}`;
  const page = await customer(`${home}/needs`);
  await page.locator('input[name=answer][value="1"]').check();
  await press(page, 'main form button.button');
  await page.goto(`${running.baseUrl}${home}/improve`);
  await page.locator('textarea').fill(WORDS);
  await press(page, 'main form button.button');
  await page.goto(`${running.baseUrl}${home}/check-answers`);
  await page.locator('main form button.button').last().click();
  await page.waitForSelector('.closed');
  await page.context().close();
}

const theCase = async () => {
  const found = await running.app.customers.findByReference(reference(1));
  const [one] = await running.app.recovery.cases.ofCustomer(running.storage.read, found?.id ?? '');
  if (!one) throw new Error('There is no case');
  return one;
};

async function signNext(step: string): Promise<void> {
  await typeInto(anna, anna.locator(`#said_${step}`), `Getan: ${step}.`);
  await follow(anna, anna.locator(`form:has(#said_${step}) button`));
}

async function workThrough(): Promise<void> {
  const order = await running.storage.read
    .selectFrom('case_step')
    .select('step')
    .where('state', '=', 'open')
    .orderBy('due_at')
    .orderBy('position')
    .execute();
  for (const { step } of order) await signNext(step);
  await tabTo(anna, anna.locator('#rootCause'));
  await anna.keyboard.press('t');
  await typeInto(anna, anna.locator('#action'), 'Rückrufe haben jetzt einen Namen und eine Uhrzeit.');
  await tabTo(anna, anna.locator('#outcome'));
  await anna.keyboard.press('p');
  await follow(anna, anna.locator('form:has(#rootCause) button'));
}

/** The same once more, without the page: its keys have been walked. */
async function workThroughQuietly(id: string): Promise<void> {
  const { cases, caseWork } = running.app.recovery;
  for (const step of ['apologise', 'act', 'empathy', 'make_good', 'follow_up'] as const)
    await caseWork.steps.sign(COMMAND, id, step, { said: 'Getan.', channel: 'visit' });
  const closing = { rootCause: 'delay', action: 'Die Dichtung ist getauscht.', outcome: 'put_right' };
  await running.storage.transaction((tx) => cases.close(tx, COMMAND, id, closing));
}

test('from a low score through five steps to "not quite", opening again, and the customer\u2019s yes', async () => {
  await answer();
  expect(await theCase()).toMatchObject({ kind: 'complaint', words: WORDS, state: 'open' });

  await anna.goto(`${running.baseUrl}/today`);
  await sound(anna, 'today');
  await follow(anna, anna.locator('.queue h3 a').first());
  await sound(anna, 'case');
  await workThrough();
  expect((await theCase()).state).toBe('closed');

  const { id } = await theCase();
  const path = new URL(running.app.recovery.cases.linkFor(id)).pathname;
  const asked = await customer(path);
  await soundForThem(asked, 'asked');
  await asked.locator('textarea[name=words]').fill('Sie tropft immer noch, nur langsamer.');
  await press(asked, 'form[action$="/words"] button');
  await soundForThem(asked, 'not-quite');
  expect((await theCase()).state).toBe('reopened');

  await anna.goto(`${running.baseUrl}/cases/${id}`);
  await sound(anna, 'reopened');
  await workThroughQuietly(id);
  await asked.goto(running.baseUrl + path);
  await press(asked, 'form[action$="/settled"] button');
  await soundForThem(asked, 'settled');
  expect(await theCase()).toMatchObject({ state: 'closed', settled: 'yes' });
  await anna.setViewportSize({ width: 375, height: 740 });
  await anna.goto(`${running.baseUrl}/cases/${id}`);
  await sound(anna, 'closed-phone');
  await anna.goto(`${running.baseUrl}/today?view=unassigned`);
  await sound(anna, 'today-phone');
}, 90_000);
