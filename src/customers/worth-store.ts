import { sql } from 'kysely';
import { prepared, type Db, type Tx } from '../storage/index.ts';

/** The same day of the year before, as text: 29 February becomes a day that never was, which sorts in its place. */
const yearBefore = sql`(cast(substr(max(last.purchased_on), 1, 4) as integer) - 1) || substr(max(last.purchased_on), 5)`;

const spendOfLastYear = sql<number>`(
  select sum(p.amount_minor) from purchase p
  where p.customer_id = customer.id
    and p.purchased_on > (select ${yearBefore} from purchase last where last.customer_id = customer.id))`;

/** At most 500 ids a call. */
export async function refreshWorth(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('customer')
    .set({
      first_purchase_on: sql<string>`(select min(p.purchased_on) from purchase p where p.customer_id = customer.id)`,
      last_purchase_on: sql<string>`(select max(p.purchased_on) from purchase p where p.customer_id = customer.id)`,
      worth_minor: sql<number>`coalesce(${spendOfLastYear}, yearly_value_minor, 0)`,
    })
    .where('id', 'in', ids)
    .execute();
}

const readWorth = prepared<{ id: string }>()((db, p) =>
  db.selectFrom('customer').select(['id', 'worth_minor']).where('id', '=', p.id),
);

/** At most 500 ids a call. */
export async function worthsOf(db: Db, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const [id = ''] = ids;
  const rows =
    ids.length === 1
      ? (await readWorth(db, { id })).rows
      : await db.selectFrom('customer').select(['id', 'worth_minor']).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row.worth_minor]));
}
