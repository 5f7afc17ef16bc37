import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { PASSWORD, type TestApp } from '../support/app.ts';
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

let running: TestApp;
let browser: Browser;
let id: string;

beforeAll(async () => {
  running = await startOwnApp();
  browser = await openBrowser();
  const account = { email: 'carla@example.com', name: 'Carla Dahl', role: 'manager' as const, language: 'en' };
  await running.app.accounts.createAccount({ ...account, password: PASSWORD });
  const { questionnaires } = running.app;
  id = (await questionnaires.list())[0]!.id;
  // Something to find fault with: a leading question, a missing text, a condition.
  await questionnaires.edit(id, 1, (draft) => {
    const [first, ...others] = draft.questions;
    const text = { ...first!.text, en: 'Did you not like our prices?', nl: '' };
    return { ...draft, questions: [{ ...first!, text }, ...others] };
  });
});

afterAll(async () => {
  await browser?.close();
  await running?.close();
});

async function signedIn(view: View): Promise<Page> {
  const page = await (await openContext(browser, view)).newPage();
  await page.goto(`${running.baseUrl}/sign-in`);
  await page.fill('[name=email]', 'carla@example.com');
  await page.fill('[name=password]', PASSWORD);
  await page.click('main button');
  await page.waitForURL((url) => url.pathname !== '/sign-in');
  return page;
}

const PAGES = ['', '/questions/happened', '/questions/reasons', '/letter', '/languages', '/read', '/versions'];
const PREVIEWS = ['/preview', '/preview?page=reasons', '/preview?page=happened', '/questions/now/remove'];

test.each([
  ['wide', {}],
  ['phone', PHONE],
  ['dark', { dark: true }],
  ['without scripts', { scripts: false }],
] as [string, View][])('pages of questionnaires have no fault that axe knows, and fit (%s)', async (name, view) => {
  const page = await signedIn(view);
  for (const path of ['/questionnaires', ...[...PAGES, ...PREVIEWS].map((each) => `/questionnaires/${id}${each}`)]) {
    await page.goto(running.baseUrl + path);
    await picture(page, `questionnaires-${name}-${path.replaceAll(/[^a-z]+/g, '-').slice(-30)}`);
    if (view.scripts !== false) expect([path, await violations(page)]).toEqual([path, []]);
    expect([path, await overflows(page)]).toEqual([path, 0]);
  }
});

test('a question is edited, published and approved with the keyboard alone and no scripts', async () => {
  const page = await signedIn({ scripts: false });
  const at = `${running.baseUrl}/questionnaires/${id}`;
  await page.goto(`${at}/questions/happened`);
  await page.focus('[name="text.en"]');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('What happened?');
  await page.focus('[name="text.nl"]');
  await page.keyboard.type('Wat is er gebeurd?');
  await page.focus('button[value=save]:not([hidden])');
  await page.keyboard.press('Enter');
  await page.waitForURL(/#q-happened$/);
  await page.focus('form[action$="/publish"] button');
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=Version 2 is published.');
  await page.focus('button:has-text("approve German")');
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=Reviewed by Carla Dahl on');
  const { latest } = await running.app.questionnaires.get(id);
  expect([latest?.number, await running.app.questionnaires.offeredLanguages(latest!.id)]).toEqual([2, ['de']]);
});
