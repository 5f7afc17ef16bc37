import { isUtf8 } from 'node:buffer';
import { pictureOf } from '../../shared/picture-size.ts';
import { isArchive, officeType, type EXCEL, type WORD } from './office.ts';

/** What is taken; everything else is refused, whatever it calls itself. */
export type FileType =
  | 'image/jpeg'
  | 'image/png'
  | 'image/webp'
  | 'image/gif'
  | 'image/heic'
  | 'application/pdf'
  | 'text/plain'
  | typeof WORD
  | typeof EXCEL;

interface Typed {
  type: FileType;
  /** As it is kept: texts in UTF-8. */
  bytes: Buffer;
}

/** Beyond it the browser that has to unpack a picture suffers. */
const MOST_PIXELS_ASIDE = 10_000;

/** What a file is by its content alone; undefined for what is not taken. Never trusts a name or a declared type. */
export function typeOf(bytes: Buffer): Typed | undefined {
  const type = pictureOf(bytes)?.type ?? gifOrHeic(bytes) ?? pdfOrOffice(bytes);
  if (type !== undefined) return { type, bytes };
  const text = textOf(bytes);
  return text === undefined ? undefined : { type: 'text/plain', bytes: Buffer.from(text) };
}

const HEIC_BRANDS = new Set(['heic', 'heix', 'hevc', 'heim', 'heis', 'mif1', 'msf1']);

function gifOrHeic(bytes: Buffer): FileType | undefined {
  const head = bytes.toString('latin1', 0, 12);
  if (/^GIF8[79]a/.test(head) && bytes.length > 13) {
    const [width, height] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
    return Math.min(width, height) >= 1 && Math.max(width, height) <= MOST_PIXELS_ASIDE ? 'image/gif' : undefined;
  }
  return head.slice(4, 8) === 'ftyp' && HEIC_BRANDS.has(head.slice(8, 12)) ? 'image/heic' : undefined;
}

function pdfOrOffice(bytes: Buffer): FileType | undefined {
  // ISO 32000-1, 7.5.2. A document that is an archive or a page as well has something to hide.
  if (bytes.toString('latin1', 0, 5) === '%PDF-') return isArchive(bytes) ? undefined : 'application/pdf';
  if (bytes.toString('latin1', 0, 4) !== 'PK\u0003\u0004') return undefined;
  return officeType(bytes);
}

/** Scripts, pages and drawings are text too; none of them is taken. */
const MARKUP = /^\s*(?:<[!?a-z]|#!|\{\\rtf|%!PS|%PDF)/i;
const SCRIPT = /<(?:script|html|svg|iframe|object|embed|body|xml|foreignobject)\b|javascript:|<\?php/i;

function textOf(bytes: Buffer): string | undefined {
  const text = decoded(bytes);
  if (text === undefined || text.trim() === '' || /[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]/.test(text)) return undefined;
  return MARKUP.test(text) || SCRIPT.test(text) ? undefined : text;
}

function decoded(bytes: Buffer): string | undefined {
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes);
  const wide =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : '';
  try {
    if (wide) return new TextDecoder(wide, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
  // Windows-1252 has no place for NUL and few others; a file that is no text at all shows some of them.
  return new TextDecoder('windows-1252').decode(bytes);
}
