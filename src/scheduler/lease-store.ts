import type { Db, Tx } from '../storage/index.ts';

interface LeaseRow {
  name: string;
  holder: string;
  expires_at: string;
}

export async function findLease(db: Db, name: string): Promise<LeaseRow | undefined> {
  return await db.selectFrom('lease').selectAll().where('name', '=', name).executeTakeFirst();
}

/** Whether it is ours now: taken anew, prolonged, or taken from `previous` or from one that has expired. */
export async function takeLease(tx: Tx, lease: LeaseRow, now: string, previous = lease.holder): Promise<boolean> {
  const { holder, expires_at } = lease;
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('lease')
    .values(lease)
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ holder, expires_at })
        .where((eb) => eb.or([eb('lease.holder', 'in', [holder, previous]), eb('lease.expires_at', '<=', now)])),
    )
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export async function dropLease(tx: Tx, name: string, holder: string): Promise<void> {
  await tx.deleteFrom('lease').where('name', '=', name).where('holder', '=', holder).execute();
}
