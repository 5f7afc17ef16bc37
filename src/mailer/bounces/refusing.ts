import type { Tx } from '../../storage/index.ts';
import { causeOf, isHard, statusIn } from './causes.ts';
import type { FindAddressee } from './receiving.ts';
import type { NewlySuppressed } from './recording.ts';
import type { Suppressions } from './suppressions.ts';

/** A mail that the receiving server would not take while it was being handed over. */
export interface Refused {
  mailId: string;
  kind: string;
  subjectId: string;
  /** That it was addressed to. */
  address: string;
  /** The reply's codes: '550 5.1.1'. */
  reply: string;
}

interface RefusingDeps {
  suppressions: Pick<Suppressions, 'add' | 'keyOf'>;
  addressee(mailKind: string): FindAddressee | undefined;
  onSuppressed(tx: Tx, suppressed: NewlySuppressed): Promise<void>;
}

/**
 * A server that refuses at once says the same as one that sends a report afterwards: where its code is about the
 * address and for good, nothing is sent there any more. A reply without an enhanced code (RFC 3463) is too vague.
 */
export function createRefusing({ suppressions, addressee, onSuppressed }: RefusingDeps) {
  return async (tx: Tx, { mailId, kind, subjectId, address, reply }: Refused): Promise<void> => {
    const status = statusIn(reply);
    const cause = causeOf(status, '');
    if (!status.startsWith('5') || !isHard(cause, '5', '') || cause === 'unspecified') return;
    const customerId = (await addressee(kind)?.(tx, subjectId))?.customerId ?? null;
    if (customerId === null) return;
    const addressKey = suppressions.keyOf(address);
    const added = await suppressions.add(tx, {
      addressKey,
      kind: 'hard',
      how: cause,
      source: `refused ${mailId}`,
      customerId,
    });
    if (added) await onSuppressed(tx, { customerId, kind: 'hard' });
  };
}
