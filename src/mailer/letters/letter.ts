import type { Attachment, Email } from 'postal-mime';
import { addressesIn } from '../bounces/addresses.ts';
import { isByMachine } from '../bounces/automatic.ts';
import { first } from '../bounces/fields.ts';
import { openMail, type Mail } from '../bounces/message.ts';
import { textOfHtml } from '../bounces/html-text.ts';
import { lighten, type Lightened } from './large-parts.ts';
import { splitQuoted } from './quoted.ts';
import { trustOf, type Trust } from './trust.ts';

/** More of a message is never read: what stands behind is said to be missing. */
export const MOST_LETTER_BYTES = 20 * 1024 * 1024;
const MOST_WORDS = 64 * 1024;
const MOST_FILES = 20;
const MOST_ANSWERED = 20;

/** What somebody wrote to us, as a person reads it. Nothing in it is checked, and nothing of it was fetched from elsewhere. */
export interface Letter {
  from: { name: string; address: string };
  /** Every address that it says it went to, lower case. */
  to: string[];
  subject: string;
  /** What is new in it, and the earlier letter below. */
  words: string;
  quoted: string;
  /** Without brackets; '' without one. */
  messageId: string;
  /** The Message-IDs of the letters that it answers, the nearest first. */
  answers: string[];
  /** A machine wrote it: an out-of-office reply, a newsletter, a receipt. */
  automatic: boolean;
  /** Whether the address in `from` is really the sender's. */
  trust: Trust;
  files: { name: string; bytes: Buffer }[];
  /** Files that were not read, and why. */
  missing: { name: string; why: 'cut' | 'tooMany' }[];
}

/** Reads any bytes and never throws; the time grows with their length only. */
export async function readLetter(raw: Buffer): Promise<Letter> {
  const whole = raw.subarray(0, MOST_LETTER_BYTES);
  const light = lighten(whole);
  const mail = await openMail(whole);
  const parsed = await parse(light.bytes);
  const cut = light.cut || raw.length >= MOST_LETTER_BYTES;
  return { ...written(mail, parsed, light), ...namesIn(mail), ...filesOf(parsed, light, cut) };
}

async function parse(bytes: Buffer): Promise<Email | undefined> {
  try {
    const { default: PostalMime } = await import('postal-mime');
    return await PostalMime.parse(bytes, { forceRfc822Attachments: true, maxNestingDepth: 50 });
  } catch {
    return undefined;
  }
}

function written(mail: Mail, parsed: Email | undefined, light: Lightened): Pick<Letter, 'words' | 'quoted'> {
  const text = parsed?.text ?? (parsed?.html ? textOfHtml(parsed.html.slice(0, 4 * MOST_WORDS)) : mail.text);
  const { words, quoted } = splitQuoted(light.hasMark(text) ? '' : clean(text).slice(0, MOST_WORDS));
  return { words: words.trim(), quoted: quoted.trimEnd() };
}

/** Databases take no NUL, and no half of a pair. */
const clean = (text: string) => text.replaceAll('\0', '').replace(/\r\n?/g, '\n').toWellFormed();

const TO = ['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-delivered-to'];

function namesIn(mail: Mail) {
  const { fields, sender, subject } = mail;
  const addresses = TO.flatMap((name) => fields.get(name) ?? []).flatMap(addressesIn);
  return {
    from: { name: oneLine(sender.name), address: addressesIn(sender.address)[0] ?? '' },
    to: [...new Set(addresses.map((address) => address.toLowerCase()))],
    subject: oneLine(subject),
    messageId: idsIn(first(fields, 'message-id'))[0] ?? '',
    answers: [
      ...new Set([...idsIn(first(fields, 'in-reply-to')), ...idsIn(first(fields, 'references')).reverse()]),
    ].slice(0, MOST_ANSWERED),
    automatic: isByMachine(mail) || isOfList(mail),
    trust: trustOf(fields, sender.address),
  };
}

const oneLine = (text: string) =>
  clean(text)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 300);

const idsIn = (text: string) => [...text.slice(0, 20_000).matchAll(/<([^\s<>"]{3,300})>/g)].map(([, id = '']) => id);

/** Newsletters and lists (RFC 2369, RFC 2919), and what has been around before. */
function isOfList({ fields }: Mail): boolean {
  const precedence = first(fields, 'precedence').trim();
  const names = ['list-id', 'list-unsubscribe', 'list-post', 'list-help', 'x-loop', 'feedback-id', 'x-campaign-id'];
  return /^(?:bulk|junk|list)/i.test(precedence) || names.some((name) => fields.has(name));
}

function filesOf(parsed: Email | undefined, light: Lightened, cut: boolean): Pick<Letter, 'files' | 'missing'> {
  if (!parsed) return { files: [], missing: [{ name: '', why: 'cut' }] };
  const parts = parsed.attachments.filter((part) => !isSignature(part));
  // What was cut off in the middle is worth nothing.
  const whole = cut ? parts.slice(0, -1) : parts;
  const missing: Letter['missing'] = whole.slice(MOST_FILES).map((part) => ({ name: nameOf(part), why: 'tooMany' }));
  const last = parts.at(-1);
  if (cut) missing.push({ name: last ? nameOf(last) : '', why: 'cut' });
  const files = whole.slice(0, MOST_FILES).map((part) => ({ name: nameOf(part), bytes: light.restore(bytesOf(part)) }));
  return { files, missing: missing.slice(0, MOST_FILES) };
}

/** Keys and signatures say nothing to people. */
const isSignature = ({ mimeType }: Attachment) => /pgp-(?:signature|keys)|pkcs7-signature/.test(mimeType);

const nameOf = ({ filename, mimeType }: Attachment) => oneLine(filename ?? '') || mimeType;

function bytesOf({ content }: Attachment): Buffer {
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer);
}
