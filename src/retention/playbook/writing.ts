import { colleague } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, Invalid, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Tx } from '../../storage/index.ts';
import { readForm, type PlaybookPlace } from '../../web/index.ts';
import { pageForm } from './forms.ts';
import { asPage, type PageText } from './page.ts';
import * as rows from './playbook-store.ts';
import type { PlaybookDeps } from './reading.ts';
import { STARTERS, starterTexts } from './starters.ts';

/** The text of a page in one language, and the places where the page helps. */
export interface NewText extends PageText {
  language: string;
  places: PlaybookPlace[];
}

const CHANGED = 'playbook.changed';

/** The pages that come with the product, where they have never been. */
export async function addStarters(deps: PlaybookDeps): Promise<void> {
  const there = await rows.starterKeys(deps.storage.read);
  for (const [key, places] of Object.entries(STARTERS)) if (!there.has(key)) await addStarter(deps, key, places);
}

async function addStarter({ storage, clock }: PlaybookDeps, key: string, places: PlaybookPlace[]): Promise<void> {
  const fresh = { id: newId(clock), key, texts: starterTexts(key), places, accountId: null };
  await storage.transaction((tx) => insert(tx, fresh, timestamp(clock)));
}

/** A page of one's own. @returns its id. @throws Invalid */
export async function createPage(deps: PlaybookDeps, accountId: string, given: NewText): Promise<string> {
  const { storage, clock, accounts } = deps;
  const { language, title, body, places } = valid(given);
  const id = newId(clock);
  const fresh = { id, key: null, texts: { [language]: { title, body } }, places, accountId };
  await storage.transaction(async (tx) => {
    await insert(tx, fresh, timestamp(clock));
    await accounts.audit(tx, colleague(accountId), 'playbook.created', { kind: 'playbook', id });
  });
  return id;
}

interface NewPage {
  id: string;
  /** Of a page that comes with the product. */
  key: string | null;
  texts: Record<string, PageText>;
  places: PlaybookPlace[];
  accountId: string | null;
}

/** Its first version, which everybody is asked to read; nothing where that starter is there already. */
async function insert(tx: Tx, { id, key, texts, places, accountId }: NewPage, at: string): Promise<void> {
  const asked = JSON.stringify(Object.fromEntries(Object.keys(texts).map((language) => [language, 1])));
  const row = { id, key, number: 1, asked, places: JSON.stringify(places), created_at: at, retired_at: null };
  if (!(await rows.insertPage(tx, row))) return;
  await rows.insertVersion(tx, versionRow(id, 1, texts, true, accountId, at));
}

/**
 * The version after number `seen`: one language's text changes, the others stay. With `asks`, everybody who reads that
 * language is asked to read it again. @throws Conflict where somebody changed it meanwhile, Invalid, NotFound
 */
export async function writePage(
  { storage, clock, accounts }: PlaybookDeps,
  accountId: string,
  id: string,
  seen: number,
  { asks, ...given }: NewText & { asks: boolean },
): Promise<void> {
  const { language, title, body, places } = valid(given);
  const number = seen + 1;
  await storage.transaction(async (tx) => {
    const row = await rows.findPage(tx, id);
    if (!row) throw new NotFound();
    const { texts, asked } = asPage(row);
    const isFirst = !texts[language];
    const askedNow = { ...asked, ...(asks || isFirst ? { [language]: number } : {}) };
    const changed = { number, asked: JSON.stringify(askedNow), places: JSON.stringify(places) };
    if (!(await rows.moveOn(tx, id, seen, changed))) throw new Conflict(CHANGED);
    const all = { ...texts, [language]: { title, body } };
    await rows.insertVersion(tx, versionRow(id, number, all, asks, accountId, timestamp(clock)));
    const what = { kind: 'playbook' as const, id };
    await accounts.audit(tx, colleague(accountId), 'playbook.written', what, { number, language });
  });
}

/** Takes a page out of use, or back into it. @throws NotFound, Conflict where somebody just did */
export async function retirePage(
  { storage, clock, accounts }: PlaybookDeps,
  accountId: string,
  id: string,
  retired: boolean,
): Promise<void> {
  await storage.transaction(async (tx) => {
    if (!(await rows.findPage(tx, id))) throw new NotFound();
    if (!(await rows.setRetired(tx, id, retired ? timestamp(clock) : null))) throw new Conflict(CHANGED);
    const action = retired ? 'playbook.retired' : 'playbook.revived';
    await accounts.audit(tx, colleague(accountId), action, { kind: 'playbook', id });
  });
}

function valid(given: NewText): NewText {
  const form = readForm(pageForm, given);
  if (!form.ok) throw new Invalid(form.errors);
  return form.value;
}

function versionRow(
  page_id: string,
  number: number,
  texts: object,
  asks: boolean,
  account_id: string | null,
  created_at: string,
): rows.VersionRow {
  return { page_id, number, texts: JSON.stringify(texts), asks: asks ? 1 : 0, account_id, created_at };
}
