import { isUtf8 } from 'node:buffer';

const LONGEST_PREAMBLE = 1200;

/** What gateways and archives do to a message on its way, undone before it is parsed. */
export function mended(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  const told = isUnmarkedUtf8(bytes, text) ? withUtf8(text) : text;
  const whole = withBoundary(withFolds(withLineFeeds(told).replace(/^\s{1,2000}(?=[a-z-]{2,40}:)/i, '')));
  return whole === text ? bytes : Buffer.from(whole, 'latin1');
}

/** Some announce an old charset and write UTF-8 all the same: what is well formed as that is hardly ever anything else. */
const isUnmarkedUtf8 = (bytes: Uint8Array, text: string) =>
  /[\x80-\xff]/.test(text) &&
  isUtf8(bytes) &&
  !/^content-transfer-encoding[ \t]*:[ \t]*(?:base64|quoted-printable)/im.test(text);

const withUtf8 = (text: string) =>
  text.replace(/\bcharset[ \t]?=[ \t]?"?(?:us-ascii|ascii|iso-8859-\d{1,2}|windows-125\d)\b"?/gi, 'charset="utf-8"');

/** Old programs end lines with a carriage return alone. */
const withLineFeeds = (text: string) => (text.includes('\n') ? text : text.replaceAll('\r', '\n'));

/** What belongs to a field in the next line is none of it any more without a semicolon before and a space. */
const withFolds = (text: string) =>
  text
    .replace(/^(content-type[ \t]*:[^\n]{1,300};[ \t]{0,9}\r?\n)(?=boundary=)/gim, '$1 ')
    .replace(/^(content-type[ \t]*:[^\n;]{1,100}?)(\r?\n[ \t]{1,40}(?:charset|boundary)=)/gim, '$1;$2');

/**
 * Where the header has lost its boundary, or announces another than the parts have: the one that the parts have. The
 * message that a server returns in one text has parts, too, but they are announced in that text.
 */
function withBoundary(text: string): string {
  const end = /\r?\n\r?\n/.exec(text);
  if (!end) return text;
  const [header, body] = [text.slice(0, end.index), text.slice(end.index)];
  const announced = boundaryIn(header);
  if (announced !== undefined && body.includes(`\n--${announced}`)) return text;
  const part = /\n--([^\s<>][^\r\n]{0,120}?)[ \t]{0,9}\r?\n(?=content-[a-z-]{2,30}[ \t]*:)/i.exec(body);
  const before = body.slice(0, part?.index ?? 0);
  const boundary = part?.[1]?.replace(/"/g, '') ?? '';
  if (boundary === '' || before.length > LONGEST_PREAMBLE || boundaryIn(before) !== undefined) return text;
  const kept = header.replace(/^content-(type|transfer-encoding)(?=[ \t]*:)/gim, 'X-Announced-$1');
  return `${kept}\nContent-Type: multipart/mixed; boundary="${boundary}"${body}`;
}

const boundaryIn = (text: string) => /\bboundary\s?=\s?"?([^";\r\n]{1,200})/i.exec(text)?.[1]?.trim();
