import type { Tx } from '../storage/index.ts';

/** What was reported of them, in whatever words; that it was, and where it led, still counts. */
export async function forgetAlerts(tx: Tx, customerIds: string[]): Promise<void> {
  const theirs = tx.updateTable('alert').set({ who: '', what: '' }).where('customer_id', 'in', customerIds);
  const caseIds = (await theirs.returning('case_id').execute()).map(({ case_id }) => case_id);
  await tx.deleteFrom('alert_subject').where('subject_key', 'in', customerIds).execute();
  if (caseIds.length > 0) await tx.deleteFrom('alert_subject').where('case_id', 'in', caseIds).execute();
}

/** The day since when they are a customer goes, greetings stay as sent; free words go. */
export async function forgetGreetings(tx: Tx, customerIds: string[]): Promise<void> {
  await tx.deleteFrom('anniversary_day').where('customer_id', 'in', customerIds).execute();
  await tx
    .updateTable('greeting')
    .set({ reason: '' })
    .where('customer_id', 'in', customerIds)
    .where('state', '=', 'left_out')
    .execute();
}

/** Whom they told about us, and who asked about them. Nobody is pointed to them any more. */
export async function forgetTrust(tx: Tx, customerIds: string[], at: string): Promise<void> {
  const asks = tx.updateTable('trust_ask').set({ prospect: '', words: '' });
  await asks.where('customer_id', 'in', customerIds).execute();
  await tx.updateTable('referral').set({ words: '' }).where('customer_id', 'in', customerIds).execute();
  await tx.updateTable('referral').set({ new_customer_id: null }).where('new_customer_id', 'in', customerIds).execute();
  await tx.updateTable('trust_reference').set({ topics: '' }).where('customer_id', 'in', customerIds).execute();
  await tx
    .updateTable('trust_reference')
    .set({ ended_at: at })
    .where('customer_id', 'in', customerIds)
    .where('ended_at', 'is', null)
    .execute();
  await tx.updateTable('trust_use').set({ prospect: '' }).where('customer_id', 'in', customerIds).execute();
}
