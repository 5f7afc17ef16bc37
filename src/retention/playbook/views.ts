import { formatDay, formatMoment, languageCodes, languageIn, languageName, type Translate } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, hasRole, PLAYBOOK_PLACES, type Block, type FormView, type Staff } from '../../web/index.ts';
import { blocksOf } from './markup.ts';
import { retentionTabs, type RetentionTabs } from '../tabs.ts';
import { hasRead, type PlaybookPage, type Version } from './page.ts';
import type { ReadBy } from './reading.ts';

export interface ListPage extends RetentionTabs {
  lead: string;
  mayWrite: boolean;
  rows: {
    href: string;
    title: string;
    language: string;
    places: string;
    state: string;
    mood: string;
    readers: string;
  }[];
  retired: { href: string; title: string; language: string }[];
}

export interface PagePage {
  title: string;
  language: string;
  /** Where the page is not in the reader's language. */
  otherwise: string | null;
  places: string;
  retired: boolean;
  blocks: Block[];
  confirm: { action: string; number: number } | null;
  read: string | null;
  writing: Writing | null;
}

/** What managers see beside a page. */
interface Writing {
  edit: { href: string; text: string }[];
  versions: string;
  progress: string;
  missing: string[];
  readers: string[];
  retire: { action: string; text: string };
}

export interface WritePage {
  title: string;
  action: string;
  back: string;
  form: FormView;
  seen: number | null;
  language: string;
  languages: { value: string; text: string }[];
  places: { value: string; text: string; checked: boolean }[];
}

export interface VersionsPage {
  title: string;
  back: string;
  rows: { heading: string; note: string; language: string; blocks: Block[] }[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'retention/playbook': ListPage;
    'retention/playbook-page': PagePage;
    'retention/playbook-write': WritePage;
    'retention/playbook-versions': VersionsPage;
  }
}

const AT = '/playbook';

interface ListFacts {
  pages: { page: PlaybookPage; language: string }[];
  read: Map<string, number>;
  progress: Map<string, { read: number; of: number }>;
}

export function listPage({ pages, read, progress }: ListFacts, { role, t }: Staff): ListPage {
  const mayWrite = hasRole(role, 'manager');
  const titleOf = ({ page, language }: ListFacts['pages'][number]) => page.texts[language]?.title ?? '';
  const inUse = pages.filter(({ page }) => page.retiredAt === null);
  const isRead = ({ page, language }: ListFacts['pages'][number]) => hasRead(page, language, read.get(page.id) ?? 0);
  const unread = inUse.filter((each) => !isRead(each)).length;
  return {
    ...retentionTabs(AT, t),
    lead: unread > 0 ? t('playbook.lead.unread', { count: unread }) : t('playbook.lead.read'),
    mayWrite,
    rows: inUse.map((each) => ({
      href: `${AT}/${each.page.id}`,
      title: titleOf(each),
      language: each.language,
      places: placesOf(each.page, t),
      state: stateOf(isRead(each), read.get(each.page.id) ?? 0, t),
      mood: isRead(each) ? 'good' : 'late',
      readers: mayWrite ? t('playbook.progress', { read: 0, of: 0, ...progress.get(each.page.id) }) : '',
    })),
    retired: (mayWrite ? pages.filter(({ page }) => page.retiredAt !== null) : []).map((each) => ({
      href: `${AT}/${each.page.id}`,
      title: titleOf(each),
      language: each.language,
    })),
  };
}

function stateOf(isRead: boolean, before: number, t: Translate): string {
  if (isRead) return t('playbook.state.read');
  return t(before > 0 ? 'playbook.state.newer' : 'playbook.state.unread');
}

function placesOf({ places }: PlaybookPage, t: Translate): string {
  return places.map((place) => t(`playbook.place.${place}`)).join(', ');
}

interface PageFacts {
  page: PlaybookPage;
  language: string;
  /** The newest version that the reader confirmed; 0 for none. */
  read: number;
  readers: ReadBy[];
  colleagues: { id: string; name: string }[];
}

export function pagePage(facts: PageFacts, staff: Staff): PagePage {
  const { page, language, read } = facts;
  const { t } = staff;
  const { title = '', body = '' } = page.texts[language] ?? {};
  const isRead = hasRead(page, language, read);
  const live = page.retiredAt === null;
  const mine = facts.readers.find(({ accountId }) => accountId === staff.id);
  const at = mine?.at ? formatMoment(mine.at, t.language, staff.timeZone) : '';
  return {
    title,
    language,
    otherwise:
      language === staff.language ? null : t('playbook.otherwise', { language: languageIn(language, t.language) }),
    places: placesOf(page, t),
    retired: !live,
    blocks: blocksOf(body),
    confirm: isRead || !live ? null : { action: `${AT}/${page.id}/reading`, number: page.number },
    read: isRead ? t('playbook.readOn', { at }) : live && read > 0 ? t('playbook.newVersion') : null,
    writing: hasRole(staff.role, 'manager') ? writingOf(facts, staff) : null,
  };
}

function writingOf({ page, readers, colleagues }: PageFacts, { t }: Staff): Writing {
  const at = `${AT}/${page.id}`;
  const name = ({ accountId }: ReadBy) => colleagues.find(({ id }) => id === accountId)?.name ?? '–';
  const current = readers.filter(({ current: isCurrent }) => isCurrent);
  const live = page.retiredAt === null;
  const languages = live ? languageCodes : [];
  return {
    edit: languages.map((code) => ({
      href: `${at}/edit?language=${code}`,
      text: t(page.texts[code] ? 'playbook.edit' : 'playbook.write', { language: languageIn(code, t.language) }),
    })),
    versions: `${at}/versions`,
    progress: t('playbook.progress', { read: current.length, of: readers.length }),
    missing: readers
      .filter((each) => live && !each.current)
      .map((each) => (each.number > 0 ? t('playbook.readOld', { name: name(each), number: each.number }) : name(each))),
    readers: current.map((each) =>
      t('playbook.readBy', {
        name: name(each),
        number: each.number,
        day: formatDay((each.at ?? '').slice(0, 10), t.language),
      }),
    ),
    retire: {
      action: `${at}/${live ? 'retirement' : 'revival'}`,
      text: t(live ? 'playbook.retire' : 'playbook.revive'),
    },
  };
}

interface WriteFacts {
  page: PlaybookPage | null;
  language: string;
  typed?: Record<string, unknown> | undefined;
  errors?: FieldErrors | undefined;
}

export function writePage({ page, language, typed, errors }: WriteFacts, { t }: Staff): WritePage {
  const standing = page?.texts[language] ?? { title: '', body: '' };
  const chosen = typed ? [typed.places ?? []].flat() : (page?.places ?? []);
  const name = languageName(language);
  return {
    title: page ? t('playbook.edit.title', { language: name }) : t('playbook.new'),
    action: page ? `${AT}/${page.id}` : AT,
    back: page ? `${AT}/${page.id}` : AT,
    form: formView(typed ?? { ...standing, language, asks: '1' }, errors, t),
    seen: page?.number ?? null,
    language,
    languages: languageCodes.map((code) => ({ value: code, text: languageName(code) })),
    places: PLAYBOOK_PLACES.map((value) => ({
      value,
      text: t(`playbook.place.${value}`),
      checked: chosen.includes(value),
    })),
  };
}

interface VersionFacts {
  page: PlaybookPage;
  language: string;
  versions: Version[];
  colleagues: { id: string; name: string }[];
}

/** Versions in which the text of that language changed, the newest first. */
export function versionPage(
  { page, language, versions, colleagues }: VersionFacts,
  { t, timeZone }: Staff,
): VersionsPage {
  const same = (a: Version, b: Version | undefined) =>
    b !== undefined &&
    a.texts[language]?.body === b.texts[language]?.body &&
    a.texts[language]?.title === b.texts[language]?.title;
  return {
    title: page.texts[language]?.title ?? '',
    back: `${AT}/${page.id}`,
    rows: versions
      .filter((version, i) => version.texts[language] && !same(version, versions[i + 1]))
      .map((version) => ({
        heading: t('playbook.version', { number: version.number }),
        note: t(version.asks ? 'playbook.version.asked' : 'playbook.version.quiet', {
          name: colleagues.find(({ id }) => id === version.accountId)?.name ?? 'Comeback',
          at: formatMoment(version.createdAt, t.language, timeZone),
        }),
        language,
        blocks: blocksOf(version.texts[language]?.body ?? ''),
      })),
  };
}
