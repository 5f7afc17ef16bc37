import type { Tx } from '../storage/index.ts';

/** Says that the mails claimed by this process are alive until then. */
export async function renewLease(tx: Tx, holder: string, expiresAt: string): Promise<void> {
  await tx
    .insertInto('lease')
    .values({ name: leaseName(holder), holder, expires_at: expiresAt })
    .onConflict((oc) => oc.column('name').doUpdateSet({ expires_at: expiresAt }))
    .execute();
}

export async function endLease(tx: Tx, holder: string): Promise<void> {
  await tx.deleteFrom('lease').where('name', '=', leaseName(holder)).execute();
}

export async function deleteExpiredLeases(tx: Tx, now: string): Promise<void> {
  await tx.deleteFrom('lease').where('name', 'like', 'mailer %').where('expires_at', '<=', now).execute();
}

const leaseName = (holder: string) => `mailer ${holder}`;
