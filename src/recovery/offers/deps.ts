import type { Accounts } from '../../accounts/index.ts';
import type { Customers } from '../../customers/index.ts';
import type { Mailer } from '../../mailer/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Db, Hooks, Storage } from '../../storage/index.ts';
import type { Cases } from '../cases/interface.ts';
import type { Decisions } from '../decisions/waiting.ts';
import type { OfferEnded } from './giving-interface.ts';

export interface OffersDeps {
  storage: Storage;
  clock: Clock;
  accounts: Pick<Accounts, 'audit' | 'company' | 'companyIn'>;
  mailer: Pick<Mailer, 'enqueue'>;
  decisions: Decisions;
  /** Told in the transaction in which one is taken back, or was not used in time. */
  ended: Hooks<OfferEnded>;
  customers: Pick<Customers, 'find' | 'purchasesSince' | 'recordEvents'>;
  cases: Pick<Cases, 'find' | 'note' | 'openOf'>;
  /** The first-level reason why they left, as somebody coded it, they stated it, or a colleague heard it; '' for none. */
  reasonOf(db: Db, customerId: string): Promise<string>;
}
