import { addressInField, addressesIn } from './addresses.ts';
import { causeOf, isClear, isHard, replied, replyClassIn, statusIn } from './causes.ts';
import { blocksOf, first, type Fields } from './fields.ts';
import type { Mail } from './message.ts';
import type { Verdict } from './reading.ts';
import { splitText } from './returned.ts';

const REPORTS = new Set(['message/delivery-status', 'message/global-delivery-status']);
const MOST_RECIPIENTS = 100;

/** The recipients of a delivery status notification (RFC 3464), the worst news first; empty where it is none. */
export function readReport(mail: Mail): Verdict[] {
  const reports = mail.parts.filter(({ type }) => REPORTS.has(type)).map(({ text }) => text);
  // Some gateways flatten the report into the text, others name its part wrongly.
  const texts = reports.length > 0 ? reports : [mail.text, ...mail.parts.map(({ text }) => text)].filter(holdsReport);
  const recipients = texts.flatMap((text) => blocksOf(text)).filter(isRecipient);
  const verdicts = recipients.slice(0, MOST_RECIPIENTS).map((fields) => verdictOf(fields, mail));
  return onceEach(verdicts.toSorted((a, b) => SEVERITY.indexOf(a.kind) - SEVERITY.indexOf(b.kind)));
}

/** Some servers tell of the same address for each host that they tried. */
function onceEach(verdicts: Verdict[]): Verdict[] {
  const seen = new Set<string>();
  return verdicts.filter(({ recipient }) => {
    const known = seen.has(recipient.toLowerCase());
    seen.add(recipient.toLowerCase());
    return !known;
  });
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
  const said = splitText(mail.text).said.slice(0, 4000);
  const cause = causeInWords(status, diagnostic, said);
  const words = diagnostic || said;
  const hard = isHard(cause, status[0] ?? replyClassIn(words), words);
  return { recipient, kind: hard ? 'hard' : 'soft', cause, status, ...replied(status, words) };
}

/** The words for people are full of phrases that fit anything; they count only where nothing else says why. */
function causeInWords(status: string, diagnostic: string, said: string): Verdict['cause'] {
  if (diagnostic === '' && isClear(status)) return causeOf(status, '');
  const cause = causeOf(status, diagnostic || said);
  return cause === 'unspecified' ? causeOf(status, said) : cause;
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
