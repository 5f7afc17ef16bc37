import { isUtf8 } from 'node:buffer';
import { type Encoding, fault } from './table.ts';

/** The text as UTF-8 without its byte order mark. */
interface Decoded {
  text: Buffer;
  encoding: Encoding;
}

/**
 * What is no UTF-8 is taken for Windows-1252, which is what spreadsheets on Windows write.
 * Throws a FileFault for a mixture of both and for what is no text.
 */
export function decodeText(bytes: Buffer): Decoded {
  const decoded = decode(bytes);
  if (looksBinary(decoded.text)) throw fault('notText');
  return decoded;
}

function decode(bytes: Buffer): Decoded {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return wide(bytes, 'UTF-16LE');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return wide(bytes, 'UTF-16BE');
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  if (isUtf8(bytes)) return { text: hasMark ? bytes.subarray(3) : bytes, encoding: 'UTF-8' };
  if (hasMark || isMostlyUtf8(bytes)) throw fault('mixedEncodings');
  return { text: Buffer.from(new TextDecoder('windows-1252').decode(bytes)), encoding: 'Windows-1252' };
}

function wide(bytes: Buffer, encoding: 'UTF-16LE' | 'UTF-16BE'): Decoded {
  try {
    return { text: Buffer.from(new TextDecoder(encoding.toLowerCase(), { fatal: true }).decode(bytes)), encoding };
  } catch {
    throw fault('mixedEncodings');
  }
}

/** Accented letters of Windows-1252 hardly ever make UTF-8 by chance, so more good than broken ones mean a damaged file. */
function isMostlyUtf8(bytes: Buffer): boolean {
  let broken = 0;
  let good = 0;
  for (const character of bytes.toString('utf8').matchAll(/[^\0-\x7F]/gu)) {
    if (character[0] === '\uFFFD') broken += 1;
    else good += 1;
  }
  return good > broken;
}

function looksBinary(text: Buffer): boolean {
  const sample = text.subarray(0, 65_536);
  let odd = 0;
  for (const byte of sample) if (byte < 9 || (byte > 13 && byte < 32)) odd += 1;
  return odd * 200 > sample.length;
}
