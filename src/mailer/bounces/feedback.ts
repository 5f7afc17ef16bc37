import { addressesIn, addressInField } from './addresses.ts';
import { blocksOf, first, type Fields } from './fields.ts';
import type { Mail } from './message.ts';
import type { Verdict } from './reading.ts';

/** Each means that somebody does not want our mail (RFC 5965, and what providers wrote before it). */
const COMPLAINTS = new Set(['abuse', 'fraud', 'opt-out', 'opt-out-list', 'complaint', 'spam', 'miscategorized']);
/** Providers that send the message itself instead of a report. */
const BY_SUBJECT =
  /^(?:e-?mail )?feedback report for ip|^complaint about (?:message|e-?mail)|^junk (?:mail|e-?mail) report/i;
/** What people write into a subject, too: it counts only beside the message itself that it is about. */
const BESIDE_MESSAGE =
  /\b(?:spam|abuse) (?:complaint|report|feedback)\b|\breported (?:it )?as (?:spam|junk)\b|\bmarked as (?:spam|junk)\b/i;

/** What a feedback report (RFC 5965) says, or undefined where it is none. `returned`: the message that it is about. */
export function readFeedback(mail: Mail, returned: Fields | undefined): Verdict | undefined {
  const report = mail.parts.find(({ type }) => type === 'message/feedback-report')?.text ?? flattened(mail.text);
  if (report === undefined) return byProvider(mail, returned);
  const fields = new Map(blocksOf(report).flatMap((block) => [...block]));
  const type = first(fields, 'feedback-type').toLowerCase().trim();
  const named = ['original-rcpt-to', 'removal-recipient', 'original-recipient'].map((name) =>
    addressInField(first(fields, name)),
  );
  const recipient = named.find((address) => address !== '') ?? recipientOf(returned);
  if (COMPLAINTS.has(type)) return { recipient, kind: 'complaint', cause: 'complaint', status: '' };
  return { recipient, kind: 'other', cause: type === 'not-spam' ? 'not_spam' : 'report', status: '' };
}

function flattened(text: string): string | undefined {
  const at = text.search(/^feedback-type[ \t]*:/im);
  return at >= 0 && /^(?:user-agent|version)[ \t]*:/im.test(text) ? text.slice(at) : undefined;
}

function byProvider(mail: Mail, returned: Fields | undefined): Verdict | undefined {
  const told = first(returned, 'x-hmxmroriginalrecipient') || first(mail.fields, 'x-hmxmroriginalrecipient');
  if (told === '' && !BY_SUBJECT.test(mail.subject) && !isBesideMessage(mail)) return undefined;
  return {
    recipient: addressInField(told) || recipientOf(returned),
    kind: 'complaint',
    cause: 'complaint',
    status: '',
  };
}

const isBesideMessage = ({ subject, parts }: Mail) =>
  BESIDE_MESSAGE.test(subject) && parts.some(({ type }) => type === 'message/rfc822');

const recipientOf = (returned: Fields | undefined) => addressesIn(first(returned, 'to'))[0] ?? '';
