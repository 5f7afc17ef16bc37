import { Readable, pipeline } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import { withoutFormulaGuard } from '../../shared/csv.ts';
import { fitRow, headerAmong, MOST_ABOVE, namesColumns, readHeader } from './header.ts';
import { declaredSeparator, detectSeparator } from './separator.ts';
import { fault, LIMITS, type Separator, type Table, type TableRow } from './table.ts';
import { decodeText } from './text-encoding.ts';

const CHUNK = 64 * 1024;

interface Source {
  text: Buffer;
  separator: Separator;
}

/** Throws a FileFault for what is no table; faults further down come from `batches()`. */
export async function csvTable(bytes: Buffer): Promise<Table> {
  const { text, encoding } = decodeText(bytes);
  const source = splitting(text);
  const above = await firstRows(source);
  const found = above[headerAmong(above.map(({ cells }) => cells))];
  if (!found) throw fault('empty');
  const header = readHeader(found.cells);
  const facts = { format: 'csv' as const, encoding, separator: source.separator, header };
  return { facts, batches: () => batches(source, found.row, header.length) };
}

/** The first row that holds anything, and as many after it as may stand above the names of the columns. */
async function firstRows(source: Source): Promise<{ row: number; cells: string[] }[]> {
  const rows: { row: number; cells: string[] }[] = [];
  for await (const each of records(source)) {
    if (rows.length === 0 && each.cells.every((cell) => cell.trim() === '')) continue;
    rows.push(each);
    if (rows.length > MOST_ABOVE || namesColumns(each.cells)) break;
  }
  return rows;
}

function splitting(text: Buffer): Source {
  const start = text.subarray(0, CHUNK).toString('utf8');
  const declared = declaredSeparator(start);
  if (declared) return { text: text.subarray(declared.length), separator: declared.separator };
  return { text, separator: detectSeparator(start) };
}

async function* batches(source: Source, headerRow: number, columns: number): AsyncGenerator<TableRow[]> {
  let batch: TableRow[] = [];
  let count = 0;
  for await (const { row, cells } of records(source)) {
    const fitted = row > headerRow ? fitRow(cells, columns) : undefined;
    if (!fitted) continue;
    if ((count += 1) > LIMITS.rows) throw fault('tooManyRows', { rows: LIMITS.rows });
    batch.push({ row, cells: fitted.map((cell) => withoutFormulaGuard(String(cell))) });
    if (batch.length < LIMITS.batchRows) continue;
    yield batch;
    batch = [];
    // Streams go on in microtasks; timers and messages need a turn of their own.
    await setImmediate();
  }
  if (count === 0) throw fault('noRows');
  if (batch.length > 0) yield batch;
}

/** Rows as a spreadsheet would number them: an empty line is one, a quoted cell of several lines is one. */
async function* records({ text, separator }: Source): AsyncGenerator<{ row: number; cells: string[] }> {
  const parser = parse({
    delimiter: separator,
    record_delimiter: lineEnds(text),
    // The parser looks for each of these at each byte: what the file does not have need not be looked for.
    ...(text.includes('"') ? {} : { quote: null, escape: null }),
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: LIMITS.rowCharacters,
  });
  let row = 0;
  try {
    // Errors reach the loop below through the parser; the callback is only there because pipeline wants one.
    pipeline(Readable.from(chunks(text), { objectMode: false }), parser, () => undefined);
    for await (const cells of parser as AsyncIterable<string[]>) {
      if ((row += 1) > LIMITS.rowNumber) throw fault('tooManyRows', { rows: LIMITS.rows });
      yield { row, cells };
    }
  } catch (error) {
    throw readable(error);
  } finally {
    parser.destroy();
  }
}

/** A lone carriage return ends lines only in the files of old Macs, which have no other. */
function lineEnds(text: Buffer): string[] {
  if (!text.includes('\r')) return ['\n'];
  return text.includes('\n') ? ['\r\n', '\n'] : ['\r'];
}

function* chunks(text: Buffer): Generator<Buffer> {
  for (let start = 0; start < text.length; start += CHUNK) yield text.subarray(start, start + CHUNK);
}

function readable(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  // As text, so that it is not said with a thousands separator that the spreadsheet does not show.
  const row = String(Number(error.records ?? 0) + 1);
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return fault('openQuote', { row });
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return fault('rowTooLong', { row, characters: LIMITS.rowCharacters });
  }
  return fault('damaged');
}
