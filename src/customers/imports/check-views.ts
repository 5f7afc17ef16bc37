import { formatMoment, type Translate } from '../../i18n/index.ts';
import type { Page } from '../../storage/index.ts';
import type { Staff } from '../../web/index.ts';
import { type CellError, columnLetter } from '../import/index.ts';
import { listed } from '../words.ts';
import { isReady, type Import } from './facts.ts';
import { remarkTable, type RemarkTable } from './remark-views.ts';
import type { BadRow, RemarkedRow } from './row-store.ts';
import { columnLabel, IMPORTS, pathOf, shortened } from './web.ts';

export interface CheckPage {
  name: string;
  lead: string;
  /** Null where nothing would change. */
  plan: {
    heading: string;
    meter: { total: number; parts: { part: string; x: number; width: number }[] };
    keys: { part: string; text: string }[];
    action: string;
    button: string;
  } | null;
  again: string;
  discard: string;
  warnings: string[];
  remarks: RemarkTable | null;
  bad: BadTable | null;
  facts: string;
  columns: string;
}

export interface BadTable {
  heading: string;
  download: string;
  header: { name: string; field: string }[];
  rows: { row: string; errors: string[]; cells: { name: string; text: string; errors: string[] }[] }[];
  more: string | null;
  first: string | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'customers/import-check': CheckPage;
    'customers/import-bad-rows': BadTable;
  }
}

interface CheckFacts {
  given: Import;
  bad: Page<BadRow>;
  remarked: RemarkedRow[];
  after: number;
  earlier: Import | undefined;
}

export function checkPage({ given, bad, remarked, after, earlier }: CheckFacts, staff: Staff): CheckPage {
  const { t } = staff;
  const { id, kind, filename, rows } = given;
  return {
    name: filename,
    lead: leadOf(given, t),
    plan: isReady(given) ? planOf(given, t) : null,
    again: `${IMPORTS}/new?kind=${kind}`,
    discard: `${pathOf(id)}/removal`,
    warnings: warningsOf(given, earlier, staff),
    remarks: remarkTable(given, remarked, t),
    bad: rows.bad > 0 ? badTable(given, bad, after, t) : null,
    facts: readAs(given, t),
    columns: `${pathOf(id)}/columns`,
  };
}

function leadOf({ rows }: Import, t: Translate): string {
  const good = rows.total - rows.bad;
  const state =
    rows.bad === 0
      ? t('imports.check.allGood')
      : good === 0
        ? t('imports.check.noneGood')
        : `${t('imports.check.good', { count: good })} ${t('imports.check.bad', { count: rows.bad })}`;
  const nothing = rows.new + rows.update === 0 && good > 0 ? t('imports.check.allKnown') : t('imports.check.unchanged');
  return [t('imports.check.rows', { count: rows.total }), state, nothing].join(' ');
}

/** The parts stand side by side with a hairline between them, as wide as their counts. */
function planOf({ id, kind, rows }: Import, t: Translate): CheckPage['plan'] {
  const parts = [
    { part: '1', key: 'new', count: rows.new },
    { part: '2', key: 'update', count: rows.update },
    { part: '0', key: 'same', count: rows.same },
    { part: '4', key: 'bad', count: rows.bad },
  ].filter(({ key, count }) => count > 0 || key === 'new');
  const total = rows.new + rows.update + rows.same + rows.bad;
  let x = 0;
  const widths = parts.map(({ part, count }) => {
    const width = (count / total) * METER;
    x += width;
    return { part, x: rounded(x - width), width: rounded(Math.max(0, width - GAP)) };
  });
  return {
    heading: t('imports.check.plan', { new: rows.new, update: rows.update, bad: rows.bad }),
    meter: { total: METER, parts: widths },
    keys: parts.map(({ part, key, count }) => ({ part, text: t(`imports.check.key.${key}`, { count }) })),
    action: `${pathOf(id)}/start`,
    button: t(`imports.check.button.${kind}`, { count: rows.new + rows.update }),
  };
}

const METER = 400;
const GAP = 1;
const rounded = (value: number) => Math.round(value * 10) / 10;

function warningsOf(
  { kind, rows, facts }: Import,
  earlier: Import | undefined,
  { t, language, timeZone }: Staff,
): string[] {
  const { strangers, alike, mapping, given } = facts;
  const warnings: string[] = [];
  const noBasis = given.legalBasis === null && !('legalBasis' in mapping);
  if (kind === 'customers' && rows.new > 0 && noBasis) warnings.push(t('imports.check.noBasis', { count: rows.new }));
  if (earlier && rows.new > 0 && (kind === 'purchases' || kind === 'dealings')) {
    const when = formatMoment(earlier.finishedAt ?? earlier.createdAt, language, timeZone);
    warnings.push(t('imports.check.earlier', { when, count: rows.new }));
  }
  if (strangers.rows > 0) {
    const names = listed([...strangers.names.slice(0, 3), ...(strangers.names.length > 3 ? ['…'] : [])], language);
    warnings.push(t('imports.check.strangers', { count: strangers.rows, names }));
  }
  if (alike > 0) warnings.push(t('imports.check.alike', { count: alike }));
  return warnings;
}

function badTable(given: Import, bad: Page<BadRow>, after: number, t: Translate): BadTable {
  const { id, kind, facts, rows } = given;
  const fields = usedColumns(facts.mapping);
  const header = facts.table?.header ?? [];
  return {
    heading: t('imports.check.mend', { count: rows.bad }),
    download: `${pathOf(id)}/rejected.csv`,
    header: fields.map(({ field, column }) => ({
      name: header[column] || columnLetter(column),
      field: columnLabel(kind, field, t),
    })),
    rows: bad.rows.map(({ row, cells, errors }) => ({
      row: t('imports.row', { row: String(row) }),
      errors: errors.filter(({ column }) => !(column in facts.mapping)).map((error) => withColumn(given, error, t)),
      cells: fields.map(({ field, column }) => ({
        name: header[column] || columnLetter(column),
        text: shortened(cells[column] ?? ''),
        errors: errors.filter((error) => error.column === field).map((error) => t(error.key, error.values)),
      })),
    })),
    more: bad.next === null ? null : `${pathOf(id)}?after=${bad.next}`,
    first: after > 0 ? pathOf(id) : null,
  };
}

/** In the file's order. */
export function usedColumns(mapping: Record<string, number>): { field: string; column: number }[] {
  return Object.entries(mapping)
    .map(([field, column]) => ({ field, column }))
    .sort((a, b) => a.column - b.column);
}

/** What is wrong where: with the row as a whole, or with a column by the name that the file gives it, or we. */
function withColumn({ kind, facts }: Import, { column, key, values }: CellError, t: Translate): string {
  if (column === 'row') return t(key, values);
  const name = facts.table?.header[facts.mapping[column] ?? -1];
  return `${name || columnLabel(kind, column, t)}: ${t(key, values)}`;
}

/** All that is wrong with a row, for the file of rejected rows. */
export function explained(given: Import, { errors }: { errors: CellError[] }, t: Translate): string {
  return errors.map((error) => withColumn(given, error, t)).join('; ');
}

/** How the file was understood, in a sentence or two. */
export function readAs({ facts }: Import, t: Translate): string {
  const { table, decimal, unused } = facts;
  if (!table) return '';
  const separator = table.separator === null ? '' : t(`imports.facts.separator.${SEPARATORS[table.separator]}`);
  const parts = [
    table.format === 'xlsx'
      ? t('imports.facts.xlsx')
      : t('imports.facts.csv', { encoding: table.encoding, separator }) +
        (decimal ? `, ${t(`imports.facts.decimal.${DECIMALS[decimal]}`)}.` : '.'),
  ];
  if (unused.length > 0) parts.push(t('imports.facts.unused', { count: unused.length, columns: unused.join(', ') }));
  return parts.join(' ');
}

const SEPARATORS = { ',': 'comma', ';': 'semicolon', '\t': 'tab' };
const DECIMALS = { ',': 'comma', '.': 'point' };
