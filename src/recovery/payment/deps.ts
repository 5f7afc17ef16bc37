import type { RecoveryDeps } from '../deps.ts';
import type { Cases } from '../cases/interface.ts';

/** What talking about arrears needs. */
export type PaymentDeps = Pick<
  RecoveryDeps,
  | 'storage'
  | 'clock'
  | 'logger'
  | 'texts'
  | 'render'
  | 'leases'
  | 'mailer'
  | 'bounces'
  | 'accounts'
  | 'customers'
  | 'invitations'
  | 'signer'
> & { cases: Cases };

export const KIND = 'payment_difficulty';
/** The kind of mail. */
export const LETTER = 'payment.letter';

/** What Today says is to be done next; its texts are 'today.step.STEP'. */
export const STEPS = {
  invite: 'payment_invite',
  call: 'payment_call',
  plan: 'payment_plan',
  words: 'payment_words',
  missed: 'payment_missed',
  paid: 'payment_paid',
} as const;
