import { CODING_ROWS } from '../coding/index.ts';
import { CUSTOMER_ROWS } from '../customers/index.ts';
import { INVITATION_ROWS } from '../invitations/index.ts';
import { ATTENTION_ROWS } from '../loyalty/index.ts';
import { MAILER_ROWS } from '../mailer/index.ts';
import { RECOVERY_ROWS } from '../recovery/index.ts';
import { FIGURE_ROWS } from '../reports/index.ts';
import { RESPONSE_ROWS } from '../responses/index.ts';
import { MESSAGE_ROWS } from '../retention/index.ts';
import type { CustomerRows } from '../storage/index.ts';
import { CALL_ROWS } from '../telephone/index.ts';

/** Whatever may simply be put under another customer; customers and invitations do more with theirs, and do it themselves. */
export const MOVED_ROWS: CustomerRows[] = [
  ...MAILER_ROWS,
  ...RESPONSE_ROWS,
  ...CALL_ROWS,
  ...CODING_ROWS,
  ...RECOVERY_ROWS,
  ...ATTENTION_ROWS,
  ...MESSAGE_ROWS,
  ...FIGURE_ROWS,
];

/** Every row of every feature that belongs to a customer. */
export const ALL_ROWS: CustomerRows[] = [...CUSTOMER_ROWS, ...INVITATION_ROWS, ...MOVED_ROWS];

/** What a person is told of that moves, in this order. */
export const TOLD = [
  ...[
    'purchase',
    'invoice',
    'dealing',
    'invitation',
    'response',
    'recovery_case',
    'case_mail',
    'phone_call',
    'winback_call',
  ],
  ...[
    'risk_call',
    'offer_given',
    'payment_plan',
    'greeting',
    'alert',
    'public_comment',
    'trust_ask',
    'trust_reference',
  ],
  ...['referral', 'policy_message', 'customer_tag', 'timeline_event'],
] as const;
