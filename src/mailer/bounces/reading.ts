export type BounceKind = 'hard' | 'soft' | 'complaint' | 'auto-reply' | 'other';

/** Why, in a word: the text 'mail.cause.WORD' says it to people. */
export const CAUSES = [
  // The address is no good.
  'no_such_address',
  'no_such_domain',
  'disabled',
  'moved',
  // The mailbox or its server cannot take it now.
  'full',
  'greylisted',
  'throttled',
  'unreachable',
  'expired',
  'server',
  'loop',
  'delayed',
  // They do not want it from us.
  'blocked',
  'policy',
  'authentication',
  'encryption',
  'restricted',
  'relay',
  'our_address',
  'too_large',
  'content',
  'unspecified',
  // Words of people and machines.
  'complaint',
  'unsubscribed',
  'not_spam',
  'report',
  'delivered',
  'away',
  'challenge',
  'receipt',
  'automatic',
  'letter',
  'unknown',
] as const;
export type Cause = (typeof CAUSES)[number];

/** What a returned message says about one address. */
export interface Verdict {
  /** '' where the message does not say, or hides it. */
  recipient: string;
  kind: BounceKind;
  cause: Cause;
  /** RFC 3463, e.g. '5.1.1'; '' where there is none. */
  status: string;
  /** What the other server answered, e.g. '550', where it gave no status. */
  reply?: string;
}

/** A message that came back, or came to the address for returned mail. */
export interface Reading extends Verdict {
  /** What it says about further addresses. */
  others: Verdict[];
  /** As it stands in a return path of ours, unverified; '' without one. */
  token: string;
  /** The Message-ID of the message that it is about, without brackets; '' where it does not say. */
  messageId: string;
  /** Who wrote it, what about, and what: for a person to read. */
  sender: string;
  subject: string;
  text: string;
}
