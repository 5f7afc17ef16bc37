import type { Customer } from '../../customers/index.ts';
import { timestamp } from '../../shared/clock.ts';
import type { Db } from '../../storage/index.ts';
import { standingsOf, type Standing } from '../care.ts';
import type { LoyaltyDeps } from '../deps.ts';
import { findWays } from './anniversary-store.ts';
import type { Hindrance } from './rules.ts';

/** How somebody would be greeted, and what stands against it. */
interface Greetable {
  customer: Customer;
  way: 'mail' | 'post';
  hindrance: Hindrance | null;
}

type Deps = Pick<LoyaltyDeps, 'clock' | 'customers' | 'recovery' | 'bounces' | 'invitations'>;

/** Up to a few hundred customers; with `counted`, a greeting within the last year stands against another one. */
export async function greetable(deps: Deps, db: Db, ids: string[], counted: boolean): Promise<Greetable[]> {
  const { contacts } = deps.invitations;
  const now = timestamp(deps.clock);
  const allowed = counted ? await contacts.mayContact(db, ids, 'greeting.anniversary', now) : undefined;
  const ways = await findWays(db, ids);
  const standings = await standingsOf(deps, db, ids);
  return standings.map((standing) => {
    const { customer } = standing;
    const way = wayOf(customer, ways.get(customer.id));
    return { customer, way, hindrance: hindranceOf(standing, way, allowed?.get(customer.id)?.may === false) };
  });
}

/** The same without looking at the budget, by customer: for a greeting that is planned already. */
export async function hindrances(deps: Deps, db: Db, ids: string[]): Promise<Map<string, Hindrance | null>> {
  const found = await greetable(deps, db, ids, false);
  return new Map(found.map(({ customer, hindrance }) => [customer.id, hindrance]));
}

/** Since when they are a customer: said by a person or an import, else by their first purchase. Nobody who left has one. */
export function sinceOf(customer: Customer | undefined): string | null {
  if (!customer || customer.erasedAt !== null || customer.status === 'left') return null;
  return customer.customerSince ?? customer.firstPurchaseOn;
}

function wayOf({ email }: Customer, preferred: 'mail' | 'post' | undefined): 'mail' | 'post' {
  return preferred === 'post' || email === '' ? 'post' : 'mail';
}

function hindranceOf(
  { customer, talking, suppressed, noGreetings }: Standing,
  way: 'mail' | 'post',
  greeted: boolean,
): Hindrance | null {
  if (customer.status === 'left') return 'left';
  if (customer.unsubscribedAt !== null) return 'unsubscribed';
  if (noGreetings) return 'refused';
  if (talking) return 'talking';
  if (customer.legalBasis === '') return 'no_legal_basis';
  if (suppressed) return 'suppressed';
  if (way === 'post' && (customer.street === '' || customer.city === '')) return 'no_address';
  return greeted ? 'greeted' : null;
}
