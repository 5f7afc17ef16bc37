import { sql } from 'kysely';
import type { Condition, Db, Tx } from '../storage/index.ts';
import { inList, narrowings, type Narrowing } from './filter-store.ts';
import type { Facets, ListedCustomer, ListFilter, Sort } from './listing.ts';

/** Each order has an index that ends with the id. */
const ORDERS = {
  name: { key: 'search', direction: 'asc', beyond: '>' },
  worth: { key: 'worth_minor', direction: 'desc', beyond: '<' },
  left: { key: 'left_on', direction: 'desc', beyond: '<' },
} as const satisfies Record<Sort, unknown>;

/** Looking up and sorting so many costs no more than walking through an order until a page is full. */
const FEW = 1000;

const LISTED = [
  'id',
  'reference',
  'given_name',
  'family_name',
  'organisation',
  'city',
  'country',
  'segment',
  'status',
  'left_on',
  'worth_minor',
  'language',
  'unsubscribed_at',
  'legal_basis',
  'email',
] as const;

/**
 * The customers after the one with that id, in the filter's order. The cursor is an id alone, since the sort key may be
 * a name and cursors stand in addresses.
 */
export async function listCustomers(
  db: Db,
  filter: ListFilter,
  after: string | null,
  limit: number,
): Promise<ListedCustomer[]> {
  const { key, direction, beyond } = ORDERS[filter.sort ?? 'name'];
  let query = db
    .selectFrom('customer')
    .select(LISTED)
    .where(await among(db, filter, FEW));
  if (after !== null) {
    const last = await db.selectFrom('customer').select(key).where('id', '=', after).executeTakeFirst();
    const value = (last as Record<string, string | number | null> | undefined)?.[key];
    if (value === undefined || value === null) return [];
    query = query.where(sql<boolean>`(${sql.ref(key)}, id) ${sql.raw(beyond)} (${value}, ${after})`);
  }
  const rows = await query.orderBy(key, direction).orderBy('id', direction).limit(limit).execute();
  return rows.map((row) => ({
    id: row.id,
    reference: row.reference,
    givenName: row.given_name,
    familyName: row.family_name,
    organisation: row.organisation,
    city: row.city,
    country: row.country,
    segment: row.segment,
    status: row.status,
    leftOn: row.left_on,
    worthMinor: row.worth_minor,
    language: row.language,
    unsubscribedAt: row.unsubscribed_at,
    legalBasis: row.legal_basis as ListedCustomer['legalBasis'],
    email: row.email,
  }));
}

/** Whom the filter leaves: looked up where one of its parts leaves at most `few`, else seen as they come along. */
async function among(db: Db, filter: ListFilter, few: number): Promise<Condition> {
  const conditions: Condition[] = [];
  let inOrder = true;
  for (const { those, found, checked } of narrowings(filter)) {
    const areFew = !(await areMore(db, those, few));
    conditions.push(areFew ? found : checked);
    inOrder &&= !areFew;
  }
  return inList(filter, conditions, inOrder);
}

async function areMore(db: Db, those: Narrowing['those'], than: number): Promise<boolean> {
  const query = sql<{ count: number }>`select count(*) as count from (${those} limit ${than + 1}) as counted`;
  return Number((await query.execute(db as Tx)).rows[0]?.count) > than;
}

/** Stops counting at `atMost`, so that a page of many customers costs no more than one of few. */
export async function countCustomers(db: Db, filter: ListFilter, atMost: number): Promise<number> {
  if (filter.tag && asksForTagAlone(filter)) return await countTagged(db, filter.tag, atMost);
  const condition = await among(db, filter, atMost);
  const some = db.selectFrom('customer').select('id').where(condition).limit(atMost).as('some');
  const { count } = await db
    .selectFrom(some)
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

const asksForTagAlone = (filter: ListFilter): boolean =>
  narrowings(filter).length === 1 && !filter.q && filter.sort !== 'left';

/** From the index of tags, less the few who were erased: nobody else is looked up, however many have the tag. */
async function countTagged(db: Db, tag: string, atMost: number): Promise<number> {
  const erased = await sql<{ count: number }>`select count(*) as count from customer where erased_at is not null
    and exists (select 1 from customer_tag where customer_id = customer.id and tag = ${tag})`.execute(db as Tx);
  const gone = Number(erased.rows[0]?.count);
  const tagged = await sql<{ count: number }>`select count(*) as count from
    (select 1 as one from customer_tag where tag = ${tag} limit ${atMost + gone}) as counted`.execute(db as Tx);
  return Number(tagged.rows[0]?.count) - gone;
}

const MOST_CHOICES = 200;

/** The values of an indexed column, each found by a jump behind the one before: the cost does not grow with the rows. */
async function valuesOf(db: Db, table: 'customer' | 'customer_tag', column: string): Promise<string[]> {
  const [from, of] = [sql.table(table), sql.ref(column)];
  const { rows } = await sql<{ value: string }>`
    with recursive found (value) as (
      select min(${of}) from ${from} where ${of} > ''
      union all
      select (select min(${of}) from ${from} where ${of} > found.value) from found where found.value is not null)
    select value from found where value is not null limit ${MOST_CHOICES}`.execute(db as Tx);
  return rows.map((row) => row.value);
}

export async function readFacets(db: Db): Promise<Facets> {
  return {
    segments: await valuesOf(db, 'customer', 'segment'),
    countries: await valuesOf(db, 'customer', 'country'),
    languages: await valuesOf(db, 'customer', 'language'),
    tags: await valuesOf(db, 'customer_tag', 'tag'),
  };
}

const MOST_CANDIDATES = 50;

/** Of those who are still there. */
export async function idsWithEmailKey(db: Db, key: string): Promise<string[]> {
  if (key === '') return [];
  const query = db.selectFrom('customer').select('id').where('email_key', '=', key).where('erased_at', 'is', null);
  return (await query.orderBy('id').limit(MOST_CANDIDATES).execute()).map(({ id }) => id);
}
