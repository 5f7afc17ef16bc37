import { ADDRESS, FOR_GOOD, REST, SURE } from './phrases.ts';
import type { Cause } from './reading.ts';

/** RFC 3463; not a part of an IP address or of a version number. */
const CODE = String.raw`([245]\.[0-7]\.\d{1,3})(?![\d-]|\.\d)`;
const AFTER_REPLY = new RegExp(String.raw`(?<![\d.])[245]\d\d[ -]#?${CODE}`);
const AFTER_HASH = new RegExp(String.raw`#\s?(?:[245]\d\d\s)?${CODE}`);
/** A success is never told in passing: that is the version of a program. */
const ALONE = new RegExp(String.raw`(?<![\w.-])(?!2)${CODE}`);
const REPLY =
  /(?<![\d.\w-])(4[25]\d|5[02-57]\d)[ -](?=\D|[245]\.)|\b(?:smtp|error)[ _]?code[ :]{0,3}(4[25]\d|5[02-57]\d)\b/i;

/** The enhanced status code in a server's words, or ''. */
export function statusIn(text: string): string {
  return [AFTER_REPLY, AFTER_HASH, ALONE].map((each) => each.exec(text)?.[1]).find((code) => code !== undefined) ?? '';
}

/** The SMTP reply in the words, such as '550', or ''. */
function replyIn(text: string): string {
  const reply = REPLY.exec(text);
  return reply?.[1] ?? reply?.[2] ?? '';
}

/** Where nobody gave an enhanced code, the reply, if there is one. */
export function replied(status: string, words: string): { reply?: string } {
  const reply = status === '' ? replyIn(words) : '';
  return reply === '' ? {} : { reply };
}

/** '4' or '5' of an SMTP reply in the words, or ''. */
export const replyClassIn = (text: string) => replyIn(text)[0] ?? '';

/** Only these say that writing to the address again is useless. */
const ABOUT_ADDRESS = new Set<Cause>(['no_such_address', 'no_such_domain', 'disabled', 'moved']);

/** Whether a failure is of the address, for good. The class of the code decides: 4 never, whatever the words are. */
export function isHard(cause: Cause, statusClass: string, text: string): boolean {
  if (statusClass === '4') return false;
  if (ABOUT_ADDRESS.has(cause)) return true;
  return cause === 'unspecified' && (statusClass === '5' || FOR_GOOD.test(text));
}

const firstOf = (phrases: [Cause, RegExp][], text: string) => phrases.find(([, phrase]) => phrase.test(text))?.[0];

/** Web addresses say nothing, but hold words such as 'policy'; servers indent what goes on in the next line. */
const readable = (text: string) =>
  text
    .slice(0, 16_000)
    .replace(/https?:\/\/[^\s]{1,500}/gi, ' ')
    .replace(/\n[ \t]{1,40}(?=\S)/g, ' ')
    .slice(0, 8000);

/** Why something came back, by the code and by what is written beside it. */
export function causeOf(status: string, words: string): Cause {
  const cause = likelyCause(status, words);
  return status.startsWith('4') ? (FOR_NOW[cause] ?? cause) : cause;
}

/** A server that asks to try again has not said that something does not exist. */
const FOR_NOW: Partial<Record<Cause, Cause>> = { no_such_address: 'server', no_such_domain: 'unreachable' };

function likelyCause(status: string, words: string): Cause {
  const text = readable(words);
  const meant = causeOfStatus(status, text);
  const sure = firstOf(SURE, text);
  if (meant !== undefined && !(meant === 'no_such_address' && sure !== undefined)) return meant;
  const said = sure ?? firstOf(ADDRESS, text) ?? firstOf(REST, text);
  return said ?? vagueCause(status) ?? meant ?? 'unspecified';
}

const BY_DETAIL: Record<string, Cause> = {
  '1.1': 'no_such_address',
  '1.2': 'no_such_domain',
  '1.3': 'no_such_address',
  '1.6': 'moved',
  '1.7': 'our_address',
  '1.8': 'our_address',
  '1.10': 'no_such_address',
  '2.1': 'disabled',
  '2.2': 'full',
  '2.3': 'too_large',
  '2.121': 'throttled',
  '2.122': 'throttled',
  '3.4': 'too_large',
  '4.4': 'no_such_domain',
  '4.6': 'loop',
  '4.7': 'expired',
  '4.14': 'loop',
  '4.300': 'expired',
  '4.310': 'no_such_domain',
  '7.10': 'encryption',
  '7.11': 'encryption',
  '7.17': 'moved',
  '7.18': 'moved',
};

/** The codes that mean one thing wherever they come from (RFC 3463, RFC 5248, RFC 7505 and Microsoft's own). */
function causeOfStatus(status: string, text: string): Cause | undefined {
  const detail = status.slice(2);
  if (detail === '4.1' && /access denied/i.test(text)) return 'no_such_address';
  if (detail === '1.10' && /null mx/i.test(text)) return 'no_such_domain';
  if (detail === '2.1' && firstOf(SURE, text) !== undefined) return firstOf(SURE, text);
  if (/^7\.2\d$/.test(detail)) return 'authentication';
  return BY_DETAIL[detail];
}

/** Whether the code alone says why. */
export const isClear = (status: string) => BY_DETAIL[status.slice(2)] !== undefined;

const BY_SUBJECT: Record<string, Cause> = {
  '1': 'no_such_address',
  '2': 'unspecified',
  '3': 'server',
  '4': 'unreachable',
  '5': 'server',
  '6': 'content',
  '7': 'policy',
};

/** What is left of the code where the words say nothing. */
function vagueCause(status: string): Cause | undefined {
  return BY_SUBJECT[status.slice(2, 3)];
}
