import { colleague } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, Invalid, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { readForm, type PlaybookFor, type PlaybookPlace } from '../../web/index.ts';
import { createCounts } from '../counts.ts';
import type { RetentionDeps } from '../deps.ts';
import { pageForm } from './forms.ts';
import { blocksOf } from './markup.ts';
import { asPage, asVersion, hasRead, shownIn, type PlaybookPage, type Version } from './page.ts';
import * as rows from './playbook-store.ts';
import { STARTERS, starterTexts } from './starters.ts';

export interface NewText {
  language: string;
  title: string;
  body: string;
  places: PlaybookPlace[];
}

export interface ReadBy {
  accountId: string;
  /** The newest version that they confirmed; 0 for none. */
  number: number;
  at: string | null;
  /** Whether that is all that there is to read. */
  current: boolean;
}

export interface Playbook {
  installStarters(): Promise<void>;
  /** Pages in use, or the retired ones too, in the order of their making. */
  list(options?: { retired?: boolean }): Promise<PlaybookPage[]>;
  /** @throws NotFound */
  get(id: string): Promise<PlaybookPage>;
  versions(id: string): Promise<Version[]>;
  forPlace: PlaybookFor;
  /** The language in which somebody who reads this one gets that page. */
  languageFor(page: PlaybookPage, language: string): Promise<string>;
  /** By page: the newest version that this colleague confirmed. */
  readBy(accountId: string): Promise<Map<string, number>>;
  /** How many pages somebody has still to read. */
  unread(accountId: string, language: string): Promise<number>;
  /** Who of the colleagues has read a page, and who not. */
  readers(page: PlaybookPage): Promise<ReadBy[]>;
  /** By page: how many of the colleagues have nothing new to read there, and of how many. */
  progress(): Promise<Map<string, { read: number; of: number }>>;
  /** @throws Conflict where the page has a newer version than the one that was read */
  confirm(accountId: string, id: string, number: number, language: string): Promise<void>;
  /** A page of one's own. @throws Invalid */
  create(accountId: string, text: NewText): Promise<string>;
  /**
   * The next version: one language's text changes, the others stay. With `asks`, everybody who reads that language is
   * asked to read it again. @throws Conflict where somebody changed it meanwhile, Invalid
   */
  write(accountId: string, id: string, seen: number, text: NewText & { asks: boolean }): Promise<void>;
  retire(accountId: string, id: string, retired: boolean): Promise<void>;
}

const CHANGED = 'playbook.changed';

type Deps = Pick<RetentionDeps, 'storage' | 'clock' | 'accounts'>;

/** Short pages that the business writes for its own people, shown where they help, read and confirmed. */
export function createPlaybook({ storage, clock, accounts }: Deps): Playbook {
  const { read } = storage;
  const now = () => timestamp(clock);
  const counts = createCounts(() => clock.now().getTime());

  const list = async ({ retired = false } = {}) =>
    (await rows.allPages(read)).map(asPage).filter((page) => retired || page.retiredAt === null);

  async function get(id: string): Promise<PlaybookPage> {
    const row = await rows.findPage(read, id);
    if (!row) throw new NotFound();
    return asPage(row);
  }

  async function languageFor(page: PlaybookPage, language: string): Promise<string> {
    return page.texts[language] ? language : shownIn(page, (await accounts.company()).defaultLanguage);
  }

  async function countUnread(accountId: string, language: string): Promise<number> {
    const done = await rows.readBy(read, accountId);
    let unread = 0;
    for (const page of await list()) {
      if (!hasRead(page, await languageFor(page, language), done.get(page.id) ?? 0)) unread++;
    }
    return unread;
  }

  async function addStarter(key: string, places: PlaybookPlace[]): Promise<void> {
    const texts = starterTexts(key);
    await storage.transaction(async (tx) => {
      const page = { id: newId(clock), key, number: 1, created_at: now(), retired_at: null };
      const asked = Object.fromEntries(Object.keys(texts).map((language) => [language, 1]));
      const row = { ...page, places: JSON.stringify(places), asked: JSON.stringify(asked) };
      if (!(await rows.insertPage(tx, row))) return;
      await rows.insertVersion(tx, versionRow(page.id, 1, texts, true, null, now()));
    });
  }

  return {
    async installStarters() {
      const there = await rows.starterKeys(read);
      for (const [key, places] of Object.entries(STARTERS)) if (!there.has(key)) await addStarter(key, places);
    },
    list,
    get,
    languageFor,
    versions: async (id) => (await rows.versionsOf(read, id)).map(asVersion),
    async forPlace(place, language) {
      const pages = (await list()).filter(({ places }) => places.includes(place));
      return await Promise.all(
        pages.map(async (page) => {
          const shown = await languageFor(page, language);
          const { title = '', body = '' } = page.texts[shown] ?? {};
          return { href: `/playbook/${page.id}`, title, language: shown, blocks: blocksOf(body) };
        }),
      );
    },
    readBy: (accountId) => rows.readBy(read, accountId),
    unread: (accountId, language) => counts.of(`${accountId} ${language}`, () => countUnread(accountId, language)),
    async readers(page) {
      const last = new Map((await rows.readingsOf(read, page.id)).map((row) => [row.account_id, row]));
      const colleagues = (await accounts.colleagues()).filter(({ active }) => active);
      return await Promise.all(
        colleagues.map(async ({ id, language }) => {
          const { number = 0, read_at = null } = last.get(id) ?? {};
          const current = hasRead(page, await languageFor(page, language), number);
          return { accountId: id, number, at: read_at, current };
        }),
      );
    },
    async progress() {
      const colleagues = (await accounts.colleagues()).filter(({ active }) => active);
      const readings = await rows.allReadings(
        read,
        colleagues.map(({ id }) => id),
      );
      const done = new Map(readings.map((row) => [`${row.page_id} ${row.account_id}`, row.number]));
      const found = new Map<string, { read: number; of: number }>();
      for (const page of await list()) {
        let count = 0;
        for (const { id, language } of colleagues)
          if (hasRead(page, await languageFor(page, language), done.get(`${page.id} ${id}`) ?? 0)) count++;
        found.set(page.id, { read: count, of: colleagues.length });
      }
      return found;
    },
    async confirm(accountId, id, number, language) {
      await storage.transaction(async (tx) => {
        const page = await rows.findPage(tx, id);
        if (!page || page.retired_at !== null) throw new NotFound();
        if (page.number !== number) throw new Conflict('playbook.newer');
        const reading = { page_id: id, account_id: accountId, number, language, read_at: now() };
        if (!(await rows.insertReading(tx, reading))) return;
        await accounts.audit(tx, colleague(accountId), 'playbook.read', { kind: 'playbook', id }, { number });
      });
      counts.forget();
    },
    async create(accountId, given) {
      const { language, title, body, places } = valid(given);
      const id = newId(clock);
      await storage.transaction(async (tx) => {
        const page = { id, key: null, number: 1, created_at: now(), retired_at: null };
        const asked = JSON.stringify({ [language]: 1 });
        await rows.insertPage(tx, { ...page, places: JSON.stringify(places), asked });
        await rows.insertVersion(tx, versionRow(id, 1, { [language]: { title, body } }, true, accountId, now()));
        await accounts.audit(tx, colleague(accountId), 'playbook.created', { kind: 'playbook', id });
      });
      counts.forget();
      return id;
    },
    async write(accountId, id, seen, { asks, ...given }) {
      const { language, title, body, places } = valid(given);
      const number = seen + 1;
      await storage.transaction(async (tx) => {
        const row = await rows.findPage(tx, id);
        if (!row) throw new NotFound();
        const { texts, asked } = asPage(row);
        const firstText = !texts[language];
        const next = { ...asked, ...(asks || firstText ? { [language]: number } : {}) };
        const changed = { number, asked: JSON.stringify(next), places: JSON.stringify(places) };
        if (!(await rows.moveOn(tx, id, seen, changed))) throw new Conflict(CHANGED);
        const all = { ...texts, [language]: { title, body } };
        await rows.insertVersion(tx, versionRow(id, number, all, asks, accountId, now()));
        await accounts.audit(
          tx,
          colleague(accountId),
          'playbook.written',
          { kind: 'playbook', id },
          { number, language },
        );
      });
      counts.forget();
    },
    async retire(accountId, id, retired) {
      await get(id);
      await storage.transaction(async (tx) => {
        if (!(await rows.setRetired(tx, id, retired ? now() : null))) throw new Conflict(CHANGED);
        const action = retired ? 'playbook.retired' : 'playbook.revived';
        await accounts.audit(tx, colleague(accountId), action, { kind: 'playbook', id });
      });
      counts.forget();
    },
  };
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
