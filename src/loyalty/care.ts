import { openComplaints, refusersAmong, type Customer } from '../customers/index.ts';
import type { Db } from '../storage/index.ts';
import type { LoyaltyDeps } from './deps.ts';

/** What stands against a friendly letter to somebody, whatever it says. */
export interface Standing {
  customer: Customer;
  /** They have a complaint, or any case with us, that goes on. */
  talking: boolean;
  /** Mail to their address comes back, or they called it spam. */
  suppressed: boolean;
  /** They want no greetings. */
  noGreetings: boolean;
}

type Deps = Pick<LoyaltyDeps, 'customers' | 'recovery' | 'bounces'>;

/** How up to a few hundred customers stand with us now. Erased and unknown ones are missing. */
export async function standingsOf({ customers, recovery, bounces }: Deps, db: Db, ids: string[]): Promise<Standing[]> {
  const found = await customers.findMany(db, ids);
  const people = ids.flatMap((id) => found.get(id) ?? []).filter(({ erasedAt }) => erasedAt === null);
  const open = await recovery.cases.openOf(db, ids);
  const complaining = await openComplaints(db, ids);
  const addresses = people.map(({ email }) => email).filter((email) => email !== '');
  const suppressed = await bounces.suppressions.among(db, addresses);
  const refusing = await refusersAmong(db, ids, 'greetings');
  return people.map((customer) => ({
    customer,
    talking: open.has(customer.id) || complaining.has(customer.id),
    suppressed: suppressed.has(customer.email),
    noGreetings: refusing.has(customer.id),
  }));
}
