import { preparedList, type Db } from '../storage/index.ts';

const readOpen = preparedList()((db, ids) =>
  db
    .selectFrom('dealing')
    .select('customer_id')
    .distinct()
    .where('customer_id', 'in', ids)
    .where('kind', '=', 'complaint')
    .where('to_on', 'is', null),
);

/** Which of these customers have a complaint on record that goes on: one without a last day. */
export async function openComplaints(db: Db, customerIds: string[]): Promise<Set<string>> {
  const { rows } = await readOpen(db, customerIds);
  return new Set(rows.map((row) => row.customer_id));
}
