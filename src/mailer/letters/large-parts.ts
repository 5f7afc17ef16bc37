import { randomBytes } from 'node:crypto';

/** As bytes, so that its base64 form needs no filling and what follows it is decoded as before. */
const MARK_BYTES = 24;
const NONCE_BYTES = 16;
/** So many full lines of base64 together are a file, never a person's words. */
const LEAST_LINES = 1_000;
/** The parser's time grows with the lines: these take it about a second. */
const MOST_LINES = 30_000;
const NEWLINE = 10;
const RETURN = 13;

const IN_BASE64 = new Uint8Array(256);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
  IN_BASE64[letter.charCodeAt(0)] = 1;

export interface Lightened {
  /** The message with a mark in the place of each large stretch of base64. */
  bytes: Buffer;
  /** Something at its end is missing. */
  cut: boolean;
  /** The content of a part with what stood in the place of its mark. */
  restore(content: Buffer): Buffer;
  /** Whether a text holds a mark: a file that was declared as text. */
  hasMark(text: string): boolean;
}

/** Takes large files out of a message before it is parsed, which takes as long for each line of them as for a line of text. */
export function lighten(raw: Buffer): Lightened {
  const nonce = randomBytes(NONCE_BYTES);
  const kept: Buffer[] = [];
  const taken: Buffer[] = [];
  let [lines, from] = [0, 0];
  for (const { start, end, count } of stretches(raw)) {
    if (count < LEAST_LINES) {
      lines += count;
      if (lines <= MOST_LINES) continue;
      kept.push(raw.subarray(from, start));
      return lightened(kept, taken, nonce, true);
    }
    kept.push(raw.subarray(from, start), Buffer.from(`${markOf(nonce, taken.length).toString('base64')}\r\n`));
    taken.push(raw.subarray(start, end));
    from = end;
  }
  kept.push(raw.subarray(from));
  return lightened(kept, taken, nonce, false);
}

interface Stretch {
  start: number;
  end: number;
  /** Lines. */
  count: number;
}

/** The message as stretches of lines that are full of base64, and single lines that are not. */
function* stretches(raw: Buffer): Generator<Stretch> {
  let [start, count] = [0, 0];
  for (let at = 0; at < raw.length;) {
    const newline = raw.indexOf(NEWLINE, at);
    const next = newline < 0 ? raw.length : newline + 1;
    if (newline >= 0 && isFull(raw, at, newline)) count++;
    else {
      if (count > 0) yield { start, end: at, count };
      yield { start: at, end: next, count: 1 };
      [start, count] = [next, 0];
    }
    at = next;
  }
  if (count > 0) yield { start, end: raw.length, count };
}

/** Lines of base64 that can be decoded by themselves. */
function isFull(raw: Buffer, from: number, newline: number): boolean {
  const to = raw[newline - 1] === RETURN ? newline - 1 : newline;
  const length = to - from;
  if (length < 48 || length > 1000 || length % 4 !== 0) return false;
  for (let at = from; at < to; at++) if (IN_BASE64[raw[at] ?? 0] !== 1) return false;
  return true;
}

function markOf(nonce: Buffer, index: number): Buffer {
  const mark = Buffer.alloc(MARK_BYTES);
  nonce.copy(mark);
  mark.writeUInt32BE(index, NONCE_BYTES);
  return mark;
}

function lightened(kept: Buffer[], taken: Buffer[], nonce: Buffer, cut: boolean): Lightened {
  const text = nonce.toString('base64').slice(0, 20);
  return {
    bytes: Buffer.concat(kept),
    cut,
    restore(content) {
      const at = content.indexOf(nonce);
      const part = at < 0 ? undefined : taken[content.readUInt32BE(at + NONCE_BYTES)];
      if (!part) return content;
      const rest = content.subarray(at + MARK_BYTES);
      return Buffer.concat([content.subarray(0, at), Buffer.from(part.toString('latin1'), 'base64'), rest]);
    },
    hasMark: (words) => words.includes(text) || Buffer.from(words).includes(nonce),
  };
}
