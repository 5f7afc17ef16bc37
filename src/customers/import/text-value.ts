import type { MessageValues } from '../../shared/errors.ts';
import { withoutInvisible } from '../../shared/invisible.ts';
import type { Cell } from './table.ts';

/** What a cell says, or which `import.error.` message explains why it cannot be taken. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; key: string; values: MessageValues };

export function good<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** The key without its `import.error.`. */
export function bad(key: string, values: MessageValues = {}): { ok: false; key: string; values: MessageValues } {
  return { ok: false, key: `import.error.${key}`, values };
}

/** Numbers as plain decimals ('4930123456', '0.5'), never with an exponent. */
export function cellText(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  const text = String(cell);
  return text.includes('e') ? cell.toFixed(Math.abs(cell) < 1 ? 15 : 0) : text;
}

const HIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/;

/** NUL and other control characters, all but tab and line ends. */
export function hasHiddenCharacter(text: string): boolean {
  return HIDDEN.test(text);
}

const MARK = '[\\s\\u00AD\\u180E\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2069\\uFEFF]';
const MARKS_AT_ENDS = new RegExp(`^${MARK}+|${MARK}+$`, 'gu');
const PICTURE = `(?:${MARK}|\\p{Extended_Pictographic}|\\p{Emoji_Modifier}|[\\u{1F1E6}-\\u{1F1FF}\\uFE0F\\u20E3])`;
const PICTURES_AT_ENDS = new RegExp(`^${PICTURE}+|${PICTURE}+$`, 'gu');

/** Spaces, direction marks and other invisible characters off both ends. */
export function trimmed(text: string): string {
  return text.replace(MARKS_AT_ENDS, '');
}

const ALREADY_PLAIN = /^[!-~\u00C0-\u024F]+(?: [!-~\u00C0-\u024F]+)*$/;

/** One line of well-formed text: composed letters, single spaces, no invisible characters. */
export function oneLine(text: string): string {
  if (ALREADY_PLAIN.test(text)) return text;
  return trimmed(withoutInvisible(text.toWellFormed().normalize('NFC'))).replace(/\s+/gu, ' ');
}

/** A name also loses the emoji around it, unless it has nothing else. */
export function nameLine(text: string): string {
  const line = oneLine(text);
  return line.replace(PICTURES_AT_ENDS, '') || line;
}

/** Text of several lines, with \n between them. */
export function manyLines(text: string): string {
  return trimmed(withoutInvisible(text).toWellFormed().normalize('NFC').replace(/\r\n?/g, '\n'));
}

/**
 * Letters and digits alone, without case, accents and the ways of writing them (ä, ae and æ are a): for comparing
 * headers and words.
 */
export function fold(text: string): string {
  const plain = text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'a')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '');
  return plain.replace(/(?<=[aou])e/g, '').replace(/[^\p{L}\p{N}]/gu, '');
}

const REMEMBERED = 2000;

/** Words come back row after row; what was made of one is kept. */
export function remembering<T>(parse: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = parse(text);
    if (known.size < REMEMBERED) known.set(text, result);
    return result;
  };
}
