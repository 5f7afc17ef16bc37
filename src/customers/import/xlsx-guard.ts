import { fault, LIMITS } from './table.ts';
import { storedZip, unpackEntry, type ZipEntry, zipEntries } from '../../shared/zip.ts';

const READ = /^(?!xl\/(theme|drawings|charts|media|embeddings|comments|pivot))[^\\]*\.(xml|rels)$/;

/**
 * The parts of an Excel file that are read, unpacked once within the limits and put in an archive of their own: what
 * was checked is then exactly what the reader sees, whatever the original's headers claim.
 */
export function checkedArchive(bytes: Buffer): Buffer {
  const entries = zipEntries(bytes);
  if (!entries) throw fault('damaged');
  refuseOthers(entries);
  const files = unpackAll(bytes, entries);
  const path = firstSheet(files);
  const xml = files.get(path)?.toString('latin1');
  if (xml === undefined) throw fault('damaged');
  refuseHugeSheet(xml);
  files.set(path, Buffer.from(withErrorsAsText(xml), 'latin1'));
  return storedZip(files);
}

function refuseOthers(entries: ZipEntry[]): void {
  const names = new Set(entries.map((entry) => entry.name));
  if (entries.some((entry) => entry.encrypted)) throw fault('passwordProtected');
  if (names.has('xl/workbook.xml')) return;
  const spreadsheet = names.has('xl/workbook.bin') || names.has('content.xml') || names.has('Index/Document.iwa');
  throw fault(spreadsheet ? 'otherSpreadsheet' : 'unknownFormat');
}

function unpackAll(bytes: Buffer, entries: ZipEntry[]): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  let left: number = LIMITS.unpackedBytes;
  for (const entry of entries.filter(({ name }) => READ.test(name))) {
    if (entry.unpacked > left) throw tooMuch();
    const content = unpackEntry(bytes, entry, entry.unpacked);
    if (!content) throw fault('damaged');
    left -= content.length;
    files.set(entry.name, content);
  }
  return files;
}

function tooMuch(): Error {
  return fault('unpacksTooLarge', { megabytes: LIMITS.unpackedBytes / 1024 / 1024 });
}

const SHEET_ID = /<(?:\w+:)?sheet\s[^>]*?\w:id=["']([^"']+)["']/;

/** The path of the sheet that opens first: the workbook names an id, its relations the file. */
function firstSheet(files: ReadonlyMap<string, Buffer>): string {
  const [, id] = SHEET_ID.exec(files.get('xl/workbook.xml')?.toString('utf8') ?? '') ?? [];
  const relations = files.get('xl/_rels/workbook.xml.rels')?.toString('utf8') ?? '';
  const relation = (relations.match(/<(?:\w+:)?Relationship\s[^>]*>/g) ?? []).find(
    (tag) => attribute(tag, 'Id') === id,
  );
  const target = relation ? (attribute(relation, 'Target') ?? '') : '';
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\s${name}=["']([^"']*)["']`).exec(tag)?.[1];
}

const ROW = /<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*["'](\d+)/g;
const FILLED_CELL = /<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Za-z]+)(\d+)["'](?![^>]*\/>)/g;

/** The reader fills gaps with empty rows and cells, so one cell far away costs as much as a full sheet. */
function refuseHugeSheet(xml: string): void {
  let lastRow = 0;
  let lastColumn = 0;
  for (const [, row] of xml.matchAll(ROW)) if (Number(row) > LIMITS.rowNumber) throw fault('damaged');
  for (const [, letters = '', row] of xml.matchAll(FILLED_CELL)) {
    lastRow = Math.max(lastRow, Number(row));
    lastColumn = Math.max(lastColumn, columnNumber(letters));
  }
  if (lastRow > LIMITS.rowNumber) throw fault('damaged');
  if (lastColumn > LIMITS.columns) throw fault('tooManyColumns', { columns: LIMITS.columns });
  if (lastRow * lastColumn > LIMITS.cells) throw fault('tooManyCells', { cells: LIMITS.cells });
}

function columnNumber(letters: string): number {
  if (letters.length > 3) return LIMITS.columns + 1;
  return [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

const ERROR_CELL = /(<(?:\w+:)?c\s[^>]*?\bt\s*=\s*)["']e["']/g;

/** The reader takes a formula's error (#N/A) for an empty cell, which would erase what is known of a customer. */
function withErrorsAsText(xml: string): string {
  return xml.replace(ERROR_CELL, '$1"str"');
}
