import { z } from 'zod';
import { unindexed, type Db, type Schema, type Tx } from '../../storage/index.ts';
import type { Counts } from './rules.ts';
import type { Offer, OfferInput } from './offer.ts';

type Row = Schema['offer'];

const names = z.record(z.string(), z.string());
const keys = z.array(z.string());

function offerOf(row: Row): Offer {
  return {
    id: row.id,
    name: names.parse(JSON.parse(row.name)),
    kind: row.kind,
    amount: row.amount,
    costMinor: row.cost_minor,
    forWhom: row.for_whom,
    reasons: keys.parse(JSON.parse(row.reasons)),
    leastWorthMinor: row.least_worth_minor,
    leastRole: row.least_role,
    perCustomer: row.per_customer,
    perYear: row.per_year,
    most: row.most,
    codeKind: row.code_kind,
    code: row.code,
    validDays: row.valid_days,
    endsOn: row.ends_on,
    given: row.given,
    revision: row.revision,
    retiredAt: row.retired_at,
  };
}

const columnsOf = (input: OfferInput) => ({
  name: JSON.stringify(input.name),
  kind: input.kind,
  amount: input.amount,
  cost_minor: input.costMinor,
  for_whom: input.forWhom,
  reasons: JSON.stringify(input.reasons),
  least_worth_minor: input.leastWorthMinor,
  least_role: input.leastRole,
  per_customer: input.perCustomer,
  per_year: input.perYear,
  most: input.most,
  code_kind: input.codeKind,
  code: input.code,
  valid_days: input.validDays,
  ends_on: input.endsOn,
});

export async function insertOffer(
  tx: Tx,
  input: OfferInput,
  { id, by, at }: { id: string; by: string | null; at: string },
): Promise<void> {
  const made = { created_by: by, created_at: at, updated_at: at };
  await tx
    .insertInto('offer')
    .values({ ...columnsOf(input), id, ...made, given: 0, revision: 0, retired_at: null })
    .execute();
}

/** Whether it still was at that revision, and has not been given more often than it now may. */
export async function updateOffer(
  tx: Tx,
  input: OfferInput,
  { id, revision, at }: { id: string; revision: number; at: string },
): Promise<boolean> {
  let query = tx
    .updateTable('offer')
    .set({ ...columnsOf(input), revision: revision + 1, updated_at: at })
    .where('id', '=', id)
    .where('revision', '=', revision);
  if (input.most !== null) query = query.where('given', '<=', input.most);
  return (await query.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}

/** Whether it was not so already. */
export async function setRetired(tx: Tx, id: string, retiredAt: string | null): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('offer')
    .set(({ eb }) => ({ retired_at: retiredAt, revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .where('retired_at', retiredAt === null ? 'is not' : 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Those in use first, each group by their making. */
export async function listOffers(db: Db): Promise<Offer[]> {
  const rows = await db.selectFrom('offer').selectAll().orderBy('id').execute();
  const offers = rows.map(offerOf);
  return [...offers.filter((each) => each.retiredAt === null), ...offers.filter((each) => each.retiredAt !== null)];
}

export async function findOffer(db: Db, id: string): Promise<Offer | undefined> {
  const row = await db.selectFrom('offer').selectAll().where('id', '=', id).executeTakeFirst();
  return row && offerOf(row);
}

export async function findOffers(db: Db, ids: string[]): Promise<Map<string, Offer>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('offer').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, offerOf(row)]));
}

/**
 * Counts one more, and holds the offer until the transaction ends: whoever gives the same one waits here. The offer
 * with the count before it; undefined where there is none, or not one more.
 */
export async function takeOne(tx: Tx, id: string): Promise<Offer | undefined> {
  const row = await tx
    .updateTable('offer')
    .set(({ eb }) => ({ given: eb('given', '+', 1) }))
    .where('id', '=', id)
    .where(({ or, eb, ref }) => or([eb('most', 'is', null), eb('given', '<', ref('most'))]))
    .returningAll()
    .executeTakeFirst();
  return row && { ...offerOf(row), given: row.given - 1 };
}

export async function giveBackOne(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('offer')
    .set(({ eb }) => ({ given: eb('given', '-', 1) }))
    .where('id', '=', id)
    .where('given', '>', 0)
    .execute();
}

/** How often it has been given since these days, where it has a limit for that; without what was refused or taken back. */
export async function countGiven(
  db: Db,
  offer: Pick<Offer, 'id' | 'given' | 'perYear' | 'perCustomer'>,
  { customerId, yearFrom, monthsFrom }: { customerId: string; yearFrom: string; monthsFrom: string },
): Promise<Counts> {
  const counted = db
    .selectFrom('offer_given')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('state', 'not in', ['refused', 'taken_back']);
  const year = counted.where('offer_id', '=', offer.id).where('given_on', '>=', yearFrom);
  const theirs = counted
    .where('customer_id', '=', customerId)
    .where(unindexed('offer_id'), '=', offer.id)
    .where('given_on', '>', monthsFrom);
  const countOf = async (query: typeof counted) => Number((await query.executeTakeFirstOrThrow()).count);
  return {
    given: offer.given,
    thisYear: offer.perYear === null ? 0 : await countOf(year),
    toThem: offer.perCustomer === null ? 0 : await countOf(theirs),
  };
}

export async function findLimits(db: Db): Promise<Schema['offer_limit'] | undefined> {
  return await db.selectFrom('offer_limit').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst();
}

export async function insertLimits(tx: Tx, row: Schema['offer_limit']): Promise<void> {
  await tx.insertInto('offer_limit').values(row).execute();
}
