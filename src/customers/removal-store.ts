import type { Tx } from '../storage/index.ts';
import { forgetPairs } from './duplicates/pair-store.ts';

/** Of these, the ids of those who have purchases, invoices or dealings. */
export async function idsWithRecords(tx: Tx, ids: string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const table of ['purchase', 'invoice', 'dealing'] as const) {
    const rows = await tx.selectFrom(table).select('customer_id').distinct().where('customer_id', 'in', ids).execute();
    for (const row of rows) found.add(row.customer_id);
  }
  return found;
}

/** They did not leave. */
export async function forgetLeaving(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.updateTable('customer').set({ status: 'active', left_on: null }).where('id', 'in', ids).execute();
}

/** With all that is about them alone. */
export async function deleteCustomers(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.deleteFrom('customer_tag').where('customer_id', 'in', ids).execute();
  await tx.deleteFrom('timeline_event').where('customer_id', 'in', ids).execute();
  await tx.deleteFrom('resubscription').where('customer_id', 'in', ids).execute();
  await tx.deleteFrom('refusal').where('customer_id', 'in', ids).execute();
  await forgetPairs(tx, ids);
  await tx.deleteFrom('customer').where('id', 'in', ids).execute();
}
