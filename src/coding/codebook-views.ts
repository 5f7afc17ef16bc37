import { z } from 'zod';
import { nameInWords } from '../questionnaires/index.ts';
import { formatMoment, formatNumber, languageCodes } from '../i18n/index.ts';
import { hasRole, type Staff } from '../web/index.ts';
import { isOffered, labelOf, offered, textIn, ultimate, type Code, type Codebook, type Texts } from './codebook.ts';
import type { CodebookChange } from './codebook-store.ts';
import { LEAVING } from './themes/competitor-rules.ts';
import { keywordsSchema } from './themes/keyword-rules.ts';

export interface CodebooksPage {
  books: { name: string; href: string; action: string; create: boolean }[];
}

interface CodebookRow {
  key: string;
  name: string;
  about: string;
  sub: boolean;
  given: string;
  /** Neither words nor coded answers tell the engine what it is. */
  unknown: boolean;
  /** Where it can be changed; empty for those who may not. */
  href: string;
}

export interface CodebookPage {
  name: string;
  lead: string;
  canEdit: boolean;
  addHref: string;
  historyHref: string;
  engineHref: string;
  themesHref: string;
  /** Empty where nobody has gone anywhere. */
  competitorsHref: string;
  /** Says which reasons the engine does not know yet; empty where it knows them all. */
  unknown: string;
  deskHref: string;
  rows: CodebookRow[];
  retired: { name: string; why: string; restore: string; recode: string }[];
}

export interface HistoryPage {
  name: string;
  back: string;
  rows: { what: string; who: string; revision: string }[];
  more: string;
}

declare module '../web/render.ts' {
  interface Templates {
    'coding/codebooks': CodebooksPage;
    'coding/codebook': CodebookPage;
    'coding/history': HistoryPage;
  }
}

export interface Programme {
  id: string;
  key: string;
  name: string;
}

export const codePath = (programme: Pick<Programme, 'key'>, code: Code) =>
  `/codebook/${programme.key}/codes/${code.key}`;

export function codebooksPage(
  programmes: (Programme & { codebookId: string | null })[],
  { role, t }: Staff,
): CodebooksPage {
  return {
    books: programmes.map(({ key, name, codebookId }) => ({
      name: nameInWords(name, t),
      href: codebookId === null ? '' : `/codebook/${key}`,
      action: `/codebook/${key}`,
      create: codebookId === null && hasRole(role, 'manager'),
    })),
  };
}

export function codebookPage(
  programme: Programme,
  book: Codebook,
  { usage, unknown }: { usage: ReadonlyMap<string, number>; unknown: ReadonlySet<string> },
  staff: Staff,
): CodebookPage {
  const { t, language, role } = staff;
  const canEdit = hasRole(role, 'manager');
  const reasons = offered(book).filter((code) => code.kind === 'reason').length;
  return {
    name: nameInWords(programme.name, t),
    lead: t('codebook.lead', { count: reasons, revision: book.revision }),
    canEdit,
    addHref: `/codebook/${programme.key}/add`,
    historyHref: `/codebook/${programme.key}/history`,
    engineHref: `/codebook/${programme.key}/engine`,
    themesHref: `/codebook/${programme.key}/themes`,
    competitorsHref: programme.key === LEAVING ? `/codebook/${programme.key}/competitors` : '',
    unknown: unknown.size > 0 ? t('codebook.unknown', { count: unknown.size }) : '',
    deskHref: `/answers/${programme.key}`,
    rows: offered(book).map((code) => ({
      key: code.key,
      name: textIn(code.name, language),
      about: textIn(code.description, language),
      sub: code.parentId !== null,
      given: givenTimes(usage.get(code.id) ?? 0, staff),
      unknown: unknown.has(code.id),
      href: canEdit ? codePath(programme, code) : '',
    })),
    retired: book.codes
      .filter((code) => !isOffered(code))
      .map((code) => ({
        name: labelOf(book, code, language),
        why: whyRetired(book, code, staff),
        restore: canEdit && !code.mergedIntoId ? `${codePath(programme, code)}/restoration` : '',
        recode: code.splitAt === null ? '' : `/answers/${programme.key}?code=${code.key}`,
      })),
  };
}

const MOST = 1000;

function givenTimes(count: number, { t, language }: Staff): string {
  return count >= MOST ? t('codebook.givenMany', { count }) : formatNumber(count, language);
}

function whyRetired(book: Codebook, code: Code, { t, language, timeZone }: Staff): string {
  const into = code.mergedIntoId ? ultimate(book, code.id) : undefined;
  const on = formatMoment(code.retiredAt ?? '1970-01-01T00:00:00.000Z', language, timeZone);
  if (into) return t('codebook.mergedInto', { name: textIn(into.name, language), on });
  return t(code.splitAt ? 'codebook.splitOn' : 'codebook.retiredOn', { on });
}

export const languagesOf = (book: Codebook): string[] => [
  ...new Set([...languageCodes, ...book.codes.flatMap((code) => Object.keys(code.name))]),
];

export function historyPage(
  programme: Programme,
  changes: CodebookChange[],
  next: string | null,
  names: ReadonlyMap<string, string>,
  { t, language, timeZone }: Staff,
): HistoryPage {
  return {
    name: nameInWords(programme.name, t),
    back: `/codebook/${programme.key}`,
    rows: changes.map((change) => ({
      what: whatChanged(change, t, language),
      who: t('codebook.changedBy', {
        who: (change.accountId && names.get(change.accountId)) || t('coding.someProgram'),
        when: formatMoment(change.at, language, timeZone),
      }),
      revision: t('codebook.revision', { revision: change.revision }),
    })),
    more: next === null ? '' : `/codebook/${programme.key}/history?${new URLSearchParams({ after: next })}`,
  };
}

function whatChanged(change: CodebookChange, t: Staff['t'], language: string): string {
  const said = wordsOf(change, language);
  const words = wordsChanged(change);
  if (!words || change.kind !== 'rename') return t(`codebook.changed.${change.kind}`, said);
  const parts = (['added', 'removed'] as const).filter((part) => words[part].length > 0);
  const list = parts.map((part) => t(`codebook.words.${part}`, { words: words[part].slice(0, SHOWN).join(', ') }));
  return t('codebook.changed.words', { ...said, words: list.join('; ') });
}

const SHOWN = 8;

/** The words that a change gave to a code or took from it. */
function wordsChanged({ detail }: CodebookChange): { added: string[]; removed: string[] } | undefined {
  const found = wordsSchema.safeParse(detail.words);
  const listed = (words: Record<string, string[]> | undefined) => Object.values(words ?? {}).flat();
  return found.success ? { added: listed(found.data.added), removed: listed(found.data.removed) } : undefined;
}

const wordsSchema = z.object({ added: keywordsSchema.optional(), removed: keywordsSchema.optional() });

/** The names in a change's detail, in the reader's language. */
function wordsOf({ detail, kind }: CodebookChange, language: string): Record<string, string> {
  const said = (value: unknown) => (isTexts(value) ? textIn(value, language) : '');
  const into = Array.isArray(detail.into) ? detail.into.map(said).join(', ') : said(detail.into);
  return {
    name: said(detail.name),
    to: said(detail.to),
    into,
    parent: kind === 'move' ? said(detail.parent) || '–' : '',
  };
}

const isTexts = (value: unknown): value is Texts =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
