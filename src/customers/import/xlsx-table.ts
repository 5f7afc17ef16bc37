import { setImmediate } from 'node:timers/promises';
import { fitRow, headerAmong, MOST_ABOVE, readHeader } from './header.ts';
import { checkedArchive } from './xlsx-guard.ts';
import { type Cell, fault, LIMITS, type Table, type TableRow } from './table.ts';
import { cellText } from './text-value.ts';

/** Reads the first sheet. Throws a FileFault for what is no Excel file, is damaged, or would unpack to too much. */
export async function xlsxTable(bytes: Buffer): Promise<Table> {
  const rows = await sheetRows(checkedArchive(bytes));
  const start = rows.findIndex((cells) => fitRow(cells, 0) !== undefined);
  if (start < 0) throw fault('empty');
  const headerIndex = start + headerAmong(rows.slice(start, start + 1 + MOST_ABOVE));
  const header = readHeader(rows[headerIndex] ?? []);
  const table = dataRows(rows, headerIndex, header.length);
  if (table.length === 0) throw fault('noRows');
  if (table.length > LIMITS.rows) throw fault('tooManyRows', { rows: LIMITS.rows });
  const facts = { format: 'xlsx' as const, encoding: 'UTF-8' as const, separator: null, header };
  return { facts, batches: () => batches(table) };
}

async function sheetRows(archive: Buffer): Promise<Cell[][]> {
  // Only Excel files need it; a server that never sees one does not pay for it.
  const { readSheet } = await import('read-excel-file/node');
  try {
    const rows: unknown[][] = await readSheet(archive, 1, { trim: false });
    return rows.map((row) => row.map(cellOf));
  } catch {
    throw fault('damaged');
  }
}

function cellOf(value: unknown): Cell {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value === null || value === undefined) return '';
  return dayOf(value as Date);
}

/** 'YYYY-MM-DD', with 'THH:MM' where the cell has a time of day. Excel's days have no time zone; the reader puts them in UTC. */
function dayOf(date: Date): string {
  const time = date.getTime();
  if (Number.isNaN(time) || Math.abs(time) > 8.64e15 - 60_000) return '#NUM!';
  const text = new Date(Math.round(time / 60_000) * 60_000).toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, -14) : text.slice(0, -8);
}

function dataRows(rows: Cell[][], headerIndex: number, columns: number): TableRow[] {
  const table: TableRow[] = [];
  for (let index = headerIndex + 1; index < rows.length; index += 1) {
    const cells = fitRow(rows[index] ?? [], columns);
    if (!cells) continue;
    if (tooLong(cells)) throw fault('rowTooLong', { row: String(index + 1), characters: LIMITS.rowCharacters });
    table.push({ row: index + 1, cells });
  }
  return table;
}

function tooLong(cells: Cell[]): boolean {
  return cells.reduce((sum: number, cell) => sum + cellText(cell).length, 0) > LIMITS.rowCharacters;
}

async function* batches(table: TableRow[]): AsyncGenerator<TableRow[]> {
  for (let start = 0; start < table.length; start += LIMITS.batchRows) {
    yield table.slice(start, start + LIMITS.batchRows);
    await setImmediate();
  }
}
