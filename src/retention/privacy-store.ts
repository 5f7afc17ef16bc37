import type { Db, Tx } from '../storage/index.ts';

export const exportedMessages = async (db: Db, customerIds: string[]) => ({
  policyMessages: await db.selectFrom('policy_message').selectAll().where('customer_id', 'in', customerIds).execute(),
});

/** What mails to them were about; here stand no words about customers. */
export async function messagesTo(tx: Tx, customerIds: string[]): Promise<string[]> {
  const query = tx.selectFrom('policy_message').select('id').where('customer_id', 'in', customerIds);
  return (await query.execute()).map(({ id }) => id);
}
