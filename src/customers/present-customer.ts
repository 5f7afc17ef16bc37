import { NotFound } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import type { Tx } from '../storage/index.ts';
import type { Customer } from './customer.ts';
import { findCustomers } from './customer-store.ts';

/** A customer who has not been erased. Throws NotFound. */
export async function presentCustomer(tx: Tx, id: string): Promise<Customer> {
  const [customer] = isId(id) ? await findCustomers(tx, 'id', [id]) : [];
  if (!customer || customer.erasedAt !== null) throw new NotFound();
  return customer;
}
