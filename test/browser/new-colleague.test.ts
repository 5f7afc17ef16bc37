import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { colleague, COMMAND } from '../../src/shared/actor.ts';
import { PASSWORD } from '../support/app.ts';
import { openBrowser, openContext, overflows, PHONE, picture, startOwnApp, violations } from '../support/browser.ts';
import { follow, signInByKeys, tabTo, typeInto } from '../support/keyboard.ts';
import { linkTo } from '../support/letters.ts';
import { leavers, reference } from '../support/waves.ts';

/** The first twenty minutes of a new colleague, with the keys alone: from the invitation to a return that is settled. */
let running: Awaited<ReturnType<typeof startOwnApp>>;
let browser: Browser;
let nina: Page;

const NINA = 'nina@example.com';
const OWN_PASSWORD = 'three grey cups by the window';
const ANSWER = 'heute noch bringen wir Ihnen eine Leihmaschine.';
const MANY = 120;

beforeAll(async () => {
  running = await startOwnApp();
  const { accounts, customers, recovery } = running.app;
  const carla = { email: 'carla@example.com', name: 'Carla Dahl', role: 'administrator' as const };
  const { id } = await accounts.createAccount({ ...carla, language: 'en', password: PASSWORD });
  const question = 'Bekomme ich eine Leihmaschine?';
  const answer = { language: 'de', question, body: `{greeting}\n\n${ANSWER}`, reviewOn: '2027-05-03', approved: true };
  await recovery.library.create({ actor: colleague(id), role: 'administrator' }, { ...answer, ownerId: id });
  const active = { language: 'de', status: 'active' as const, leftOn: null, telephone: '+49 431 555100' };
  await customers.upsertMany(
    COMMAND,
    leavers(1, () => active, 1),
  );
  const customerId = (await customers.findByReference(reference(1)))?.id ?? '';
  const fresh = { kind: 'return', origin: 'hand', originId: null, language: 'de', customerId } as const;
  await running.storage.transaction((tx) => recovery.cases.open(tx, COMMAND, { ...fresh, words: 'Sie mahlt nicht.' }));
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await running?.close();
});

async function sound(name: string): Promise<void> {
  await picture(nina, `new-${name}`);
  expect([name, await violations(nina)]).toEqual([name, []]);
  const wide = nina.viewportSize();
  await nina.setViewportSize({ width: PHONE.width!, height: PHONE.height! });
  expect([name, await overflows(nina)]).toEqual([name, 0]);
  if (wide) await nina.setViewportSize(wide);
}

const words = async () => (await nina.textContent('main')) ?? '';
const step = (key: string) => nina.locator(`form:has(#said_${key}) button.button`);

/** An administrator invites; the letter's link leads in, and a second time to where one signs in. */
async function join(): Promise<void> {
  const carla = await (await openContext(browser)).newPage();
  await signInByKeys(carla, running.baseUrl, 'carla@example.com');
  await carla.goto(`${running.baseUrl}/settings/people`);
  await typeInto(carla, carla.locator('main [name=name]'), 'Nina Falk');
  await typeInto(carla, carla.locator('main [name=email]'), NINA);
  await follow(carla, carla.getByRole('button', { name: 'Send the invitation' }));
  const link = running.baseUrl + (await linkTo(running.app, NINA));
  nina = await (await openContext(browser)).newPage();
  await nina.goto(link);
  await sound('welcome');
  await typeInto(nina, nina.locator('[name=password]'), OWN_PASSWORD);
  await follow(nina, nina.getByRole('button', { name: 'Set password and begin' }));
  expect(new URL(nina.url()).pathname).toBe('/today');
  await nina.goto(link);
  await sound('spent');
  await follow(nina, nina.getByRole('link', { name: 'Sign in' }));
  expect(new URL(nina.url()).pathname).toBe('/today');
}

async function sendApprovedAnswer(): Promise<void> {
  await tabTo(nina, nina.getByText('Write to them', { exact: true }), MANY);
  await nina.keyboard.press('Enter');
  await typeInto(nina, nina.locator('#find-answer'), 'Leihmaschine');
  await Promise.all([nina.waitForEvent('load'), nina.keyboard.press('Enter')]);
  await follow(nina, nina.getByRole('link', { name: /^Insert/ }), MANY);
  expect(await nina.locator('#mailWords').inputValue()).toContain(ANSWER);
  await follow(nina, nina.getByRole('button', { name: 'Send', exact: true }), MANY);
  expect(await words()).toContain('Your mail is on its way.');
}

async function close(): Promise<void> {
  await tabTo(nina, nina.locator('#rootCause'), MANY);
  await nina.keyboard.press('q');
  await typeInto(nina, nina.locator('#action'), 'Das Mahlwerk ist neu.');
  await tabTo(nina, nina.locator('#outcome'));
  await nina.keyboard.press('p');
  await follow(nina, nina.locator('form:has(#rootCause) button'));
}

/** What they say on the telephone, once it is closed. */
async function hear(key: string, said: string): Promise<void> {
  await tabTo(nina, nina.getByRole('link', { name: 'Did the customer tell you whether it is settled?' }));
  await nina.keyboard.press('Enter');
  await tabTo(nina, nina.locator('#answer'), 3);
  await nina.keyboard.press(key);
  await typeInto(nina, nina.locator('#theirWords'), said);
  await sound(`heard-${key}`);
  await follow(nina, nina.getByRole('button', { name: 'Note what they said' }));
}

test('a new colleague comes in, works a return to the customer’s word on the telephone, and reports somebody', async () => {
  await join();
  await follow(nina, nina.locator('.queue h3 a').first());
  for (const key of ['apologise', 'act', 'empathy', 'make_good', 'follow_up']) {
    await typeInto(nina, nina.locator(`#said_${key}`), 'Die Mühle wird geholt und ersetzt.');
    await follow(nina, step(key));
    if (key === 'apologise') await sendApprovedAnswer();
  }
  await close();
  await hear('n', 'Die Versandkosten fehlen noch.');
  expect(await words()).toMatch(/says now: not quite settled[^]*Die Versandkosten fehlen noch\./);
  for (const key of ['apologise', 'act', 'empathy', 'make_good', 'follow_up']) {
    await typeInto(nina, nina.locator(`#said_${key}`), 'Die Versandkosten sind überwiesen.');
    await follow(nina, step(key));
  }
  await close();
  await hear('i', 'Jetzt passt alles.');
  expect(await words()).toMatch(/The customer told Nina Falk that it is settled/);
  await sound('settled');

  await follow(nina, nina.getByRole('link', { name: 'Unhappy customer?' }));
  await typeInto(nina, nina.locator('#who'), 'Frau Böhm');
  await typeInto(nina, nina.locator('#what'), 'Die Kanne ist undicht.');
  await follow(nina, nina.locator('main form button.button'));
  expect(await words()).toContain('Frau Böhm');
  await sound('reported');
});
