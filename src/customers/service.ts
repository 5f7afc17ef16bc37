import type { Customers, CustomersDeps } from './interface.ts';

export function createCustomers(_deps: CustomersDeps): Customers {
  throw new Error('not there yet');
}
