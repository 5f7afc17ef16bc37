import { earlierThan, type Db, type Moment, type Schema, type Tx } from '../../storage/index.ts';

export type AskRow = Schema['trust_ask'];
export type ReferralRow = Schema['referral'];
export type ReferenceRow = Schema['trust_reference'];
export type UseRow = Schema['trust_use'];

/** What somebody said last counts, in whichever order we hear of it. */
export async function keepContentment(tx: Tx, row: Schema['contentment']): Promise<void> {
  await tx
    .insertInto('contentment')
    .values(row)
    .onConflict((oc) =>
      oc
        .column('customer_id')
        .doUpdateSet({ response_id: row.response_id, score: row.score, said_at: row.said_at })
        .where('contentment.said_at', '<=', row.said_at),
    )
    .execute();
}

export async function contentmentOf(db: Db, customerIds: string[]): Promise<Map<string, Schema['contentment']>> {
  if (customerIds.length === 0) return new Map();
  const rows = await db.selectFrom('contentment').selectAll().where('customer_id', 'in', customerIds).execute();
  return new Map(rows.map((row) => [row.customer_id, row]));
}

/** Who said since then that they are happy, the newest first. */
export async function happySince(
  db: Db,
  since: string,
  before: Moment | null,
  limit: number,
): Promise<Schema['contentment'][]> {
  let query = db.selectFrom('contentment').selectAll().where('score', '>=', 4).where('said_at', '>=', since);
  if (before) query = query.where(earlierThan('said_at', 'customer_id', before));
  return await query.orderBy('said_at', 'desc').orderBy('customer_id', 'desc').limit(limit).execute();
}

export async function refusalsAmong(db: Db, customerIds: string[]): Promise<Set<string>> {
  if (customerIds.length === 0) return new Set();
  const query = db.selectFrom('trust_refusal').select('customer_id').where('customer_id', 'in', customerIds);
  return new Set((await query.execute()).map((row) => row.customer_id));
}

/** @returns whether they had not said so before */
export async function keepRefusal(tx: Tx, row: Schema['trust_refusal']): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('trust_refusal')
    .values(row)
    .onConflict((oc) => oc.column('customer_id').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** @returns whether there was one */
export async function dropRefusal(tx: Tx, customerId: string): Promise<boolean> {
  const query = tx.deleteFrom('trust_refusal').where('customer_id', '=', customerId);
  return (await query.executeTakeFirstOrThrow()).numDeletedRows === 1n;
}

export async function insertAsk(tx: Tx, row: AskRow): Promise<void> {
  await tx.insertInto('trust_ask').values(row).execute();
}

export async function findAsks(db: Db, ids: string[]): Promise<AskRow[]> {
  if (ids.length === 0) return [];
  return await db.selectFrom('trust_ask').selectAll().where('id', 'in', ids).execute();
}

/** When these were asked last, since then; withdrawn mails do not count. */
export async function lastAsks(db: Db, customerIds: string[], since: string): Promise<Map<string, string>> {
  if (customerIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('trust_ask')
    .select(['customer_id', 'asked_at'])
    .where('customer_id', 'in', customerIds)
    .where('asked_at', '>', since)
    .where('state', 'not in', ['cancelled', 'failed'])
    .orderBy('asked_at')
    .execute();
  return new Map(rows.map((row) => [row.customer_id, row.asked_at]));
}

export async function asksOf(db: Db, customerId: string, limit: number): Promise<AskRow[]> {
  const query = db.selectFrom('trust_ask').selectAll().where('customer_id', '=', customerId);
  return await query.orderBy('asked_at', 'desc').limit(limit).execute();
}

/** @returns those that were in one of these states */
export async function moveAsks(
  tx: Tx,
  ids: string[],
  from: AskRow['state'][],
  change: Partial<Pick<AskRow, 'state' | 'settled_at'>>,
): Promise<AskRow[]> {
  const query = tx.updateTable('trust_ask').set(change).where('id', 'in', ids).where('state', 'in', from);
  return await query.returningAll().execute();
}

export async function answerAsk(
  tx: Tx,
  id: string,
  answer: Pick<AskRow, 'answer' | 'answered_at'> & { words?: string },
) {
  await tx.updateTable('trust_ask').set(answer).where('id', '=', id).execute();
}

/** Whoever has agreed since then has answered. */
export async function dropDecline(tx: Tx, id: string): Promise<void> {
  const query = tx.updateTable('trust_ask').set({ answer: null, answered_at: null });
  await query.where('id', '=', id).where('answer', '=', 'declined').execute();
}

export async function queuedAsks(db: Db, customerIds: string[]): Promise<string[]> {
  if (customerIds.length === 0) return [];
  const query = db.selectFrom('trust_ask').select('id').where('customer_id', 'in', customerIds);
  return (await query.where('state', '=', 'queued').execute()).map(({ id }) => id);
}

export async function insertReferral(tx: Tx, row: ReferralRow): Promise<void> {
  await tx.insertInto('referral').values(row).execute();
}

/** By outcome, the oldest first; after that id. */
export async function referrals(
  db: Db,
  { outcome, unthanked }: { outcome: ReferralRow['outcome']; unthanked?: boolean },
  after: string,
  limit: number,
): Promise<ReferralRow[]> {
  let query = db.selectFrom('referral').selectAll().where('outcome', '=', outcome).where('id', '>', after);
  if (unthanked) query = query.where('thanked_at', 'is', null);
  return await query.orderBy('id').limit(limit).execute();
}

export interface ReferralFilter {
  outcome?: ReferralRow['outcome'] | undefined;
  customerId?: string | undefined;
}

/** Everybody's, the newest first. */
export async function listReferrals(
  db: Db,
  { outcome, customerId }: ReferralFilter,
  before: string | null,
  limit: number,
): Promise<ReferralRow[]> {
  let query = db.selectFrom('referral').selectAll();
  if (outcome !== undefined) query = query.where('outcome', '=', outcome);
  if (customerId !== undefined) query = query.where('customer_id', '=', customerId);
  if (before !== null) query = query.where('id', '<', before);
  return await query.orderBy('id', 'desc').limit(limit).execute();
}

export async function findReferral(db: Db, id: string): Promise<ReferralRow | undefined> {
  return await db.selectFrom('referral').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function referralsOf(db: Db, customerId: string, limit: number): Promise<ReferralRow[]> {
  const query = db.selectFrom('referral').selectAll().where('customer_id', '=', customerId);
  return await query.orderBy('id', 'desc').limit(limit).execute();
}

/** @returns the referral, where it still was as expected */
export async function settleReferral(
  tx: Tx,
  id: string,
  change: Pick<ReferralRow, 'outcome' | 'outcome_by' | 'outcome_at' | 'new_customer_id'>,
): Promise<ReferralRow | undefined> {
  const query = tx.updateTable('referral').set(change).where('id', '=', id).where('outcome', '=', 'open');
  return await query.returningAll().executeTakeFirst();
}

/** @returns whether nobody had thanked them */
export async function thankReferral(
  tx: Tx,
  id: string,
  by: string | null,
  at: string,
): Promise<ReferralRow | undefined> {
  return await tx
    .updateTable('referral')
    .set({ thanked_by: by, thanked_at: at })
    .where('id', '=', id)
    .where('outcome', '=', 'became_customer')
    .where('thanked_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
}

export async function findReference(db: Db, customerId: string): Promise<ReferenceRow | undefined> {
  return await db.selectFrom('trust_reference').selectAll().where('customer_id', '=', customerId).executeTakeFirst();
}

/** Standing ones, the oldest first; after 'SINCE ID'. */
export async function standingReferences(
  db: Db,
  after: { since: string; id: string } | null,
  limit: number,
): Promise<ReferenceRow[]> {
  let query = db.selectFrom('trust_reference').selectAll().where('ended_at', 'is', null);
  if (after) {
    query = query
      .where('since', '>=', after.since)
      .where((is) => is.or([is('since', '>', after.since), is('customer_id', '>', after.id)]));
  }
  return await query.orderBy('since').orderBy('customer_id').limit(limit).execute();
}

export async function saveReference(tx: Tx, row: ReferenceRow): Promise<void> {
  const { customer_id: _, revision: __, ...change } = row;
  await tx
    .insertInto('trust_reference')
    .values(row)
    .onConflict((oc) =>
      oc.column('customer_id').doUpdateSet((eb) => ({ ...change, revision: eb('trust_reference.revision', '+', 1) })),
    )
    .execute();
}

/** @returns whether it stood */
export async function endReference(tx: Tx, customerId: string, at: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('trust_reference')
    .set((eb) => ({ ended_at: at, revision: eb('revision', '+', 1) }))
    .where('customer_id', '=', customerId)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Takes hold of a reference for one question. @returns whether it stands and nobody else did meanwhile */
export async function takeReference(tx: Tx, customerId: string, revision: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('trust_reference')
    .set({ revision: revision + 1 })
    .where('customer_id', '=', customerId)
    .where('revision', '=', revision)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function insertUse(tx: Tx, row: UseRow): Promise<void> {
  await tx.insertInto('trust_use').values(row).execute();
}

/** Who was asked about us since then, by customer. */
export async function usesSince(db: Db, customerIds: string[], since: string): Promise<Map<string, UseRow[]>> {
  if (customerIds.length === 0) return new Map();
  const query = db.selectFrom('trust_use').selectAll().where('customer_id', 'in', customerIds).where('at', '>', since);
  return Map.groupBy(await query.orderBy('at', 'desc').execute(), (row) => row.customer_id);
}
