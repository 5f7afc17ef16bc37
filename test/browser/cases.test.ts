import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { COMMAND, SYSTEM } from '../../src/shared/actor.ts';
import { PASSWORD } from '../support/app.ts';
import { openBrowser, openContext, overflows, PHONE, picture, startOwnApp, violations } from '../support/browser.ts';
import { startImap, type ImapServer } from '../support/imap.ts';
import { follow, signInByKeys, tabTo, typeInto } from '../support/keyboard.ts';
import { letterOf } from '../support/letters-in.ts';
import { startSmtp, type SmtpServer } from '../support/smtp.ts';
import { addressOf, leavers, readyToSend, reference } from '../support/waves.ts';

/** A German customer's low score becomes a complaint, goes through five steps to "not quite", and to their yes. */
let running: Awaited<ReturnType<typeof startOwnApp>>;
let smtp: SmtpServer;
let imap: ImapServer;
let browser: Browser;
let anna: Page;
/** What axe looks at of the customer's pages: it needs scripts. */
let reader: Page;
let home: string;

const WORDS = 'Seit drei Wochen tropft die Maschine, und niemand ruft zurück.';
const MANY = 120;

beforeAll(async () => {
  [smtp, imap] = [await startSmtp(), await startImap()];
  const environment = {
    SMTP_URL: smtp.url,
    MAIL_FROM: 'hallo@example.com',
    IMAP_URL: imap.url,
    BOUNCE_ADDRESS: 'post@example.com',
  };
  running = await startOwnApp({ environment });
  const { app } = running;
  const account = { language: 'en', password: PASSWORD, role: 'staff' as const };
  await app.accounts.createAccount({ ...account, email: 'anna@example.com', name: 'Anna Berg' });
  await app.recovery.offers.create(COMMAND, {
    name: { en: 'Tasting box', de: 'Probierpaket' },
    kind: 'gift',
    amount: null,
    costMinor: 1250,
    forWhom: 'everyone',
    reasons: [],
    leastWorthMinor: 0,
    leastRole: 'staff',
    perCustomer: 1,
    perYear: null,
    most: null,
    codeKind: 'generated',
    code: '',
    validDays: 60,
    endsOn: null,
  });
  await askThem((await readyToSend(app)).senderId);
  browser = await openBrowser();
  reader = await (await openContext(browser, { ...PHONE, language: 'de' })).newPage();
  anna = await (await openContext(browser)).newPage();
  await signInByKeys(anna, running.baseUrl, 'anna@example.com');
});

afterAll(async () => {
  await browser?.close();
  await running?.close();
  await Promise.all([smtp.close(), imap.close()]);
});

/** The questionnaire's invitation goes out by mail. */
async function askThem(senderAccountId: string): Promise<void> {
  const { app, clock } = running;
  const active = { language: 'de', title: 'Herr', status: 'active' as const, leftOn: null, yearlyValueMinor: 432_000 };
  await app.customers.upsertMany(
    SYSTEM,
    leavers(1, () => active, 1),
  );
  const asking = (await app.questionnaires.list()).find((each) => each.programme.key === 'satisfaction');
  const input = { name: 'Herbst', audience: {}, expiresDays: 60, questionnaireId: asking?.id ?? '' };
  const wave = await app.invitations.createWave(COMMAND, { ...input, senderAccountId });
  if (!wave.ok) throw new Error(JSON.stringify(wave.errors));
  await app.invitations.startWave(COMMAND, wave.value.id);
  clock.advance({ minutes: 10 });
  home = linkIn(await arrived(), 'q');
}

/** The newest mail to the customer, as their server took it. */
async function arrived(): Promise<{ text: string; replyTo: string }> {
  const before = smtp.received.length;
  await running.app.runDue();
  await running.app.mailer.sendDue();
  const letter = smtp.received.at(-1);
  if (!letter || smtp.received.length === before) throw new Error('No mail has come');
  const replyTo = /^Reply-To: .*?([^\s<]+@[^\s>]+)/im.exec(letter.source)?.[1] ?? '';
  return { text: plainOf(letter.source), replyTo };
}

/** The first text of a mail, read from quoted-printable or base64. */
function plainOf(source: string): string {
  const [, encoding = '', text = ''] =
    /text\/plain[^]*?Content-Transfer-Encoding: (\S+)[^]*?\r?\n\r?\n([^]*?)(?:\r?\n--|$)/i.exec(source) ?? [];
  if (/base64/i.test(encoding)) return Buffer.from(text, 'base64').toString();
  const bytes = text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

function linkIn({ text }: { text: string }, kind: string): string {
  const link = new RegExp(`http\\S+/${kind}/\\S+`).exec(text)?.[0];
  if (link === undefined) throw new Error(`No link in: ${text}`);
  return new URL(link).pathname;
}

/** The customer answers from their own mail program; our mailbox is looked into. */
async function reply(to: string, text: string): Promise<void> {
  imap.messages.push({ source: letterOf({ from: addressOf(1), to, text }), seen: false });
  expect(await running.app.bounces.poll()).toBe(1);
}

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

/** Signs the step that is next, with words that go to the customer as a mail; the keys alone. */
async function signByMail(page: Page, step: string, words: string, given = false): Promise<string> {
  await typeInto(page, page.locator(`[aria-current=step] #said_${step}`), words);
  await tabTo(page, page.locator(`input[name=mail_${step}]`));
  await page.keyboard.press('Space');
  if (given) {
    await tabTo(page, page.locator(`input[name=given_${step}]`));
    if (!(await page.locator(`input[name=given_${step}]`).isChecked())) await page.keyboard.press('Space');
  }
  await follow(page, page.locator(`form:has(#said_${step}) button.button`));
  const { text, replyTo } = await arrived();
  expect(text).toContain(words);
  if (given) expect(text).toMatch(/Probierpaket. Ihr Code lautet [A-Z0-9]{4}-[A-Z0-9]{4}/);
  return replyTo;
}

async function skip(page: Page, step: string): Promise<void> {
  const details = page.locator(`#step-${step} details:has(#reason_${step})`).last();
  await tabTo(page, details.locator('summary').first());
  await page.keyboard.press('Enter');
  await typeInto(page, page.locator(`#reason_${step}`), 'Das gilt noch vom ersten Mal.');
  await follow(page, page.locator(`form:has(#reason_${step}) button`));
}

async function giveTastingBox(page: Page): Promise<void> {
  await follow(page, page.getByRole('link', { name: /^Give an offer/ }), MANY);
  await tabTo(page, page.locator('#offer'));
  await page.keyboard.press('Space');
  await follow(page, page.getByRole('button', { name: 'Give this' }));
  expect(new URL(page.url()).pathname).toMatch(/^\/cases\//);
}

async function writeByHand(page: Page, words: string): Promise<void> {
  await tabTo(page, page.locator('#mailWords'), MANY);
  await page.keyboard.press('Control+End');
  await page.keyboard.type(words);
  await follow(page, page.getByRole('button', { name: 'Send', exact: true }));
  expect((await arrived()).text).toContain(words);
}

async function close(page: Page, action: string): Promise<void> {
  await tabTo(page, page.locator('#rootCause'), MANY);
  await page.keyboard.press('t');
  await typeInto(page, page.locator('#action'), action);
  await tabTo(page, page.locator('#outcome'));
  await page.keyboard.press('p');
  await follow(page, page.locator('form:has(#rootCause) button'));
  expect((await theCase()).state).toBe('closed');
}

test('from a low score through five steps with mail both ways to "not quite", opening again, and the customer\u2019s yes', async () => {
  await answer();
  expect(await theCase()).toMatchObject({ kind: 'complaint', words: WORDS, state: 'open' });
  await anna.goto(`${running.baseUrl}/today`);
  await sound(anna, 'today');
  await follow(anna, anna.locator('.queue h3 a').first());
  await sound(anna, 'case');

  const to = await signByMail(anna, 'apologise', 'es tut uns leid, dass niemand zurückgerufen hat.');
  await reply(to, 'Danke. Wann kommt denn jemand?');
  await follow(anna, anna.getByRole('link', { name: 'Today' }).first());
  expect(await anna.locator('.queue').textContent()).toContain('Answer their mail');
  await follow(anna, anna.locator('.queue h3 a').first());
  await sound(anna, 'answered-by-mail');
  await writeByHand(anna, 'Tobias kommt heute um drei.');
  await signByMail(anna, 'act', 'Tobias hat die Dichtung getauscht.');
  await signByMail(anna, 'empathy', 'drei Wochen Pfützen in der Küche, das hätte uns auch geärgert.');
  await giveTastingBox(anna);
  await signByMail(anna, 'make_good', 'damit der erste trockene Kaffee ein guter ist.', true);
  await signByMail(anna, 'follow_up', 'ist alles trocken geblieben?');
  await close(anna, 'Rückrufe haben jetzt einen Namen und eine Uhrzeit.');

  const path = linkIn(await arrived(), 'c');
  const asked = await customer(path);
  for (const text of ['Probierpaket', 'Rückrufe haben jetzt'])
    expect(await asked.locator('main').textContent()).toContain(text);
  await soundForThem(asked, 'asked');
  await asked.locator('textarea[name=words]').fill('Sie tropft immer noch, nur langsamer.');
  await press(asked, 'form[action$="/words"] button');
  expect((await theCase()).state).toBe('reopened');
  await asked.locator('textarea[name=proposal]').fill('Ein Leihgerät, bis sie dicht ist.');
  await press(asked, 'form[action$="/proposal"] button');
  const theirs = (await asked.locator('main').textContent()) ?? '';
  for (const words of [WORDS, 'nur langsamer.', 'Ein Leihgerät', 'Anna Berg kümmert sich darum.'])
    expect(theirs).toContain(words);
  await soundForThem(asked, 'not-quite');

  const again = await workAgain();
  await asked.goto(running.baseUrl + linkIn(again, 'c'));
  await press(asked, 'form[action$="/settled"] button');
  await soundForThem(asked, 'settled');
  expect(await theCase()).toMatchObject({ state: 'closed', settled: 'yes' });
  await anna.setViewportSize({ width: 375, height: 740 });
  await anna.goto(`${running.baseUrl}/cases/${(await theCase()).id}`);
  await sound(anna, 'closed-phone');
  await anna.goto(`${running.baseUrl}/today?view=unassigned`);
  await sound(anna, 'today-phone');
});

/** The pages beside the case: its files, and where a rule had to wait. */
async function lookAround(page: Page) {
  const { id } = await theCase();
  const exception = { waived: 'Leihgerät ohne Kaution', why: 'Seit 2017 bei uns, und am Samstag ist die Stube voll.' };
  await running.app.recovery.caseWork.exceptions.make(COMMAND, id, exception);
  for (const path of [`/cases/${id}/files`, '/exceptions']) {
    const response = await page.goto(running.baseUrl + path);
    expect([path, response?.status()]).toEqual([path, 200]);
    await sound(page, path.replace(/\W+/g, '-'));
  }
  expect(await page.textContent('main')).toContain(exception.why);
}

/** The second round, in the dark, on a phone, without scripts. @returns the mail that asks once more */
async function workAgain() {
  const context = await openContext(browser, { width: 375, height: 740, dark: true, scripts: false });
  await context.addCookies(await anna.context().cookies());
  const page = await context.newPage();
  await anna.goto(`${running.baseUrl}/cases/${(await theCase()).id}`);
  await sound(anna, 'reopened');
  await page.goto(anna.url());
  await lookAround(anna);
  await signByMail(page, 'apologise', 'es tut uns leid, dass die Dichtung nicht gehalten hat.');
  await signByMail(page, 'act', 'die ganze Brühgruppe ist neu.');
  for (const step of ['empathy', 'make_good']) await skip(page, step);
  await picture(page, 'cases-second-round-dark-phone');
  expect(await overflows(page)).toBe(0);
  await signByMail(page, 'follow_up', 'ist jetzt alles trocken?');
  await close(page, 'Die Brühgruppe ist getauscht.');
  await context.close();
  return await arrived();
}
