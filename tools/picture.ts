/** Makes the README's picture: the leaving reasons of the sample company. */
import { COMMAND } from '../src/shared/actor.ts';
import { systemClock } from '../src/shared/clock.ts';
import { PASSWORD } from '../test/support/app.ts';
import { openBrowser, openContext, startOwnApp } from '../test/support/browser.ts';
import { testClock } from '../test/support/clock.ts';

const app = await startOwnApp({ clock: testClock(systemClock.now().toISOString()) });
const manager = {
  email: 'reader@example.com',
  name: 'Miriam Adler',
  role: 'manager' as const,
  language: 'en',
  password: PASSWORD,
};
await app.app.accounts.createAccount(manager, COMMAND);
await app.app.demo.loadSample(COMMAND);
// A page that waits for the engine has no intervals yet.
await app.app.coding.opinions.work();

const browser = await openBrowser();
const page = await (await openContext(browser, { width: 1280, height: 900 })).newPage();
await page.goto(`${app.baseUrl}/sign-in?next=/leaving`);
await page.fill('[name=email]', manager.email);
await page.fill('[name=password]', PASSWORD);
await page.click('main button');
await page.waitForSelector('.reasons');
const table = await page.locator('section.reasons').first().boundingBox();
const height = Math.ceil((table?.y ?? 0) + (table?.height ?? 900) + 24);
await page.screenshot({ path: 'public/img/leaving.png', fullPage: true, clip: { x: 0, y: 0, width: 1280, height } });
await browser.close();
await app.close();
process.exit(0);
