import { deserialize, serialize } from 'node:v8';
import type { ColumnMapping } from './columns.ts';
import type { CellError, CheckContext, FieldCells } from './field-readers.ts';
import { type Field, type FieldOf, type ImportKind, MONEY_FIELDS } from './fields.ts';
import { type DecimalMark, decimalOf, tallyDecimal } from './money-value.ts';
import type { Identity } from './row-checks.ts';
import type { RowData } from './row-data.ts';
import { ROW_CHECKS } from './rows.ts';
import type { Table, TableRow } from './table.ts';
import { bad, cellText } from './text-value.ts';

/**
 * A row of the file, by the spreadsheet's number: its data, or what is wrong and the cells as the file has them.
 * Rows that name a customer keep their cells, as there may be no such customer.
 */
export type CheckedRow<K extends ImportKind = ImportKind> =
  | { row: number; ok: true; data: RowData[K]; cells?: string[] }
  | { row: number; ok: false; errors: CellError[]; cells: string[] };

/**
 * Checks rows one after another; remembers which references and addresses it has seen, so each file needs its own.
 * `columns` is how many the header has.
 */
export function createRowChecker<K extends ImportKind>(
  kind: K,
  mapping: ColumnMapping<K>,
  columns: number,
  context: CheckContext,
): (row: TableRow) => CheckedRow<K> {
  const seen = new Map<string, number>();
  const check = ROW_CHECKS[kind];
  const places = Object.entries(mapping) as [FieldOf<K>, number][];
  return ({ row, cells }) => {
    const result = check(pick(places, cells), context);
    const errors = result.ok ? [] : result.errors;
    errors.push(...repeated(seen, result.identities, row));
    if (cells.length > columns) errors.push({ column: 'row', ...message('moreCells') });
    if (!result.ok || errors.length > 0) return { row, ok: false, errors, cells: cells.map(cellText) };
    const { data } = result;
    return kind === 'customers' ? { row, ok: true, data } : { row, ok: true, data, cells: cells.map(cellText) };
  };
}

function pick<F extends Field>(places: readonly [F, number][], cells: TableRow['cells']): FieldCells<F> {
  const picked: FieldCells<F> = {};
  for (const [field, column] of places) picked[field] = cells[column] ?? '';
  return picked;
}

function repeated(seen: Map<string, number>, identities: readonly Identity[], row: number): CellError[] {
  const errors: CellError[] = [];
  for (const [column, identity] of identities) {
    const key = `${column} ${identity}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, row);
    else errors.push({ column, ...message('alsoInRow', { row: String(first) }) });
  }
  return errors;
}

function message(name: string, values = {}): Omit<CellError, 'column'> {
  const { key, values: all } = bad(name, values);
  return { key, values: all };
}

/**
 * The same table, parsed once: the first time through keeps the rows outside the heap, in about the file's own size;
 * every later time reads those.
 */
export function keptTable(table: Table): Table {
  const kept: Buffer[] = [];
  let complete = false;
  async function* first(): AsyncGenerator<TableRow[]> {
    kept.length = 0;
    for await (const batch of table.batches()) {
      kept.push(serialize(batch));
      yield batch;
    }
    complete = true;
  }
  async function* again(): AsyncGenerator<TableRow[]> {
    for (const batch of kept) yield deserialize(batch) as TableRow[];
  }
  return { facts: table.facts, batches: () => (complete ? again() : first()) };
}

/** Reads the table once to the end: how many rows it has, and its decimal mark. Finds every FileFault there is. */
export async function surveyTable<K extends ImportKind>(
  table: Table,
  mapping: ColumnMapping<K>,
): Promise<{ rows: number; decimal: DecimalMark | null }> {
  const columns = moneyColumns(mapping);
  const tally = { ',': 0, '.': 0 };
  let rows = 0;
  for await (const batch of table.batches()) {
    rows += batch.length;
    for (const { cells } of batch) for (const column of columns) tallyDecimal(tally, cells[column] ?? '');
  }
  return { rows, decimal: decimalOf(tally) };
}

function moneyColumns(mapping: Partial<Record<Field, number>>): number[] {
  return MONEY_FIELDS.flatMap((field) => mapping[field] ?? []);
}
