import { sql } from 'kysely';
import { prepared, preparedList, preparedRows, type Db, type Engine, type Schema, type Tx } from '../storage/index.ts';

export type ContactRow = Schema['contact'];

/** Any number that only this uses. On SQLite one transaction writes at a time anyway. */
const BUDGET_LOCK = 7_206_173;

/** From here to the end of the transaction nobody else counts or spends the budget. */
export async function lockBudget(tx: Tx, engine: Engine): Promise<void> {
  if (engine === 'postgres') await sql`select pg_advisory_xact_lock(${BUDGET_LOCK})`.execute(tx);
}

const ROWS_A_STATEMENT = 300;

const insertRows = preparedRows<ContactRow>()((db, rows) =>
  db
    .insertInto('contact')
    .values(rows)
    .onConflict((oc) =>
      oc.column('id').doUpdateSet((eb) => ({ at: eb.ref('excluded.at'), released_at: eb.val(null) })),
    ),
);

export async function insertContacts(tx: Tx, rows: ContactRow[]): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS_A_STATEMENT) await insertRows(tx, rows.slice(i, i + ROWS_A_STATEMENT));
}

type CountedRow = Pick<ContactRow, 'id' | 'kind' | 'customer_id' | 'address_key' | 'sequence_id' | 'at'>;

const countedBy = (column: 'customer_id' | 'address_key') =>
  preparedList<{ allowance: string; since: string }>()((db, values, p) =>
    db
      .selectFrom('contact')
      .select(['id', 'kind', 'customer_id', 'address_key', 'sequence_id', 'at'])
      .where('allowance', '=', p.allowance)
      .where('at', '>', p.since)
      .where('released_at', 'is', null)
      .where(column, 'in', values),
  );
const countedByCustomer = countedBy('customer_id');
const countedByAddress = countedBy('address_key');

/** What counts since then of these people, by customer and by address. */
export async function countedContacts(
  db: Db,
  { customerIds, addressKeys }: { customerIds: string[]; addressKeys: string[] },
  counting: { allowance: string; since: string },
): Promise<CountedRow[]> {
  const own = await countedByCustomer(db, customerIds, counting);
  const shared = await countedByAddress(db, addressKeys, counting);
  return [...own.rows, ...shared.rows];
}

export async function moveContacts(tx: Tx, ids: string[], at: string): Promise<void> {
  if (ids.length > 0) await tx.updateTable('contact').set({ at }).where('id', 'in', ids).execute();
}

export async function releaseContacts(tx: Tx, ids: string[], at: string): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('contact')
    .set({ released_at: at })
    .where('id', 'in', ids)
    .where('released_at', 'is', null)
    .execute();
}

/** The sequences that these belong to, where they were ever recorded. */
export async function sequencesOfContacts(db: Db, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('contact').select(['id', 'sequence_id']).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row.sequence_id]));
}

/** The newest first. */
export async function contactsOf(db: Db, customerId: string, limit: number): Promise<ContactRow[]> {
  const query = db.selectFrom('contact').selectAll().where('customer_id', '=', customerId);
  return await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

export interface BudgetChange {
  days: number;
  changed_by: string | null;
  changed_at: string;
}

const readBudget = prepared()((db) => db.selectFrom('contact_budget').selectAll().orderBy('id', 'desc').limit(1));

/** As it is in force; undefined where nobody has ever said. */
export async function findBudget(db: Db): Promise<BudgetChange | undefined> {
  return (await readBudget(db, {})).rows[0];
}

export async function insertBudget(tx: Tx, row: Schema['contact_budget']): Promise<void> {
  await tx.insertInto('contact_budget').values(row).execute();
}
