import { createCustomers, type Customers, type CustomersDeps } from '../../src/customers/index.ts';
import type { Storage } from '../../src/storage/index.ts';
import { testClock } from './clock.ts';

interface Audited {
  action: string;
  subject: { kind: string; id?: string | null };
  detail?: object | undefined;
}

/** The customers feature on a storage, without the accounts feature behind it. */
export function customersOn(storage: Storage, deps: Partial<CustomersDeps> = {}): Customers & { audited: Audited[] } {
  const audited: Audited[] = [];
  const customers = createCustomers({
    storage,
    clock: testClock(),
    audit: async (_tx, _actor, action, subject, detail) => {
      audited.push({ action, subject, detail });
    },
    colleagues: async () => [],
    company: async () => ({ currency: 'EUR', country: 'DE', defaultLanguage: 'de', timeZone: 'Europe/Berlin' }),
    ...deps,
  });
  return Object.assign(customers, { audited });
}
