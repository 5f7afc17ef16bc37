import type { Db, Tx } from '../storage/index.ts';

/** What they were asked to answer, when, and how often they were written to. */
export async function exportedInvitations(db: Db, customerIds: string[]) {
  const invitations = await db.selectFrom('invitation').selectAll().where('customer_id', 'in', customerIds).execute();
  const ids = invitations.map(({ id }) => id);
  const contacts = db.selectFrom('contact').select(['id', 'customer_id', 'kind', 'allowance', 'at', 'released_at']);
  return {
    invitations,
    reminders:
      ids.length === 0 ? [] : await db.selectFrom('reminder').selectAll().where('invitation_id', 'in', ids).execute(),
    contacts: await contacts.where('customer_id', 'in', customerIds).execute(),
    holdouts: await db
      .selectFrom('holdout_draw')
      .selectAll()
      .where('programme_id', 'in', db.selectFrom('programme').select('id'))
      .where('customer_id', 'in', customerIds)
      .execute(),
  };
}

/** Their personal links lead nowhere any more. */
export async function revokeLinks(tx: Tx, customerIds: string[], at: string): Promise<void> {
  const theirs = tx.updateTable('invitation').set({ revoked_at: at }).where('customer_id', 'in', customerIds);
  await theirs.where('revoked_at', 'is', null).execute();
}

/** What mails to them were about. */
export async function mailSubjectsOfInvitations(tx: Tx, customerIds: string[]): Promise<string[]> {
  const rows = await tx.selectFrom('invitation').select('id').where('customer_id', 'in', customerIds).execute();
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  const reminders = await tx.selectFrom('reminder').select('id').where('invitation_id', 'in', ids).execute();
  return [...ids, ...reminders.map(({ id }) => id)];
}
