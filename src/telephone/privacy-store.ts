import type { Db, Tx } from '../storage/index.ts';

export const exportedCalls = async (db: Db, customerIds: string[]) => ({
  calls: await db.selectFrom('phone_call').selectAll().where('customer_id', 'in', customerIds).execute(),
  telephoneFlags: await db
    .selectFrom('telephone_flag')
    .select(['customer_id', 'kind', 'flagged_at'])
    .where('customer_id', 'in', customerIds)
    .execute(),
});

/** What was typed during calls goes, and what was noted of their number. */
export async function forgetCalls(tx: Tx, customerIds: string[]): Promise<void> {
  await tx.updateTable('phone_call').set({ draft: '{}' }).where('customer_id', 'in', customerIds).execute();
  await tx.deleteFrom('telephone_flag').where('customer_id', 'in', customerIds).execute();
}
