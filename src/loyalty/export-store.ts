import { rowsOf, type Db, type Tx } from '../storage/index.ts';

const TABLES = [
  'alert',
  'anniversary_day',
  'greeting',
  'greeting_way',
  'contentment',
  'trust_ask',
  'trust_refusal',
  'referral',
  'trust_reference',
  'trust_use',
] as const;

/** What colleagues reported of them, cards, and what they said they would do for us. */
export async function exportedAttentions(db: Db, customerIds: string[]) {
  return await rowsOf(db, TABLES, 'customer_id', customerIds);
}

/** What mails to them, and to colleagues about them, were about. */
export async function subjectsOfMail(tx: Tx, customerIds: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const table of ['alert', 'greeting', 'trust_ask', 'referral'] as const) {
    const rows = await tx.selectFrom(table).select('id').where('customer_id', 'in', customerIds).execute();
    ids.push(...rows.map(({ id }) => id));
  }
  return ids;
}
