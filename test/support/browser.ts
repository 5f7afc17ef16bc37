import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { migrate, openStorage, type Storage } from '../../src/storage/index.ts';
import { startApp, type TestApp } from './app.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** For one step on a busy machine. */
const MOST_MS = 120_000;

/** Debian's Chromium, or the one that CHROMIUM names. */
export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

export interface View {
  width?: number;
  height?: number;
  dark?: boolean;
  scripts?: boolean;
  language?: string;
}

export async function openContext(browser: Browser, view: View = {}): Promise<BrowserContext> {
  const { width = 1280, height = 900, dark = false, scripts = true, language = 'en' } = view;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    javaScriptEnabled: scripts,
    locale: language,
  });
  context.setDefaultTimeout(MOST_MS);
  return context;
}

export const PHONE: View = { width: 360, height: 740 };

// Text, because it runs in the browser, whose types are not those of this program.
const RUN_AXE = `
  axe.run(document, { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } })
    .then(({ violations }) => violations.map(({ id, nodes }) => ({ id, html: nodes.map((node) => node.html.slice(0, 160)) })))
`;

/** What axe finds wrong on the page as it stands, in WCAG 2.2 AA: rule and the elements concerned. */
export async function violations(page: Page): Promise<string[]> {
  await page.waitForLoadState();
  // Evaluated by the debugger, which the page's own content security policy does not concern.
  await page.evaluate(axeSource);
  const found = (await page.evaluate(RUN_AXE)) as { id: string; html: string[] }[];
  return found.map(({ id, html }) => `${id}: ${html.join(' | ')}`);
}

/** Whether the page is wider than the window: on a phone nobody should have to scroll sideways. */
export async function overflows(page: Page): Promise<number> {
  await page.waitForLoadState();
  return await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** What the page says, once all of it is there: a click waits for no more than its beginning. */
export async function wordsOn(page: Page): Promise<string> {
  await page.waitForLoadState();
  return await page.innerText('main');
}

/** A picture of the page, kept where SCREENSHOTS names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** The whole application on a SQLite file of its own. */
export async function startOwnApp(
  options: Parameters<typeof startApp>[1] = {},
): Promise<TestApp & { storage: Storage }> {
  const directory = mkdtempSync(join(tmpdir(), 'comeback-browser-'));
  const url = `sqlite:${join(directory, 'test.db')}`;
  await migrate(url);
  const storage = await openStorage(url);
  const app = await startApp(storage, options);
  return {
    ...app,
    storage,
    async close() {
      await app.close();
      await storage.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
