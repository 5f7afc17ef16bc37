import { unpackEntry, zipEntries, type ZipEntry } from '../../shared/zip.ts';

export const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
export const EXCEL = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const MOST_ENTRIES = 2_000;
const MOST_UNPACKED_BYTES = 60 * 1024 * 1024;
/** Programs, and archives within the archive. */
const REFUSED = /vbaproject|\.bin$|activex|oleobject|\.(?:zip|exe|dll|js|vbs|jar|docm|xlsm|html?|svg)$|macro/i;

/**
 * A Word or Excel document, unpacked once within the limits: what the directory claims about sizes counts for nothing.
 * Undefined for every other archive, and for documents with programs in them.
 */
export function officeType(bytes: Buffer): typeof WORD | typeof EXCEL | undefined {
  const entries = zipEntries(bytes);
  if (!entries || !isHarmless(entries) || !unpacks(bytes, entries)) return undefined;
  const names = new Set(entries.map(({ name }) => name));
  if (!names.has('[Content_Types].xml')) return undefined;
  if (names.has('word/document.xml')) return WORD;
  if (names.has('xl/workbook.xml')) return EXCEL;
  return undefined;
}

function isHarmless(entries: ZipEntry[]): boolean {
  if (entries.length > MOST_ENTRIES) return false;
  return entries.every(({ name, encrypted }) => !encrypted && !REFUSED.test(name) && !/\.\.|^\/|\\/.test(name));
}

function unpacks(bytes: Buffer, entries: ZipEntry[]): boolean {
  let left = MOST_UNPACKED_BYTES;
  if (entries.reduce((sum, { unpacked }) => sum + unpacked, 0) > left) return false;
  for (const entry of entries) {
    if (entry.unpacked === 0) continue;
    const content = unpackEntry(bytes, entry, Math.min(left, entry.unpacked));
    if (!content) return false;
    left -= content.length;
  }
  return true;
}

/** Whether programs that unpack archives would find one at the end, whatever stands before it. */
export function isArchive(bytes: Buffer): boolean {
  for (
    let at = bytes.lastIndexOf('PK\u0005\u0006');
    at >= 0;
    at = at === 0 ? -1 : bytes.lastIndexOf('PK\u0005\u0006', at - 1)
  ) {
    if (at + 22 <= bytes.length && at + 22 + bytes.readUInt16LE(at + 20) === bytes.length) return true;
  }
  return false;
}
