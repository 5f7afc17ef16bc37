import { nameInWords } from '../questionnaires/index.ts';
import { formatMoment, formatNumber, languageCodes, languageName } from '../i18n/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { formView, hasRole, type FormView, type Staff } from '../web/index.ts';
import {
  childrenOf,
  isOffered,
  labelOf,
  mergeTargets,
  offered,
  parentsFor,
  textIn,
  ultimate,
  type Code,
  type Codebook,
  type Texts,
} from './codebook.ts';
import type { CodebookChange } from './codebook-store.ts';

export interface CodebooksPage {
  books: { name: string; href: string; action: string; create: boolean }[];
}

export interface CodebookRow {
  key: string;
  name: string;
  about: string;
  sub: boolean;
  given: string;
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
  deskHref: string;
  rows: CodebookRow[];
  retired: { name: string; why: string; restore: string; recode: string }[];
}

export interface TextFields {
  code: string;
  language: string;
}

export interface CodePage {
  isNew: boolean;
  heading: string;
  key: string;
  given: string;
  back: string;
  form: FormView;
  languages: TextFields[];
  action: string;
  parents: { value: string; text: string }[];
  place: { action: string; form: FormView; befores: { value: string; text: string }[] } | null;
  merge: { action: string; form: FormView; targets: { value: string; text: string }[] } | null;
  split: { action: string; form: FormView } | null;
  retire: string;
  /** Why it cannot be merged, split or retired now; empty where it can. */
  hindered: string;
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
    'coding/code': CodePage;
    'coding/history': HistoryPage;
  }
}

export interface Programme {
  id: string;
  key: string;
  name: string;
}

const codePath = (programme: Programme, code: Code) => `/codebook/${programme.key}/codes/${code.key}`;

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
  usage: ReadonlyMap<string, number>,
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
    deskHref: `/answers/${programme.key}`,
    rows: offered(book).map((code) => ({
      key: code.key,
      name: textIn(code.name, language),
      about: textIn(code.description, language),
      sub: code.parentId !== null,
      given: givenTimes(usage.get(code.id) ?? 0, staff),
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

/** What was posted, and which of the forms of the page it came from. */
export interface Rejected {
  form: 'texts' | 'place' | 'merge' | 'split';
  body: Record<string, unknown>;
  errors: FieldErrors;
}

export function codePage(
  programme: Programme,
  book: Codebook,
  code: Code | null,
  facts: { given: number; under: string },
  staff: Staff,
  rejected?: Rejected,
): CodePage {
  const { t, language } = staff;
  const formOf = (name: Rejected['form'], values: Record<string, unknown>) =>
    rejected?.form === name ? formView(rejected.body, rejected.errors, t) : formView(values, undefined, t);
  const option = (each: Code) => ({ value: each.key, text: labelOf(book, each, language) });
  const parents = [{ value: '', text: t('codebook.firstLevel') }, ...parentsFor(book, code).map(option)];
  const base = code ? codePath(programme, code) : `/codebook/${programme.key}/codes`;
  const parent = code?.parentId ? book.byId.get(code.parentId) : undefined;
  const whole = code !== null && childrenOf(book, code).length === 0;
  const targets = code ? mergeTargets(book, code).map(option) : [];
  return {
    isNew: code === null,
    heading: code ? labelOf(book, code, language) : t('codebook.add'),
    key: code?.key ?? '',
    given: code ? t('codebook.givenTimes', { count: facts.given }) : '',
    back: `/codebook/${programme.key}`,
    form: formOf('texts', { ...textValues(code), parent: facts.under }),
    languages: languagesOf(book).map((each) => ({ code: each, language: languageName(each) })),
    action: base,
    parents,
    place: code && {
      action: `${base}/place`,
      form: formOf('place', { parent: parent?.key ?? '', before: nextSibling(book, code)?.key ?? '' }),
      befores: [
        ...siblings(book, code).map((each) => ({
          value: each.key,
          text: t('codebook.before', { name: textIn(each.name, language) }),
        })),
        { value: '', text: t('codebook.atEnd') },
      ],
    },
    merge:
      targets.length > 0
        ? {
            action: `${base}/merger`,
            form: formOf('merge', {}),
            targets: [{ value: '', text: t('codebook.choose') }, ...targets],
          }
        : null,
    split: whole && code.kind === 'reason' ? { action: `${base}/split`, form: formOf('split', {}) } : null,
    retire: whole ? `${base}/retirement` : '',
    hindered: code && !whole ? t('codebook.error.hasChildren') : '',
  };
}

function textValues(code: Code | null): Record<string, string> {
  const flat = (field: string, texts: Texts) =>
    Object.entries(texts).map(([language, text]): [string, string] => [`${field}.${language}`, text]);
  return code ? Object.fromEntries([...flat('name', code.name), ...flat('description', code.description)]) : {};
}

const siblings = (book: Codebook, code: Code) =>
  offered(book).filter((each) => each.parentId === code.parentId && each.id !== code.id);

const nextSibling = (book: Codebook, code: Code) => siblings(book, code).find((each) => each.position > code.position);

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
      what: t(`codebook.changed.${change.kind}`, wordsOf(change, language)),
      who: t('codebook.changedBy', {
        who: (change.accountId && names.get(change.accountId)) || t('coding.someProgram'),
        when: formatMoment(change.at, language, timeZone),
      }),
      revision: t('codebook.revision', { revision: change.revision }),
    })),
    more: next === null ? '' : `/codebook/${programme.key}/history?${new URLSearchParams({ after: next })}`,
  };
}

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
