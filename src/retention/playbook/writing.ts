import { isDeepStrictEqual } from 'node:util';
import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, Invalid, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { holdTable, type Hooks, type Tx } from '../../storage/index.ts';
import { readForm, type PlaybookPlace } from '../../web/index.ts';
import { pageForm } from './forms.ts';
import { asPage, type PageText } from './page.ts';
import * as rows from './playbook-store.ts';
import { pagesInUse, type PlaybookDeps } from './reading.ts';
import { STARTERS, starterTexts } from './starters.ts';

/** The text of a page in one language, and the places where the page helps. */
export interface NewText extends PageText {
  language: string;
  places: PlaybookPlace[];
}

/** A page has a new version, or was taken out of use, or back into it. */
export interface PageNews {
  id: string;
  what: 'written' | 'retired' | 'returned';
  /** The newest version, and whether its readers are asked to read it again. */
  number: number;
  asks: boolean;
  at: string;
}

type WritingDeps = PlaybookDeps & { news: Hooks<PageNews> };

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

/** A page of one's own; one in use that says the very same is that one. @throws Invalid */
export async function createPage(
  { storage, clock, accounts, news }: WritingDeps,
  actor: Actor,
  given: NewText,
): Promise<{ id: string; fresh: boolean }> {
  const { language, title, body, places } = valid(given);
  const [id, at] = [newId(clock), timestamp(clock)];
  const page = { id, key: null, texts: { [language]: { title, body } }, places, accountId: accountOf(actor) };
  return await storage.transaction(async (tx) => {
    await holdTable(tx, storage.engine, 'playbook_page');
    const same = (await pagesInUse(tx)).find(({ texts }) => isDeepStrictEqual(texts[language], { title, body }));
    if (same) return { id: same.id, fresh: false };
    await insert(tx, page, at);
    await accounts.audit(tx, actor, 'playbook.created', { kind: 'playbook', id });
    await news.tell(tx, { id, what: 'written', number: 1, asks: true, at });
    return { id, fresh: true };
  });
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
  { storage, clock, accounts, news }: WritingDeps,
  actor: Actor,
  id: string,
  seen: number,
  { asks, ...given }: NewText & { asks: boolean },
): Promise<void> {
  const { language, title, body, places } = valid(given);
  const [number, at] = [seen + 1, timestamp(clock)];
  await storage.transaction(async (tx) => {
    const row = await rows.findPage(tx, id);
    if (!row) throw new NotFound();
    const { texts, asked } = asPage(row);
    const isFirst = !texts[language];
    const askedNow = { ...asked, ...(asks || isFirst ? { [language]: number } : {}) };
    const changed = { number, asked: JSON.stringify(askedNow), places: JSON.stringify(places) };
    if (!(await rows.moveOn(tx, id, seen, changed))) throw new Conflict(CHANGED);
    const all = { ...texts, [language]: { title, body } };
    await rows.insertVersion(tx, versionRow(id, number, all, asks, accountOf(actor), at));
    await accounts.audit(tx, actor, 'playbook.written', { kind: 'playbook', id }, { number, language });
    await news.tell(tx, { id, what: 'written', number, asks: asks || isFirst, at });
  });
}

/** Takes a page out of use, or back into it. @throws NotFound, Conflict where somebody just did */
export async function retirePage(
  { storage, clock, accounts, news }: WritingDeps,
  actor: Actor,
  id: string,
  retired: boolean,
): Promise<void> {
  const at = timestamp(clock);
  await storage.transaction(async (tx) => {
    const page = await rows.findPage(tx, id);
    if (!page) throw new NotFound();
    if (!(await rows.setRetired(tx, id, retired ? at : null))) throw new Conflict(CHANGED);
    await accounts.audit(tx, actor, retired ? 'playbook.retired' : 'playbook.revived', { kind: 'playbook', id });
    await news.tell(tx, { id, what: retired ? 'retired' : 'returned', number: page.number, asks: false, at });
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
