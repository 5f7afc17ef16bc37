import { sql } from 'kysely';
import { preparedList, type Db, type Schema, type Tx } from '../../storage/index.ts';

export type SuppressionRow = Schema['suppression'];

const KEYS_A_STATEMENT = 400;

/** @returns whether the address was not suppressed before */
export async function insertSuppression(tx: Tx, row: SuppressionRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('suppression')
    .values(row)
    .onConflict((oc) => oc.column('address_key').where('lifted_at', 'is', null).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

const readSuppressed = preparedList()((db, keys) =>
  db.selectFrom('suppression').select('address_key').where('address_key', 'in', keys).where('lifted_at', 'is', null),
);

/** Of these, the keys to which nothing may be sent. */
export async function suppressedKeys(db: Db, keys: string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (let from = 0; from < keys.length; from += KEYS_A_STATEMENT) {
    const { rows } = await readSuppressed(db, keys.slice(from, from + KEYS_A_STATEMENT));
    for (const row of rows) found.add(row.address_key);
  }
  return found;
}

export async function activeSuppression(db: Db, addressKey: string): Promise<SuppressionRow | undefined> {
  const query = db.selectFrom('suppression').selectAll().where('address_key', '=', addressKey);
  return await query.where('lifted_at', 'is', null).executeTakeFirst();
}

export async function findSuppression(db: Db, id: string): Promise<SuppressionRow | undefined> {
  return await db.selectFrom('suppression').selectAll().where('id', '=', id).executeTakeFirst();
}

interface Wanted {
  addressKey?: string | undefined;
  customerId?: string | undefined;
  before: string | null;
  limit: number;
}

/** The newest first, the lifted ones among them; of that address, of that customer, or of either. */
export async function listSuppressions(
  db: Db,
  { addressKey, customerId, before, limit }: Wanted,
): Promise<SuppressionRow[]> {
  let query = db.selectFrom('suppression').selectAll().orderBy('id', 'desc').limit(limit);
  if (addressKey !== undefined || customerId !== undefined) {
    query = query.where(({ or, eb }) =>
      or([
        ...(addressKey === undefined ? [] : [eb('address_key', '=', addressKey)]),
        ...(customerId === undefined ? [] : [eb('customer_id', '=', customerId)]),
      ]),
    );
  }
  if (before !== null) query = query.where('id', '<', before);
  return await query.execute();
}

interface Lift {
  at: string;
  by: string | null;
  reason: string;
  noted: number;
}

/** @returns whether it was in force */
export async function liftSuppression(tx: Tx, id: string, { at, by, reason, noted }: Lift): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('suppression')
    .set({ lifted_at: at, lifted_by: by, lift_reason: reason, noted })
    .where('id', '=', id)
    .where('lifted_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** What the journal does not know yet, the oldest first. */
export async function suppressionsToNote(db: Db, limit: number): Promise<SuppressionRow[]> {
  return await db
    .selectFrom('suppression')
    .selectAll()
    .where('noted', '=', sql.lit(0))
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Only where nothing has happened to it since it was read. */
export async function markNoted(tx: Tx, { id, lifted_at }: SuppressionRow): Promise<void> {
  const query = tx.updateTable('suppression').set({ noted: 1 }).where('id', '=', id);
  await (
    lifted_at === null ? query.where('lifted_at', 'is', null) : query.where('lifted_at', '=', lifted_at)
  ).execute();
}

export async function allSuppressions(db: Db, after: string, limit: number): Promise<SuppressionRow[]> {
  return await db.selectFrom('suppression').selectAll().where('id', '>', after).orderBy('id').limit(limit).execute();
}

export async function forgetSuppressedCustomers(tx: Tx, customerIds: string[]): Promise<void> {
  if (customerIds.length === 0) return;
  const nobody = { customer_id: null, reason: '', lift_reason: '' };
  await tx.updateTable('suppression').set(nobody).where('customer_id', 'in', customerIds).execute();
}
