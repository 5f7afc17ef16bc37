import { countries } from '../../accounts/index.ts';
import { formatDay, formatMoment, formatNumber, type Translate } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import type { Page } from '../../storage/index.ts';
import { formView, hasRole, type FormView, type Staff } from '../../web/index.ts';
import { DUPLICATES } from '../duplicates/web.ts';
import { FIELDS, IMPORT_KINDS, type ImportKind, LEGAL_BASES, LIMITS } from '../import/index.ts';
import { languageChoices, type Choice } from '../words.ts';
import { isUndoable, undoableUntil, type Import } from './facts.ts';
import type { KeptRow } from './kept.ts';
import { remarkTable, type RemarkTable } from './remark-views.ts';
import type { RemarkedRow } from './row-store.ts';
import { columnLabel, IMPORTS, pathOf } from './web.ts';

export interface ImportList {
  rows: {
    href: string;
    name: string;
    kind: string;
    when: string;
    who: string;
    state: string;
    mood: string;
    result: string;
  }[];
  more: string | null;
  first: string | null;
}

export interface NewImportPage {
  form: FormView;
  kind: ImportKind;
  kinds: { href: string; text: string; current: boolean }[];
  fileHint: string;
  needs: string;
  columns: string;
  /** Only files of customers have something to say about the whole. */
  whole: { languages: Choice[]; countries: Choice[]; bases: Choice[] } | null;
}

export interface ProgressPage {
  name: string;
  heading: string;
  lead: string;
  done: number;
  /** 0 while that is not known. */
  total: number;
  text: string;
}

export interface DonePage {
  name: string;
  lead: string;
  facts: { term: string; text: string }[];
  rejected: string | null;
  undo: { action: string; note: string } | null;
  kept: { heading: string; rows: { row: string; text: string; href: string | null }[]; more: string | null } | null;
  remarks: RemarkTable | null;
  /** For whoever may put two records together. */
  duplicatesHref: string | null;
  /** Whoever brought customers in mostly wants to ask them something. */
  waveHref: string | null;
}

export interface FailedPage {
  name: string;
  /** The file as a whole was not taken, or the import broke off. */
  fault: string;
  lead: string;
  again: string;
  goOn: { action: string; undo: string } | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'customers/imports': ImportList;
    'customers/import-new': NewImportPage;
    'customers/import-progress': ProgressPage;
    'customers/import-done': DonePage;
    'customers/import-failed': FailedPage;
  }
}

const MOODS: Partial<Record<Import['state'], string>> = { done: 'good', failed: 'bad', checked: 'late' };

export function importList(
  { rows, next }: Page<Import>,
  after: string | null,
  names: Map<string, string>,
  staff: Staff,
): ImportList {
  const { t } = staff;
  return {
    rows: rows.map((each) => ({
      href: pathOf(each.id),
      name: each.filename,
      kind: t(`imports.kind.${each.kind}`),
      when: formatMoment(each.createdAt, staff.language, staff.timeZone),
      who: names.get(each.createdBy ?? '') ?? t('imports.byCommand'),
      state: t(`imports.state.${stateWord(each)}`),
      mood: MOODS[each.state] ?? '',
      result: each.state === 'done' || each.state === 'undone' ? resultOf(each, t) : '',
    })),
    more: next ? `${IMPORTS}?after=${next}` : null,
    first: after ? IMPORTS : null,
  };
}

function stateWord({ state, facts }: Import): string {
  return state === 'failed' && facts.failedIn !== 'reading' ? 'brokeOff' : state;
}

function resultOf({ rows }: Import, t: Translate): string {
  return t('imports.result', { new: rows.new, update: rows.update, bad: rows.bad });
}

export function newImportPage(
  kind: ImportKind,
  typed: unknown,
  { t, language }: Pick<Staff, 't' | 'language'>,
  errors?: FieldErrors,
): NewImportPage {
  const optional = (text: string, choices: Choice[]) => [{ value: '', text }, ...choices];
  return {
    form: formView(typed, errors, t),
    kind,
    kinds: IMPORT_KINDS.map((each) => ({
      href: `${IMPORTS}/new?kind=${each}`,
      text: t(`imports.kind.${each}`),
      current: each === kind,
    })),
    fileHint: t('imports.new.fileHint', { megabytes: LIMITS.fileBytes / 1024 / 1024, rows: LIMITS.rows }),
    needs: t(`imports.new.needs.${kind}`),
    columns: FIELDS[kind].map((field) => columnLabel(kind, field, t)).join(', '),
    whole:
      kind === 'customers'
        ? {
            languages: languageChoices(language),
            countries: optional(t('imports.new.noCountry'), countries(language)),
            bases: optional(
              t('imports.new.noBasis'),
              LEGAL_BASES.map((basis) => ({ value: basis, text: t(`customers.basis.${basis}`) })),
            ),
          }
        : null,
  };
}

/** For a page that renews itself until the stage is over. */
export function progressPage({ filename, state, rows }: Import, t: Translate): ProgressPage {
  const total = state === 'reading' ? rows.total : rows.new + rows.update;
  return {
    name: filename,
    heading: t(`imports.progress.${state}`),
    lead: t(`imports.progress.${state}.lead`),
    done: Math.min(rows.done, total),
    total,
    text: total > 0 ? t('imports.progress.rows', { done: rows.done, count: total }) : t('imports.progress.begins'),
  };
}

export function failedPage({ id, kind, filename, facts, rows }: Import, t: Translate): FailedPage {
  const brokeOff = facts.failedIn !== 'reading';
  const fault = facts.fault ?? { key: 'error.unknown', values: {} };
  return {
    name: filename,
    fault: t(fault.key, fault.values),
    lead: t(brokeOff ? `imports.failed.${facts.failedIn}` : 'imports.failed.reading', {
      done: rows.done,
      count: rows.new + rows.update,
    }),
    again: `${IMPORTS}/new?kind=${kind}`,
    goOn: brokeOff
      ? { action: facts.failedIn === 'importing' ? `${pathOf(id)}/start` : '', undo: `${pathOf(id)}/undo` }
      : null,
  };
}

export function donePage(
  given: Import,
  { kept, remarked }: { kept: Page<KeptRow> | null; remarked: RemarkedRow[] },
  now: string,
  staff: Staff,
): DonePage {
  const { t } = staff;
  const { id, kind, filename, state, rows, forgottenAt } = given;
  const until = undoableUntil(given);
  return {
    name: filename,
    lead: t(`imports.done.${state}`, { count: state === 'undone' ? rows.done - rows.kept : rows.new + rows.update }),
    facts: factsOf(given, staff),
    waveHref: kind === 'customers' && state === 'done' ? '/waves/new' : null,
    rejected: rows.bad > 0 && forgottenAt === null && state === 'done' ? `${pathOf(id)}/rejected.csv` : null,
    undo:
      isUndoable(given, now) && until !== null && rows.new + rows.update > 0
        ? {
            action: `${pathOf(id)}/undo`,
            note: t('imports.done.until', { when: formatMoment(until, staff.language, staff.timeZone) }),
          }
        : null,
    kept: kept && rows.kept > 0 ? keptPart(given, kept, t) : null,
    remarks: remarkTable(given, remarked, t),
    duplicatesHref:
      given.kind === 'customers' && state === 'done' && hasRole(staff.role, 'manager') ? DUPLICATES : null,
  };
}

function keptPart({ id, rows }: Import, kept: Page<KeptRow>, t: Translate): DonePage['kept'] {
  return {
    heading: t('imports.done.kept', { count: rows.kept }),
    rows: kept.rows.map(({ row, reference, customer }) => ({
      row: t('imports.row', { row: String(row) }),
      text: customer?.name ?? reference,
      href: customer && `/customers/${customer.id}`,
    })),
    more: kept.next === null ? null : `${pathOf(id)}?after=${kept.next}`,
  };
}

function factsOf({ kind, rows, state, facts }: Import, { t, language }: Staff): DonePage['facts'] {
  if (state === 'discarded') return [];
  const count = (key: string, value: number) => ({
    term: t(`imports.count.${key}`),
    text: formatNumber(value, language),
  });
  const { legalBasis: basis } = facts.given;
  return [
    { term: t('imports.what'), text: t(`imports.kind.${kind}`) },
    count('new', rows.new),
    ...(facts.alike > 0 && state !== 'undone' ? [count('alike', facts.alike)] : []),
    count('update', rows.update),
    ...(rows.same > 0 ? [count('same', rows.same)] : []),
    count('bad', rows.bad),
    ...(state === 'undone' ? [count('kept', rows.kept)] : []),
    ...(basis
      ? [
          {
            term: t('imports.new.basis'),
            text: [t(`customers.basis.${basis.basis}`), basis.source, formatDay(basis.on, language)].join(' · '),
          },
        ]
      : []),
  ];
}
