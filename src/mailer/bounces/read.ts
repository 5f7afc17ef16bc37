import { readAutomatic } from './automatic.ts';
import { readFeedback } from './feedback.ts';
import { openMail, type Mail } from './message.ts';
import { isBounce, readPlain } from './plain.ts';
import type { Reading, Verdict } from './reading.ts';
import { readRefusal } from './refused.ts';
import { readReport } from './report.ts';
import { addressesIn } from './addresses.ts';
import type { Fields } from './fields.ts';
import { recipientsIn, returnedTo } from './recipients.ts';
import { messageIdIn, returnedFields, tokenIn } from './returned.ts';

/**
 * What a message says that came to the address for returned mail: a delivery report (RFC 3464), a complaint (RFC 5965),
 * what servers without either write in their own words, an answer by a machine, or something for a person to read.
 * Takes any bytes and never throws; only the first half of a megabyte is looked at.
 */
export async function readReturned(raw: Uint8Array): Promise<Reading> {
  return await readDeep(raw, 0);
}

/** A bounce that somebody has forwarded whole stands within another message. */
const DEEPEST = 2;

async function readDeep(raw: Uint8Array, depth: number): Promise<Reading> {
  const mail = await openMail(raw);
  const verdicts = verdictsOf(mail);
  const reading = asReading(mail, verdicts);
  if (reading.kind !== 'other' || depth === DEEPEST || verdicts.length > 0) return reading;
  for (const { type, text } of mail.parts) {
    if (type !== 'message/rfc822') continue;
    const inner = await readDeep(Buffer.from(text), depth + 1);
    if (inner.kind !== 'other' && inner.kind !== 'auto-reply') return inner;
  }
  return reading;
}

function verdictsOf(mail: Mail): Verdict[] {
  const returned = returnedFields(mail);
  const complaint = readFeedback(mail, returned);
  if (complaint) return [complaint];
  const reported = readReport(mail);
  if (reported.length > 0) return reported.map((each) => withRecipient(each, reported.length, mail, returned));
  const refusal = readRefusal(mail);
  if (refusal) return [refusal];
  const automatic = readAutomatic(mail);
  if (automatic === 'receipt' || (automatic !== undefined && !isBounce(mail))) return [machineWrote(mail, automatic)];
  return isBounce(mail) ? readPlain(mail, returned) : [];
}

/** Where a report of one recipient does not name an address, another field or the message that it returns does. */
function withRecipient(verdict: Verdict, count: number, mail: Mail, returned: Fields | undefined): Verdict {
  if (verdict.recipient !== '' || count > 1) return verdict;
  const named = [...(mail.fields.get('x-failed-recipients') ?? []), ...returnedTo(returned)];
  return { ...verdict, recipient: named.flatMap(addressesIn)[0] ?? recipientsIn(mail, mail.text, returned)[0] ?? '' };
}

const machineWrote = (mail: Mail, cause: Verdict['cause']): Verdict => ({
  recipient: addressesIn(mail.sender.address)[0] ?? '',
  kind: 'auto-reply',
  cause,
  status: '',
});

function asReading(mail: Mail, verdicts: Verdict[]): Reading {
  const [worst = NOTHING, ...others] = verdicts;
  const { sender, subject, text } = mail;
  return {
    ...worst,
    others,
    token: tokenIn(mail),
    messageId: messageIdIn(mail, returnedFields(mail)),
    sender: sender.name ? `${sender.name} <${sender.address}>` : sender.address,
    subject,
    text,
  };
}

const NOTHING: Verdict = { recipient: '', kind: 'other', cause: 'unknown', status: '' };
