import { sql } from 'kysely';
import type { Db } from '../storage/index.ts';
import { inAudience } from './filter-store.ts';
import type { Audience } from './audience.ts';
import type { Moment, MomentsQuery } from './moments.ts';

type Query = Omit<MomentsQuery, 'audience'> & { audience: Audience };

const ofAudience = (table: string, { audience }: Query) =>
  sql<boolean>`exists (select 1 from customer
    where customer.id = ${sql.ref(`${table}.customer_id`)} and ${inAudience(audience, false)})`;

/** In the order of what they are looked for in. */
const behind = ({ what, after }: Query): string => (what === 'leaving' ? after?.customerId : after?.key) ?? '';

/** What happened, or will, on those days. The last day of a dealing without an end is its first. */
export async function findMoments(db: Db, query: Query): Promise<Moment[]> {
  if (query.what === 'purchase') return await purchases(db, query);
  return query.what === 'leaving' ? await leavings(db, query) : await dealings(db, query);
}

async function purchases(db: Db, query: Query): Promise<Moment[]> {
  const found = db
    .selectFrom('purchase')
    .select(['id as key', 'customer_id as customerId'])
    .where('purchased_on', '>=', query.from)
    .where('purchased_on', '<=', query.to)
    .where('amount_minor', '>=', 0)
    .where('id', '>', behind(query))
    .where(ofAudience('purchase', query));
  const some = query.among ? found.where('id', 'in', query.among) : found;
  return await some.orderBy('id').limit(query.limit).execute();
}

async function leavings(db: Db, query: Query) {
  const { audience, from, to, limit } = query;
  const rows = await db
    .selectFrom('customer')
    .select(['id', 'left_on'])
    .where('status', '=', 'left')
    .where('left_on', '>=', from)
    .where('left_on', '<=', to)
    .where('id', '>', behind(query))
    .where(inAudience(audience, false))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id, left_on }) => ({ key: `${id} ${left_on}`, customerId: id }));
}

async function dealings(db: Db, query: Query): Promise<Moment[]> {
  const { what, from, to, kinds, underWayOn, among } = query;
  const lastDay = sql<string>`coalesce(to_on, from_on)`;
  let found = db
    .selectFrom('dealing')
    .select(['id as key', 'customer_id as customerId'])
    .where('id', '>', behind(query))
    .where(ofAudience('dealing', query));
  if (among) found = found.where('id', 'in', among);
  if (what === 'dealing') found = found.where('from_on', '>=', from).where('from_on', '<=', to);
  else found = found.where(lastDay, '>=', from).where(lastDay, '<=', to).where('from_on', '<=', to);
  if (underWayOn !== undefined) found = found.where(lastDay, '>=', underWayOn);
  if (kinds && kinds.length > 0) found = found.where('kind', 'in', kinds);
  return await found.orderBy('id').limit(query.limit).execute();
}
