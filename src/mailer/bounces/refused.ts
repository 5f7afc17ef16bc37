import { addressInField, addressesIn } from './addresses.ts';
import { causeOf, isHard } from './causes.ts';
import { blocksOf, first } from './fields.ts';
import type { Mail } from './message.ts';
import type { Verdict } from './reading.ts';

/**
 * A mailbox that refuses by a rule of its owner or for want of room (RFC 5429) says so as if it were a receipt: the
 * message was deleted, by a machine, and somewhere it says that it was rejected.
 */
export function readRefusal(mail: Mail): Verdict | undefined {
  const receipt = mail.parts.find(({ type }) => type.endsWith('disposition-notification'));
  if (!receipt) return undefined;
  const fields = new Map(blocksOf(receipt.text).flatMap((block) => [...block]));
  if (!isRefusal(first(fields, 'disposition'), mail)) return undefined;
  const words = mail.text.slice(0, 2000);
  const cause = causeOf('', words);
  const named = addressInField(first(fields, 'final-recipient') || first(fields, 'original-recipient'));
  return {
    recipient: named || (addressesIn(mail.sender.address)[0] ?? ''),
    kind: isHard(cause, '', words) ? 'hard' : 'soft',
    cause: cause === 'unspecified' ? 'policy' : cause,
    status: '',
  };
}

function isRefusal(disposition: string, { fields, subject, text }: Mail): boolean {
  if (/;\s?(?:denied|failed)\b/i.test(disposition)) return true;
  const told = [first(fields, 'auto-submitted'), subject, text.slice(0, 1000)];
  return /;\s?deleted\b/i.test(disposition) && told.some((words) => /\b(?:rejected|refused)\b/i.test(words));
}
