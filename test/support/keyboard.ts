import type { Locator, Page } from 'playwright-core';
import { PASSWORD } from './app.ts';

interface Focusable {
  ownerDocument: { activeElement: unknown };
}

/** Runs in the browser. */
const hasFocus = (element: unknown) => element === (element as Focusable).ownerDocument.activeElement;

/** Presses Tab until the element has the focus: what a keyboard cannot reach does not exist. */
export async function tabTo(page: Page, target: Locator, within = 60): Promise<void> {
  for (let i = 0; i < within; i++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate(hasFocus)) return;
  }
  throw new Error('The keyboard does not reach it');
}

/** Tabs to a link or a button, presses Enter, and waits for the page that comes. */
export async function follow(page: Page, target: Locator, within?: number): Promise<void> {
  await tabTo(page, target, within);
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
}

/** Tabs to a field and types into it. */
export async function typeInto(page: Page, target: Locator, words: string): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.type(words);
}

/** Signs somebody in who has the password of the tests. */
export async function signInByKeys(page: Page, baseUrl: string, email: string): Promise<void> {
  await page.goto(`${baseUrl}/sign-in`);
  await typeInto(page, page.locator('[name=email]'), email);
  await typeInto(page, page.locator('[name=password]'), PASSWORD);
  await Promise.all([page.waitForURL((url) => url.pathname !== '/sign-in'), page.keyboard.press('Enter')]);
}
