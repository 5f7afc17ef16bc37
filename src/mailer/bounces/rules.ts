import type { Cause } from './reading.ts';

/**
 * So many soft bounces, each of another message ...: an invitation and both its reminders. Fewer may be one bad week of
 * a mail server.
 */
const SOFT_BOUNCES = 3;
/** ... within so many days: a full mailbox that has been emptied since starts anew. */
export const SOFT_DAYS = 30;
/** Words of people are deleted so many days after somebody has dealt with them. */
export const KEEP_WORDS_DAYS = 30;

/**
 * Only what is wrong with a mailbox or its server counts against an address. That we are on somebody's list, or that a
 * letter was too large, says nothing about the address: else one listing would suppress a whole provider's customers.
 */
const COUNTED = new Set<Cause>([
  'full',
  'greylisted',
  'unreachable',
  'expired',
  'server',
  'loop',
  'unspecified',
  'disabled',
  'no_such_address',
  'no_such_domain',
  'moved',
]);

/** Whether these soft bounces (one for each message and cause) mean that writing on is no use. */
export function isTooMany(bounces: { mail_id: string | null; cause: string }[]): boolean {
  const counted = bounces.filter(({ cause }) => COUNTED.has(cause as Cause));
  return new Set(counted.map(({ mail_id }) => mail_id)).size >= SOFT_BOUNCES;
}
