import type { Logger } from 'pino';
import type { Accounts } from '../accounts/index.ts';
import type { Customers } from '../customers/index.ts';
import type { Invitations } from '../invitations/index.ts';
import type { Loyalty } from '../loyalty/index.ts';
import type { Bounces, Mailer } from '../mailer/index.ts';
import type { Recovery } from '../recovery/index.ts';
import type { Insight } from '../reports/index.ts';
import type { Leases } from '../scheduler/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { Storage } from '../storage/index.ts';
import type { Telephone } from '../telephone/index.ts';

/** What erasing and exporting need of all other features. */
export interface PrivacyDeps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  leases: Leases;
  /** A file beside the secret that remembers outside the database who was erased. */
  erasures: string | undefined;
  mailer: Pick<Mailer, 'cancelQueued'>;
  bounces: Pick<Bounces, 'forget' | 'suppressions'>;
  accounts: Pick<Accounts, 'audit' | 'company'>;
  customers: Pick<Customers, 'findByReference' | 'touched'>;
  invitations: Pick<Invitations, 'withdrawFor'>;
  telephone: Pick<Telephone, 'onUnsubscribed'>;
  recovery: Pick<Recovery, 'forget' | 'forgetStrangers'>;
  loyalty: Pick<Loyalty, 'forget'>;
  insight: Pick<Insight, 'risk'>;
}
