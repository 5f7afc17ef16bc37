import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db, Schema, Tx } from '../storage/index.ts';
import type { DealingKind } from './customer.ts';
import type { Position } from './record-rules.ts';
import type { RecordKind, RecordRows, Records } from './records.ts';

interface Origin {
  id: string;
  customerId: string;
  importId: string | null;
  createdAt: string;
}

type Fields<K extends RecordKind> = Omit<RecordRows[K], 'customerReference'>;
type TableOf = { purchases: 'purchase'; invoices: 'invoice'; dealings: 'dealing' };

interface Table<K extends RecordKind> {
  name: TableOf[K];
  /** What tells two records of one customer apart. */
  key: 'reference' | 'number';
  day: ReturnType<typeof sql<string>>;
  columns(fields: Fields<K>): Omit<Insertable<Schema[TableOf[K]]>, 'id' | 'customer_id' | 'import_id' | 'created_at'>;
  record(row: Selectable<Schema[TableOf[K]]>): Records[K];
}

const TABLES: { [K in RecordKind]: Table<K> } = {
  purchases: {
    name: 'purchase',
    key: 'reference',
    day: sql<string>`purchased_on`,
    columns: (of) => ({
      reference: of.reference || null,
      purchased_on: of.purchasedOn,
      amount_minor: of.amountMinor,
      item: of.item,
    }),
    record: (row) => ({
      id: row.id,
      customerId: row.customer_id,
      reference: row.reference ?? '',
      purchasedOn: row.purchased_on,
      amountMinor: row.amount_minor,
      item: row.item,
    }),
  },
  invoices: {
    name: 'invoice',
    key: 'number',
    day: sql<string>`coalesce(issued_on, due_on, '')`,
    columns: (of) => ({
      number: of.number,
      issued_on: of.issuedOn,
      amount_minor: of.amountMinor,
      due_on: of.dueOn,
      paid_on: of.paidOn,
    }),
    record: (row) => ({
      id: row.id,
      customerId: row.customer_id,
      number: row.number,
      issuedOn: row.issued_on,
      amountMinor: row.amount_minor,
      dueOn: row.due_on,
      paidOn: row.paid_on,
    }),
  },
  dealings: {
    name: 'dealing',
    key: 'reference',
    day: sql<string>`from_on`,
    columns: (of) => ({
      kind: of.kind,
      reference: of.reference || null,
      from_on: of.fromOn,
      to_on: of.toOn,
      note: of.note,
    }),
    record: (row) => ({
      id: row.id,
      customerId: row.customer_id,
      kind: row.kind as DealingKind,
      reference: row.reference ?? '',
      fromOn: row.from_on,
      toOn: row.to_on,
      note: row.note,
    }),
  },
};

// The three tables differ in their columns alone; Kysely types one of them at a time, so the first stands for all.
const nameOf = (kind: RecordKind) => TABLES[kind].name as 'purchase';
export const recordOf = <K extends RecordKind>(kind: K, row: unknown) =>
  TABLES[kind].record(row as Selectable<Schema[TableOf[K]]>);

/** Of customers named by reference their ids; without the erased. */
export async function idsByReference(db: Db, references: string[]): Promise<Map<string, string>> {
  if (references.length === 0) return new Map();
  const rows = await db
    .selectFrom('customer')
    .select(['id', 'reference'])
    .where('reference', 'in', references)
    .where('erased_at', 'is', null)
    .execute();
  return new Map(rows.map((row) => [row.reference, row.id]));
}

export async function findByKeys<K extends RecordKind>(
  db: Db,
  kind: K,
  customerIds: string[],
  keys: string[],
): Promise<Records[K][]> {
  if (customerIds.length === 0 || keys.length === 0) return [];
  const rows = await db
    .selectFrom(nameOf(kind))
    .selectAll()
    .where('customer_id', 'in', customerIds)
    .where(sql.ref(TABLES[kind].key), 'in', keys)
    .execute();
  return rows.map((row) => recordOf(kind, row));
}

/** How many were added: fewer than given where somebody else was faster. */
export async function insertRecords<K extends RecordKind>(
  tx: Tx,
  kind: K,
  records: (Origin & { fields: Fields<K> })[],
): Promise<number> {
  const rows = records.map(({ id, customerId, importId, createdAt, fields }) => ({
    ...TABLES[kind].columns(fields),
    id,
    customer_id: customerId,
    import_id: importId,
    created_at: createdAt,
  }));
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto(nameOf(kind))
    .values(rows as never)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows ?? 0n);
}

export async function updateRecord<K extends RecordKind>(
  tx: Tx,
  kind: K,
  id: string,
  fields: Fields<K>,
): Promise<void> {
  await tx
    .updateTable(nameOf(kind))
    .set(TABLES[kind].columns(fields) as never)
    .where('id', '=', id)
    .execute();
}

/** Whether the record still was as `before` says. */
export async function replaceRecord<K extends RecordKind>(
  tx: Tx,
  kind: K,
  before: Records[K],
  fields: Fields<K>,
): Promise<boolean> {
  let query = tx
    .updateTable(nameOf(kind))
    .set(TABLES[kind].columns(fields) as never)
    .where('id', '=', before.id);
  for (const [column, value] of Object.entries(TABLES[kind].columns(before as unknown as Fields<K>))) {
    query = query.where(sql.ref(column), value === null ? 'is' : '=', value);
  }
  return (await query.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}

export async function findRecords<K extends RecordKind>(db: Db, kind: K, ids: string[]): Promise<Records[K][]> {
  const rows = await db.selectFrom(nameOf(kind)).selectAll().where('id', 'in', ids).execute();
  return rows.map((row) => recordOf(kind, row));
}

export async function deleteRecords(tx: Tx, kind: RecordKind, ids: string[]): Promise<void> {
  await tx.deleteFrom(nameOf(kind)).where('id', 'in', ids).execute();
}

/** A customer's records, newest first; invoices by the day of issue, or the due day where that is not known. */
export async function recordsBefore<K extends RecordKind>(
  db: Db,
  kind: K,
  customerId: string,
  position: Position | null,
  limit: number,
): Promise<Records[K][]> {
  const { day } = TABLES[kind];
  let query = db.selectFrom(nameOf(kind)).selectAll().where('customer_id', '=', customerId);
  if (position) query = query.where(sql<boolean>`(${day}, id) < (${position.at}, ${position.id})`);
  const rows = await query.orderBy(day, 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map((row) => recordOf(kind, row));
}

/** Whether it was still unpaid. */
export async function setPaid(tx: Tx, invoiceId: string, on: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('invoice')
    .set({ paid_on: on })
    .where('id', '=', invoiceId)
    .where('paid_on', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}
