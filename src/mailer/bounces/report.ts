import { addressInField, addressesIn } from './addresses.ts';
import { causeOf, isHard, replyClassIn, statusIn } from './causes.ts';
import { blocksOf, first, type Fields } from './fields.ts';
import type { Mail } from './message.ts';
import type { Verdict } from './reading.ts';

const REPORTS = new Set(['message/delivery-status', 'message/global-delivery-status']);
const MOST_RECIPIENTS = 100;

/** The recipients of a delivery status notification (RFC 3464), the worst news first; empty where it is none. */
export function readReport(mail: Mail): Verdict[] {
  const reports = mail.parts.filter(({ type }) => REPORTS.has(type)).map(({ text }) => text);
  // Some gateways flatten the report into the text, others name its part wrongly.
  const texts = reports.length > 0 ? reports : [mail.text, ...mail.parts.map(({ text }) => text)].filter(holdsReport);
  const recipients = texts.flatMap((text) => blocksOf(text)).filter(isRecipient);
  const verdicts = recipients.slice(0, MOST_RECIPIENTS).map((fields) => verdictOf(fields, mail));
  return verdicts.toSorted((a, b) => SEVERITY.indexOf(a.kind) - SEVERITY.indexOf(b.kind));
}

const SEVERITY = ['hard', 'soft', 'complaint', 'auto-reply', 'other'];

const holdsReport = (text: string) =>
  /^(?:final|original)-recipient[ \t]*:/im.test(text) && /^(?:action|status)[ \t]*:/im.test(text);

const isRecipient = (fields: Fields) =>
  fields.has('final-recipient') || fields.has('original-recipient') || (fields.has('action') && fields.has('status'));

function verdictOf(fields: Fields, mail: Mail): Verdict {
  const diagnostic = (fields.get('diagnostic-code') ?? []).join(' ').replace(/^[\w-]{1,20}\s?;\s?/, '');
  const status = statusOf(fields, diagnostic);
  const recipient = recipientOf(fields, diagnostic);
  const action = /[a-z]+/.exec(first(fields, 'action').toLowerCase())?.[0] ?? '';
  if (action === 'delivered' || action === 'relayed' || action === 'expanded' || status.startsWith('2.')) {
    return { recipient, kind: 'other', cause: 'delivered', status };
  }
  if (action === 'delayed') return { recipient, kind: 'soft', cause: 'delayed', status };
  const words = diagnostic || mail.text.slice(0, 4000);
  const cause = causeInWords(status, words, mail);
  return {
    recipient,
    kind: isHard(cause, status[0] ?? replyClassIn(diagnostic), words) ? 'hard' : 'soft',
    cause,
    status,
  };
}

/** The words for people are full of phrases that fit anything; they count only where the diagnostic says nothing. */
function causeInWords(status: string, words: string, mail: Mail): Verdict['cause'] {
  const cause = causeOf(status, words);
  const vague = cause === 'unspecified' && !mail.text.startsWith(words);
  return vague ? causeOf(status, mail.text.slice(0, 4000)) : cause;
}

/** 'x.0.0' says nothing that the class does not: then what the other server answered is better. */
function statusOf(fields: Fields, diagnostic: string): string {
  const stated = /(?<!\d)([245]\.\d{1,3}\.\d{1,3})/.exec(first(fields, 'status'))?.[1] ?? '';
  if (stated !== '' && !stated.endsWith('.0.0')) return stated;
  const told = statusIn(diagnostic);
  return told !== '' && (stated === '' || told[0] === stated[0]) ? told : stated;
}

/** The address that was written to, rather than one that it was forwarded to. */
function recipientOf(fields: Fields, diagnostic: string): string {
  const named = ['original-recipient', 'final-recipient', 'x-actual-recipient'].map((name) =>
    addressInField(first(fields, name)),
  );
  return named.find((address) => address !== '') ?? addressesIn(diagnostic)[0] ?? '';
}
