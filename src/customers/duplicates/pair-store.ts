import { sql } from 'kysely';
import type { Db, Schema, Tx } from '../../storage/index.ts';

type PairRow = Schema['likely_duplicate'];

/** Their names, addresses or numbers were changed: whom they are like is found out anew. */
export async function markChanged(tx: Tx, marks: { id: string; customer_id: string }[]): Promise<void> {
  if (marks.length > 0) await tx.insertInto('duplicate_check').values(marks).execute();
}

export async function waitingChecks(db: Db, limit: number) {
  return await db.selectFrom('duplicate_check').selectAll().orderBy('id').limit(limit).execute();
}

export async function dropChecks(tx: Tx, ids: string[]): Promise<void> {
  await tx.deleteFrom('duplicate_check').where('id', 'in', ids).execute();
}

/** Of whom somebody said that they are two people: 'ID ID'. */
export async function saidDifferent(db: Db, ids: string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('different_person')
    .select(['customer_id', 'other_id'])
    .where('customer_id', 'in', ids)
    .execute();
  return new Set(rows.map((row) => `${row.customer_id} ${row.other_id}`));
}

/** Of these customers exactly these pairs are likely from now on; one that was so before keeps its id. */
export async function replacePairs(tx: Tx, ids: string[], pairs: PairRow[]): Promise<void> {
  const before = await pairsOf(tx, ids);
  const kept = await stillLikely(tx, ids, pairs);
  const names = new Set(kept.map(nameOf));
  const gone = before.filter((pair) => !names.has(nameOf(pair))).map(({ id }) => id);
  if (gone.length > 0) await tx.deleteFrom('likely_duplicate').where('id', 'in', gone).execute();
  for (const part of inParts(kept)) {
    await tx
      .insertInto('likely_duplicate')
      .values(part)
      .onConflict((conflict) =>
        conflict.columns(['customer_id', 'other_id']).doUpdateSet((eb) => ({
          certainty: eb.ref('excluded.certainty'),
          why: eb.ref('excluded.why'),
        })),
      )
      .execute();
  }
}

/** Somebody may have been merged or erased, or said to be somebody else, since they were compared. */
async function stillLikely(tx: Tx, ids: string[], pairs: PairRow[]): Promise<PairRow[]> {
  const both = [...new Set(pairs.flatMap((pair) => [pair.customer_id, pair.other_id]))];
  if (both.length === 0) return [];
  const there = tx.selectFrom('customer').select('id').where('id', 'in', both).where('erased_at', 'is', null);
  const present = new Set((await there.execute()).map(({ id }) => id));
  const different = await saidDifferent(tx, ids);
  return pairs.filter(
    (pair) =>
      present.has(pair.customer_id) &&
      present.has(pair.other_id) &&
      !different.has(nameOf(pair)) &&
      !different.has(`${pair.other_id} ${pair.customer_id}`),
  );
}

const PART = 400;
const inParts = (pairs: PairRow[]) =>
  Array.from({ length: Math.ceil(pairs.length / PART) }, (_, i) => pairs.slice(i * PART, (i + 1) * PART));
const nameOf = (pair: Pick<PairRow, 'customer_id' | 'other_id'>) => `${pair.customer_id} ${pair.other_id}`;

async function pairsOf(db: Db, ids: string[]): Promise<PairRow[]> {
  const base = () => db.selectFrom('likely_duplicate').selectAll();
  const [own, others] = [
    await base().where('customer_id', 'in', ids).execute(),
    await base().where('other_id', 'in', ids).execute(),
  ];
  return [...new Map([...own, ...others].map((row) => [row.id, row])).values()];
}

/** The surest first, then the latest found; after that place. */
export async function listPairs(db: Db, after: { certainty: number; id: string } | null, limit: number) {
  let query = db.selectFrom('likely_duplicate').selectAll();
  if (after) query = query.where(sql<boolean>`(certainty, id) < (${after.certainty}, ${after.id})`);
  return await query.orderBy('certainty', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

/** Counted up to `atMost` only. */
export async function countPairs(db: Db, atMost: number): Promise<number> {
  const some = db.selectFrom('likely_duplicate').select('id').limit(atMost).as('some');
  const { count } = await db
    .selectFrom(some)
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

interface Decision {
  customerId: string;
  otherId: string;
  at: string;
  accountId: string | null;
}

/** Both ways round, so that it is found from either. Whether nobody had said so before. */
export async function insertDifferent(tx: Tx, { customerId, otherId, at, accountId }: Decision): Promise<boolean> {
  const rest = { said_at: at, account_id: accountId };
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('different_person')
    .values([
      { customer_id: customerId, other_id: otherId, ...rest },
      { customer_id: otherId, other_id: customerId, ...rest },
    ])
    .onConflict((conflict) => conflict.columns(['customer_id', 'other_id']).doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows ?? 0n) > 0;
}

/** Whether somebody had said so. */
export async function deleteDifferent(tx: Tx, customerId: string, otherId: string): Promise<boolean> {
  let deleted = 0n;
  for (const [one, other] of [
    [customerId, otherId],
    [otherId, customerId],
  ] as const) {
    const query = tx.deleteFrom('different_person').where('customer_id', '=', one).where('other_id', '=', other);
    deleted += (await query.executeTakeFirstOrThrow()).numDeletedRows;
  }
  return deleted > 0n;
}

export async function deletePair(tx: Tx, customerId: string, otherId: string): Promise<void> {
  const ids = [customerId, otherId];
  await tx.deleteFrom('likely_duplicate').where('customer_id', 'in', ids).where('other_id', 'in', ids).execute();
}

/** The latest first, each once. */
export async function listDifferent(
  db: Db,
  after: { at: string; customerId: string; otherId: string } | null,
  limit: number,
) {
  let query = db.selectFrom('different_person').selectAll().whereRef('customer_id', '<', 'other_id');
  if (after)
    query = query.where(
      sql<boolean>`(said_at, customer_id, other_id) < (${after.at}, ${after.customerId}, ${after.otherId})`,
    );
  return await query
    .orderBy('said_at', 'desc')
    .orderBy('customer_id', 'desc')
    .orderBy('other_id', 'desc')
    .limit(limit)
    .execute();
}

/** Nobody is like somebody who is not there, or not like them. */
export async function forgetPairs(tx: Tx, ids: string[]): Promise<void> {
  for (const table of ['likely_duplicate', 'different_person'] as const) {
    await tx.deleteFrom(table).where('customer_id', 'in', ids).execute();
    await tx.deleteFrom(table).where('other_id', 'in', ids).execute();
  }
}

export async function exportedPairs(db: Db, ids: string[]) {
  const likely_duplicate = await pairsOf(db, ids);
  const said = db.selectFrom('different_person').selectAll().where('customer_id', 'in', ids);
  return { likely_duplicate, different_person: await said.execute() };
}
