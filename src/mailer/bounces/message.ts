import type { Address, Email } from 'postal-mime';
import { blockOf, type Fields } from './fields.ts';
import { textOfHtml } from './html-text.ts';
import { mended } from './mended.ts';

/** What matters stands in front; a returned message behind it may be of any size. */
const MOST_BYTES = 512 * 1024;
/** The time of the parser grows with the lines. */
const MOST_LINES = 10_000;
const MOST_TEXT = 64 * 1024;

interface Part {
  /** Lower case, e.g. 'message/delivery-status'. */
  type: string;
  text: string;
}

/** A message in parts, its text decoded. */
export interface Mail {
  fields: Fields;
  sender: { name: string; address: string };
  subject: string;
  text: string;
  /** Parts that are not text for people: reports, returned messages or their headers. */
  parts: Part[];
}

/** Reads any bytes. What is no MIME at all is read as fields, an empty line, and text. */
export async function openMail(raw: Uint8Array): Promise<Mail> {
  const bytes = beginningOf(mended(raw.subarray(0, MOST_BYTES)));
  try {
    const { default: PostalMime } = await import('postal-mime');
    const email = await PostalMime.parse(bytes, { forceRfc822Attachments: true, maxNestingDepth: 50 });
    return asMail(email, bytes);
  } catch {
    return plainMail(decode(bytes));
  }
}

function beginningOf(bytes: Uint8Array): Uint8Array {
  let end = -1;
  for (let lines = 0; lines < MOST_LINES; lines++) {
    end = bytes.indexOf(10, end + 1);
    if (end < 0) return bytes;
  }
  return bytes.subarray(0, end);
}

function asMail(email: Email, bytes: Uint8Array): Mail {
  const parts = email.attachments.map((part) => ({ type: typeOf(part), text: decode(part.content) }));
  const text = email.text ?? (email.html ? textOfHtml(email.html.slice(0, MOST_TEXT * 4)) : '');
  // Where the parts' boundary is not the one that was announced, everything is a preamble.
  const lost = text.trim() === '' && parts.length === 0;
  return {
    fields: fieldsOf(email),
    sender: senderOf(email.from),
    subject: clean(email.subject ?? '').slice(0, 1000),
    text: clean(lost ? bodyOf(decode(bytes)) : text).slice(0, MOST_TEXT),
    parts,
  };
}

/** Some attach the message that came back as any file, and only its name tells. */
function typeOf({ mimeType, filename }: Email['attachments'][number]): string {
  return mimeType === 'application/octet-stream' && /\.eml$/i.test(filename ?? '') ? 'message/rfc822' : mimeType;
}

function fieldsOf({ headers }: Email): Fields {
  const fields: Fields = new Map();
  for (const { key, value } of headers) fields.set(key, [...(fields.get(key) ?? []), clean(value)]);
  return fields;
}

function senderOf(from: Address | undefined): Mail['sender'] {
  const mailbox = from && 'group' in from && from.group ? from.group[0] : from;
  return { name: clean(mailbox?.name ?? '').slice(0, 300), address: clean(mailbox?.address ?? '').slice(0, 320) };
}

function plainMail(text: string): Mail {
  const fields = blockOf(text.slice(0, MOST_TEXT));
  const from = fields.get('from')?.[0] ?? '';
  return {
    fields,
    sender: { name: from, address: /[^\s<>]{1,64}@[^\s<>]{1,255}/.exec(from)?.[0] ?? '' },
    subject: fields.get('subject')?.[0] ?? '',
    text: bodyOf(text).slice(0, MOST_TEXT),
    parts: [],
  };
}

function bodyOf(text: string): string {
  const end = /\r?\n\r?\n/.exec(text);
  return end ? text.slice(end.index + end[0].length) : text;
}

function decode(content: ArrayBuffer | Uint8Array | string): string {
  if (typeof content === 'string') return clean(content);
  const bytes = new Uint8Array(content).subarray(0, MOST_BYTES);
  try {
    return clean(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return clean(new TextDecoder('windows-1252').decode(bytes));
  }
}

const clean = (text: string) => text.replaceAll('\0', '').replaceAll('\r\n', '\n').replaceAll('\r', '\n');
