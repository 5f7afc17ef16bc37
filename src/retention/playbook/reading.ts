import type { Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import type { Db } from '../../storage/index.ts';
import type { PlaybookNote, PlaybookPlace } from '../../web/index.ts';
import type { RetentionDeps } from '../deps.ts';
import { blocksOf } from './markup.ts';
import { asPage, hasRead, shownIn, type PlaybookPage } from './page.ts';
import * as rows from './playbook-store.ts';

export type PlaybookDeps = Pick<RetentionDeps, 'storage' | 'clock' | 'accounts'>;

export interface ReadBy {
  accountId: string;
  /** The newest version that they confirmed; 0 for none. */
  number: number;
  at: string | null;
  /** Whether that is all that there is to read. */
  current: boolean;
}

/** Pages in use, in the order of their making. */
export async function pagesInUse(db: Db): Promise<PlaybookPage[]> {
  return (await rows.allPages(db)).map(asPage).filter(({ retiredAt }) => retiredAt === null);
}

/** The language in which somebody who reads this one gets that page. */
export async function languageFor({ accounts }: PlaybookDeps, page: PlaybookPage, language: string): Promise<string> {
  return page.texts[language] ? language : shownIn(page, (await accounts.company()).defaultLanguage);
}

/** What helps at that place of the app, as somebody who reads that language gets it. */
export async function pagesFor(deps: PlaybookDeps, place: PlaybookPlace, language: string): Promise<PlaybookNote[]> {
  const pages = (await pagesInUse(deps.storage.read)).filter(({ places }) => places.includes(place));
  return await Promise.all(
    pages.map(async (page) => {
      const shown = await languageFor(deps, page, language);
      const { title = '', body = '' } = page.texts[shown] ?? {};
      return { href: `/playbook/${page.id}`, title, language: shown, blocks: blocksOf(body) };
    }),
  );
}

/** How many pages somebody has still to read. */
export async function countUnread(deps: PlaybookDeps, accountId: string, language: string): Promise<number> {
  const done = await rows.readBy(deps.storage.read, accountId);
  let unread = 0;
  for (const page of await pagesInUse(deps.storage.read))
    if (!(await isDone(deps, page, language, done.get(page.id) ?? 0))) unread++;
  return unread;
}

/** Who of the colleagues has read a page, and who not. */
export async function readersOf(deps: PlaybookDeps, page: PlaybookPage): Promise<ReadBy[]> {
  const last = new Map((await rows.readingsOf(deps.storage.read, page.id)).map((row) => [row.account_id, row]));
  return await Promise.all(
    (await colleaguesHere(deps)).map(async ({ id, language }) => {
      const { number = 0, read_at = null } = last.get(id) ?? {};
      return { accountId: id, number, at: read_at, current: await isDone(deps, page, language, number) };
    }),
  );
}

/** By page: how many of the colleagues have nothing new to read there, and of how many. */
export async function progressOf(deps: PlaybookDeps): Promise<Map<string, { read: number; of: number }>> {
  const { read } = deps.storage;
  const colleagues = await colleaguesHere(deps);
  const accountIds = colleagues.map(({ id }) => id);
  const readings = await rows.allReadings(read, accountIds);
  const done = new Map(readings.map((row) => [`${row.page_id} ${row.account_id}`, row.number]));
  const found = new Map<string, { read: number; of: number }>();
  for (const page of await pagesInUse(read)) {
    let count = 0;
    for (const { id, language } of colleagues)
      if (await isDone(deps, page, language, done.get(`${page.id} ${id}`) ?? 0)) count++;
    found.set(page.id, { read: count, of: colleagues.length });
  }
  return found;
}

async function colleaguesHere({ accounts }: PlaybookDeps) {
  return (await accounts.colleagues()).filter(({ active }) => active);
}

/** Whether whoever reads that language and confirmed version `number` (0: none) has nothing new to read. */
async function isDone(deps: PlaybookDeps, page: PlaybookPage, language: string, number: number): Promise<boolean> {
  return hasRead(page, await languageFor(deps, page, language), number);
}

/** A colleague has read that version of a page, in that language. */
export interface Reading {
  accountId: string;
  id: string;
  number: number;
  language: string;
}

/** @throws NotFound, Conflict where the page has a newer one */
export async function confirmRead(
  { storage, clock, accounts }: PlaybookDeps,
  actor: Actor,
  { accountId, id, number, language }: Reading,
): Promise<void> {
  await storage.transaction(async (tx) => {
    const page = await rows.findPage(tx, id);
    if (!page || page.retired_at !== null) throw new NotFound();
    if (page.number !== number) throw new Conflict('playbook.newer');
    const reading = { page_id: id, account_id: accountId, number, language, read_at: timestamp(clock) };
    if (!(await rows.insertReading(tx, reading))) return;
    await accounts.audit(tx, actor, 'playbook.read', { kind: 'playbook', id }, { number });
  });
}
