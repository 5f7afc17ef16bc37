import { sql } from 'kysely';
import { laterThan, type Db, type Moment, type Schema, type Tx } from '../../storage/index.ts';
import type { GivenOffer, GivenState } from './offer.ts';

type Row = Schema['offer_given'];

/** Said outright: a partial index is found only by a condition that needs no parameter. */
const WAITING = sql<boolean>`state = 'waiting'`;
const USABLE = sql<boolean>`state = 'given'`;
const GENERATED = sql<boolean>`code_generated = 1`;

/** A code that waits for approval is nobody's yet. */
const givenOf = (row: Row): GivenOffer => ({
  id: row.id,
  offerId: row.offer_id,
  customerId: row.customer_id,
  caseId: row.case_id,
  state: row.state,
  code: row.state === 'waiting' || row.state === 'refused' ? '' : row.code,
  costMinor: row.cost_minor,
  givenBy: row.given_by,
  givenAt: row.given_at,
  givenOn: row.given_on,
  validUntil: row.valid_until,
  redeemedOn: row.redeemed_on,
  endedWhy: row.ended_why,
  toldAt: row.told_at,
});

type NewGiven = Pick<
  Row,
  | 'id'
  | 'offer_id'
  | 'customer_id'
  | 'case_id'
  | 'state'
  | 'code'
  | 'code_generated'
  | 'cost_minor'
  | 'given_by'
  | 'given_at'
  | 'given_on'
  | 'valid_until'
>;

const NOT_YET = {
  decided_by: null,
  decided_at: null,
  redeemed_on: null,
  purchase_id: null,
  told_at: null,
  ended_by: null,
  ended_at: null,
  ended_why: '',
};

/** Whether it was added: not where they have one like it that is open, or got it in this case, or the code is taken. */
export async function insertGiven(tx: Tx, row: NewGiven): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('offer_given')
    .values({ ...row, ...NOT_YET })
    .onConflict((on) => on.doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows ?? 0n) === 1;
}

export async function codeTaken(db: Db, code: string): Promise<boolean> {
  const query = db.selectFrom('offer_given').select('id').where('code', '=', code).where(GENERATED);
  return (await query.executeTakeFirst()) !== undefined;
}

/** Whoever was given a code that was made for one customer; a code that waits for approval is nobody's yet. */
export async function findByCode(db: Db, code: string): Promise<GivenOffer | undefined> {
  const query = db.selectFrom('offer_given').selectAll().where('code', '=', code).where(GENERATED);
  const row = await query.where('state', 'not in', ['waiting', 'refused']).executeTakeFirst();
  return row && givenOf(row);
}

export async function findGiven(db: Db, id: string): Promise<GivenOffer | undefined> {
  const row = await db.selectFrom('offer_given').selectAll().where('id', '=', id).executeTakeFirst();
  return row && givenOf(row);
}

/** By id; what is not known is missing. */
export async function findManyGiven(db: Db, ids: string[]): Promise<Map<string, GivenOffer>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('offer_given').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, givenOf(row)]));
}

/** They are being written to about these. */
export async function markTold(tx: Tx, ids: string[], at: string): Promise<void> {
  await tx.updateTable('offer_given').set({ told_at: at }).where('id', 'in', ids).execute();
}

/** Changes it where it still stands like that. */
export async function moveGiven(
  tx: Tx,
  id: string,
  from: GivenState,
  change: Partial<Omit<Row, 'id'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('offer_given')
    .set(change)
    .where('id', '=', id)
    .where('state', '=', from)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

const MOST_OF_ONE = 100;

/** What a customer was given, the newest first. */
export async function givenTo(db: Db, customerId: string): Promise<GivenOffer[]> {
  const query = db.selectFrom('offer_given').selectAll().where('customer_id', '=', customerId);
  return (await query.orderBy('given_at', 'desc').orderBy('id', 'desc').limit(MOST_OF_ONE).execute()).map(givenOf);
}

/** What some customers could use now, or could have used in time. */
export async function usableOf(db: Db, customerIds: string[]): Promise<GivenOffer[]> {
  if (customerIds.length === 0) return [];
  const query = db.selectFrom('offer_given').selectAll().where('customer_id', 'in', customerIds);
  return (await query.where('state', 'in', ['given', 'expired']).orderBy('given_at').execute()).map(givenOf);
}

export interface GivenFilter {
  customerId?: string | undefined;
  caseId?: string | undefined;
  state?: GivenState | undefined;
}

/** What anybody was given, the newest first. */
export async function listGiven(
  db: Db,
  { customerId, caseId, state }: GivenFilter,
  before: string | null,
  limit: number,
): Promise<GivenOffer[]> {
  let query = db.selectFrom('offer_given').selectAll();
  if (customerId !== undefined) query = query.where('customer_id', '=', customerId);
  if (caseId !== undefined) query = query.where('case_id', '=', caseId);
  if (state !== undefined) query = query.where('state', '=', state);
  if (before !== null) query = query.where('id', '<', before);
  return (await query.orderBy('id', 'desc').limit(limit).execute()).map(givenOf);
}

/** What waits for approval, the oldest first. */
export async function waiting(db: Db, after: Moment | null, limit: number): Promise<GivenOffer[]> {
  let query = db.selectFrom('offer_given').selectAll().where(WAITING);
  if (after) query = query.where(laterThan('given_at', 'id', after));
  return (await query.orderBy('given_at').orderBy('id').limit(limit).execute()).map(givenOf);
}

/** What could be used until a day before that one and was not. */
export async function pastDue(db: Db, today: string, limit: number): Promise<GivenOffer[]> {
  const query = db.selectFrom('offer_given').selectAll().where(USABLE).where('valid_until', '<', today);
  return (await query.orderBy('valid_until').orderBy('id').limit(limit).execute()).map(givenOf);
}

/** Which of these customers were ever given something. */
export async function everGiven(db: Db, customerIds: string[]): Promise<string[]> {
  if (customerIds.length === 0) return [];
  const query = db.selectFrom('offer_given').select('customer_id').distinct().where('customer_id', 'in', customerIds);
  return (await query.execute()).map((row) => row.customer_id);
}
