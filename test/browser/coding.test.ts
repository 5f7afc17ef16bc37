import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { colleague } from '../../src/shared/actor.ts';
import { PASSWORD } from '../support/app.ts';
import { openBrowser, openContext, overflows, picture, startOwnApp, violations } from '../support/browser.ts';
import { thinnedCodebooks } from '../support/codebooks.ts';
import { startAnswering } from '../support/coding.ts';
import { follow, signInByKeys, tabTo, typeInto } from '../support/keyboard.ts';
import { saidByLeavers, type Said } from '../support/said.ts';

/** One story, told in order and with the keys alone: answers are read, audited and coded; a theme becomes a reason; two reasons one. */
let running: Awaited<ReturnType<typeof startOwnApp>>;
let browser: Browser;
let programmeId: string;
let annaId: string;
let anna: Page;
let carla: Page;
/** By the id of the response. */
const said = new Map<string, Said>();
/** The codes' English names and their ids, by their keys. */
const names = new Map<string, string>();
const ids = new Map<string, string>();

const COUNT = 300;
const BY_KEYS = 60;
const NEW_REASON = 'Dogs not allowed';
const codebooks = thinnedCodebooks(30);

beforeAll(async () => {
  running = await startOwnApp({ codebooks });
  const { accounts } = running.app;
  const account = { language: 'en', password: PASSWORD };
  const staff = { ...account, email: 'anna@example.com', name: 'Anna Berg', role: 'staff' as const };
  annaId = (await accounts.createAccount(staff)).id;
  await accounts.createAccount({ ...account, email: 'carla@example.com', name: 'Carla Dahl', role: 'manager' });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await running?.close();
  rmSync(codebooks, { recursive: true, force: true });
});

async function signedIn(email: string): Promise<Page> {
  const page = await (await openContext(browser)).newPage();
  await signInByKeys(page, running.baseUrl, email);
  return page;
}

/** The page has no fault that axe knows, and nobody has to scroll sideways. */
async function sound(page: Page, name: string): Promise<void> {
  await picture(page, `coding-${name}`);
  expect([name, await violations(page)]).toEqual([name, []]);
  expect([name, await overflows(page)]).toEqual([name, 0]);
}

async function soundOnPhone(page: Page, name: string): Promise<void> {
  const wide = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  await sound(page, `${name}-phone`);
  if (wide) await page.setViewportSize(wide);
}

const read = () => running.app.coding.opinions.work();
const main = (page: Page) => page.innerText('main');

async function learnTheCodes(): Promise<void> {
  const book = await running.app.coding.codebook(programmeId);
  for (const { key, id, name } of book?.codes ?? []) {
    names.set(key, name.en ?? '');
    ids.set(key, id);
  }
}

/** No answer carries both of the reasons that become one in the end: so every coding stays one of its own. */
const keepsItsCodings = ({ codes }: Said) => !(codes.includes('payment') && codes.includes('price'));

/** Answers in words alone, of customers who left this autumn. */
async function letThemAnswer(): Promise<void> {
  const { app, clock, storage } = running;
  const leaving = await startAnswering(storage, app, clock);
  ({ programmeId } = leaving);
  for (const each of saidByLeavers(COUNT, keepsItsCodings)) {
    const { responseId } = await leaving.answer({ words: each.words, language: each.language });
    said.set(responseId, each);
  }
  await storage.transaction(async (tx) => {
    await tx.updateTable('customer').set({ status: 'left', left_on: '2026-10-15', worth_minor: 30_000 }).execute();
  });
  expect(await app.reports.rebuildLeavers()).toBe(COUNT);
}

test('300 answers arrive uncoded; the desk suggests reasons with the words that speak for them', async () => {
  await letThemAnswer();
  await learnTheCodes();
  await read();
  anna = await signedIn('anna@example.com');
  await follow(anna, anna.locator('nav a[href="/answers"]'));
  await anna.waitForSelector('[data-desk]');
  await sound(anna, 'desk');
  expect(await main(anna)).toContain(`0 of ${COUNT} coded.`);
  const first = anna.locator('tr[data-key="1"]');
  const words = await anna.innerText('blockquote.voice.large');
  for (const why of (await first.locator('td.full').innerText()).split(' … ')) expect(words).toContain(why);
  expect(await first.locator('td.num').innerText()).toMatch(/^\d\d%$/);
  await tabTo(anna, anna.locator('[name=main]').first());
  await pressAll(anna, ['ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowUp']);
  expect(await anna.locator('[name=code]:checked').count()).toBe(1);
  expect(await first.locator('[name=code]').isChecked()).toBe(true);
  await save(anna);
  expect(await main(anna)).toContain(`1 of ${COUNT} coded.`);
});

async function pressAll(page: Page, keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Presses Enter, and waits for the next answer. */
async function save(page: Page): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
}

interface Row {
  share: string;
  /** As it stands there: '(8–15)', or why there is none. */
  interval: string;
}

/** The reasons of "Why they leave", by their names. */
async function reasonsOn(page: Page): Promise<Map<string, Row>> {
  const found = new Map<string, Row>();
  for (const row of await page.locator('section.reasons tbody tr:not(.unknown, .sub)').all()) {
    const [name = '', , coded = ''] = await row.locator('th, td').allInnerTexts();
    const [share = '', interval = ''] = coded.split(/\s/);
    found.set(name, { share, interval });
  }
  return found;
}

const widthOf = ({ interval }: Row): number => {
  const [, low, high] = /^\((\d+)–(\d+)\)$/.exec(interval) ?? [];
  return Number(high) - Number(low);
};

/** The points between both ends of an interval, summed over all reasons. */
const widthsOf = (rows: Map<string, Row>): number => [...rows.values()].reduce((sum, row) => sum + widthOf(row), 0);

/** As if chance had drawn none of them: what is told of the theme of dogs later needs some that were not. */
async function leaveOutDogs(): Promise<void> {
  const about = [...said].filter(([, { words }]) => /\bdogs?\b/i.test(words)).map(([id]) => id);
  await running.storage.transaction(async (tx) => {
    await tx.updateTable('coding_task').set({ inclusion: null }).where('response_id', 'in', about).execute();
  });
}

test('before the audit the shares are unverified; a manager draws one', async () => {
  carla = await signedIn('carla@example.com');
  await carla.waitForURL('**/leaving');
  await sound(carla, 'leaving-unverified');
  const rows = await reasonsOn(carla);
  expect(rows.size).toBeGreaterThan(8);
  expect(new Set([...rows.values()].map(({ interval }) => interval))).toEqual(new Set(['unverified']));
  await follow(carla, carla.locator('form[action="/leaving/audit"] button'));
  expect(carla.url()).toBe(`${running.baseUrl}/answers/leaving?queue=audit`);
  expect(await main(carla)).toMatch(/0 of \d{2,3} drawn answers checked\./);
  await sound(carla, 'drawn');
  await leaveOutDogs();
  // Whoever looked at an answer last has had it before them for an hour.
  running.clock.advance({ hours: 1 });
});

// Text, because it runs in the browser, whose types are not those of this program.
const SHOWN = `({
  id: document.querySelector('[name=response]').value,
  keys: Object.fromEntries([...document.querySelectorAll('tr[data-key]')].map(({ dataset }) => [dataset.name, dataset.key])),
})`;

/** Codes the answer on the page as a careful reader does, with the keys of the desk. */
async function codeByKeys(page: Page): Promise<void> {
  const { id, keys } = await page.evaluate<{ id: string; keys: Record<string, string> }>(SHOWN);
  const { codes } = said.get(id)!;
  const keyed = codes.filter((code) => names.get(code)! in keys);
  const typed = codes.filter((code) => !keyed.includes(code));
  const [main = ''] = codes;
  for (const code of keyed) await pressAll(page, [...(code === main ? ['m'] : []), keys[names.get(code)!]!]);
  for (const code of typed) await nameIt(page, code, code === main);
  await save(page);
}

const rowOf = (page: Page, code: string) => page.locator(`tr[data-name="${names.get(code)}"]`);

async function nameIt(page: Page, code: string, isMain: boolean): Promise<void> {
  await pressAll(page, isMain ? ['m', '/'] : ['/']);
  await page.keyboard.type(names.get(code)!);
  await page.keyboard.press('Enter');
  expect(await rowOf(page, code).locator('[type=checkbox]').isChecked()).toBe(true);
}

const given = async () =>
  [...(await running.app.coding.codingsOf([...said.keys()]))].map(([id, codings]) => ({
    id,
    codes: codings.filter(({ coderKind }) => coderKind === 'colleague'),
  }));

test('60 of the audit are coded with the keys alone', async () => {
  await follow(anna, anna.locator('nav a[href="/answers/leaving?queue=audit"]'));
  await sound(anna, 'audit');
  await soundOnPhone(anna, 'audit');
  for (let i = 0; i < BY_KEYS; i++) await codeByKeys(anna);
  expect(await main(anna)).toMatch(new RegExp(`${BY_KEYS} of \\d+ drawn answers checked\\.`));
  const coded = (await given()).filter(({ codes }) => codes.length > 0);
  // The first that she coded was drawn too, or was not.
  expect([BY_KEYS, BY_KEYS + 1]).toContain(coded.length);
  for (const { id, codes } of coded) {
    const [main, ...others] = said.get(id)!.codes;
    expect(codes.filter(({ isMain }) => isMain).map(({ key }) => key)).toEqual([main]);
    if (codes.length > 1) expect(codes.map(({ key }) => key).sort()).toEqual([main, ...others].sort());
  }
});

/** Codes the rest of the audit as fast as it goes. */
async function codeTheRest(): Promise<void> {
  const { desk, saveCoding } = running.app.coding;
  const next = () => desk.next(programmeId, annaId, { queue: 'audit', order: 'oldest', codeId: null });
  for (let place = await next(); place; place = await next()) {
    const [main, ...others] = said.get(place.responseId)!.codes.map((key) => ids.get(key)!);
    const codeIds = [main!, ...others];
    await saveCoding(colleague(annaId), { ...place, codeIds, mainCodeId: main, blind: true });
  }
}

test('then every share has its interval, and more coded answers make them narrower', async () => {
  await follow(carla, carla.locator('nav a[href="/leaving"]'));
  await sound(carla, 'leaving-60');
  const few = await reasonsOn(carla);
  expect(widthsOf(few)).toBeGreaterThan(0);
  await codeTheRest();
  await carla.reload();
  const more = await reasonsOn(carla);
  expect(widthsOf(more)).toBeLessThan(0.85 * widthsOf(few));
});

const link = (page: Page, href: string) => page.locator(`main a[href="${href}"]`).first();

test('what no reason explains is a theme, and a manager makes it a reason', async () => {
  running.app.coding.discoveries.start();
  await follow(carla, carla.locator('nav a[href="/answers"]'));
  await follow(carla, link(carla, '/codebook/leaving'));
  await sound(carla, 'codebook');
  await follow(carla, link(carla, '/codebook/leaving/themes'));
  await follow(carla, carla.locator('form[action$="/themes/look"] button'));
  const theme = carla.locator('section.sheet', { has: carla.locator('h2', { hasText: /dog/i }) }).first();
  await theme.waitFor();
  await sound(carla, 'themes');
  await soundOnPhone(carla, 'themes');
  await follow(carla, theme.locator('a.button'));
  await sound(carla, 'theme-as-reason');
  expect(await carla.inputValue('[name="words.en"]')).toMatch(/dog/i);
  await typeInto(carla, carla.locator('[name="name.en"]'), NEW_REASON);
  await tabTo(carla, carla.locator('[name="words.en"]'));
  await pressAll(carla, ['Control+Home', ...'dog*', 'Enter']);
  await follow(carla, carla.locator('main form button.button').last());
  expect(await main(carla)).toContain(`“${NEW_REASON}”`);
  await sound(carla, 'theme');
});

const drawnIds = async (): Promise<string[]> => {
  const drawn = running.storage.read.selectFrom('coding_task').select('response_id').where('inclusion', 'is not', null);
  return (await drawn.execute()).map(({ response_id }) => response_id);
};

test('an answer of the theme is then suggested the new reason, and coded with a key', async () => {
  await read();
  const links = carla.locator('li', { hasText: /\bdogs?\b/i }).getByRole('link', { name: 'Code it', exact: true });
  const hrefs = await Promise.all((await links.all()).map((each) => each.getAttribute('href')));
  // Whoever opens an answer of the audit again is still shown no suggestion.
  const drawn = await drawnIds();
  const href = hrefs.find((each) => !drawn.some((id) => each!.includes(id)));
  await follow(carla, carla.locator(`a[href="${href}"]`).first(), 120);
  const row = carla.locator(`tr[data-name="${NEW_REASON}"]`);
  expect((await row.locator('td.full').innerText()).trim()).not.toBe('');
  const id = await carla.inputValue('[name=response]');
  expect(await row.getAttribute('data-key')).toBe('1');
  await sound(carla, 'theme-answer');
  await pressAll(carla, ['1']);
  await save(carla);
  expect(await main(carla)).toContain(`Coded: ${NEW_REASON}`);
  expect((await running.app.coding.codingsOf([id])).get(id)?.map(({ name }) => name.en)).toEqual([NEW_REASON]);
});

/** Every coding of a colleague: whose answer, and which code. */
const codings = async () => (await given()).flatMap(({ id, codes }) => codes.map(({ key }) => `${id} ${key}`)).sort();

test('one reason is merged into another, and every coding is kept', async () => {
  const before = await codings();
  expect(before.some((each) => each.endsWith(' payment'))).toBe(true);
  await follow(carla, link(carla, '/codebook/leaving/themes'));
  await follow(carla, link(carla, '/codebook/leaving'));
  await follow(carla, link(carla, '/codebook/leaving/codes/payment'), 150);
  await sound(carla, 'code');
  await typeInto(carla, carla.locator('#into'), names.get('price')!);
  expect(await carla.inputValue('#into')).toBe('price');
  await follow(carla, carla.locator('form[action$="/merger"] button'));
  expect(await main(carla)).toContain('every coding has followed');
  await sound(carla, 'merged');
  const after = await codings();
  expect(after).toHaveLength(before.length);
  expect(after).toEqual(before.map((each) => each.replace(/ payment$/, ' price')).sort());
  await follow(carla, link(carla, '/codebook/leaving/engine'));
  expect(await carla.locator('main button').count()).toBeGreaterThan(0);
  await sound(carla, 'engine');
});
