import { csvTable } from './csv-table.ts';
import { fault, LIMITS, type Table } from './table.ts';
import { xlsxTable } from './xlsx-table.ts';

/**
 * A customer's file as a table: CSV (UTF-8, Windows-1252, UTF-16; comma, semicolon, tab) or Excel's .xlsx, told apart
 * by its content. Throws a FileFault; faults further down a CSV come from `batches()`.
 */
export async function readTable(bytes: Uint8Array, filename: string): Promise<Table> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length > LIMITS.fileBytes) throw fault('tooLarge', { megabytes: LIMITS.fileBytes / 1024 / 1024 });
  if (file.length === 0) throw fault('empty');
  if (file.subarray(0, 2).equals(Buffer.from('PK'))) return xlsxTable(file);
  refuseOtherFormats(file, filename);
  return csvTable(file);
}

const OLD_OFFICE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');
const MARKUP = /^\s*(<(!doctype|html|\?xml|table|meta|style)|\{\\rtf|\{\s*"|\[\s*[{["])/i;

function refuseOtherFormats(file: Buffer, filename: string): void {
  if (file.subarray(0, 8).equals(OLD_OFFICE)) {
    throw fault(file.includes(ENCRYPTED) ? 'passwordProtected' : 'oldExcel');
  }
  if (file.subarray(0, 5).toString('latin1') === '%PDF-') throw fault('pdf');
  // Many programs write a web page and name it .xls.
  if (MARKUP.test(file.subarray(0, 512).toString('latin1').replace(/^ï»¿/, ''))) {
    throw fault(/\.xls$/i.test(filename) ? 'oldExcel' : 'unknownFormat');
  }
}
