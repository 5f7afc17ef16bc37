import type { Logger } from 'pino';
import type { Leases } from '../../scheduler/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Storage } from '../../storage/index.ts';
import type { Customers, CustomersDeps } from '../interface.ts';

/** What importing needs of the customers, the accounts feature and the platform. */
export interface ImportsDeps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  leases: Leases;
  customers: Customers;
  audit: CustomersDeps['audit'];
  colleagues: CustomersDeps['colleagues'];
  company: CustomersDeps['company'];
}

/** Asked between two short steps of a long stage: whether to go on. */
export type GoOn = () => Promise<boolean>;
