import type { Db, Tx } from '../storage/index.ts';

/** @returns whether nobody has sent this form before; who was at work on it since before `stale` has given up */
export async function claimForm(tx: Tx, formHash: string, sentAt: string, stale: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('sent_form')
    .values({ form_hash: formHash, sent_at: sentAt, led_to: null })
    .onConflict((conflict) =>
      conflict
        .column('form_hash')
        .doUpdateSet({ sent_at: sentAt })
        .where('sent_form.led_to', 'is', null)
        .where('sent_form.sent_at', '<', stale),
    )
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export function findForm(db: Db, formHash: string) {
  return db.selectFrom('sent_form').select('led_to').where('form_hash', '=', formHash).executeTakeFirst();
}

export async function keepForm(tx: Tx, formHash: string, ledTo: string): Promise<void> {
  await tx.updateTable('sent_form').set({ led_to: ledTo }).where('form_hash', '=', formHash).execute();
}

export async function releaseForm(tx: Tx, formHash: string): Promise<void> {
  await tx.deleteFrom('sent_form').where('form_hash', '=', formHash).execute();
}

export async function forgetForms(tx: Tx, sentBefore: string): Promise<void> {
  await tx.deleteFrom('sent_form').where('sent_at', '<', sentBefore).execute();
}
