import type { Logger } from 'pino';
import type { Customers } from '../customers/index.ts';
import type { Invitations } from '../invitations/index.ts';
import type { Bounces, Mailer } from '../mailer/index.ts';
import type { Recovery } from '../recovery/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { Storage } from '../storage/index.ts';

/** What merging two records needs of the other features. */
export interface MergingDeps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  mailer: Pick<Mailer, 'cancelQueued'>;
  bounces: Pick<Bounces, 'suppressions'>;
  customers: Pick<
    Customers,
    'get' | 'findMany' | 'pairOf' | 'mergeRecords' | 'carryOver' | 'quieten' | 'refuse' | 'unsubscribe' | 'touched'
  >;
  invitations: Pick<Invitations, 'mergeInto'>;
  recovery: Pick<Recovery, 'cases'>;
}
