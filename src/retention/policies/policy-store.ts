import type { Db, Schema, Tx } from '../../storage/index.ts';

type PolicyRow = Schema['policy'];
export type VersionRow = Schema['policy_version'];
export type WholePolicy = PolicyRow & Pick<VersionRow, 'texts' | 'owner_id' | 'in_force_on'>;

const whole = (db: Db) =>
  db
    .selectFrom('policy')
    .innerJoin('policy_version as version', (join) =>
      join.onRef('version.policy_id', '=', 'policy.id').onRef('version.number', '=', 'policy.number'),
    )
    .selectAll('policy')
    .select(['version.texts', 'version.owner_id', 'version.in_force_on']);

/** Dozens, not hundreds: all of them, the newest in force first. */
export async function allPolicies(db: Db): Promise<WholePolicy[]> {
  return await whole(db).orderBy('version.in_force_on', 'desc').orderBy('policy.id', 'desc').execute();
}

export async function findPolicy(db: Db, id: string): Promise<WholePolicy | undefined> {
  return await whole(db).where('policy.id', '=', id).executeTakeFirst();
}

/** The newest first. */
export async function versionsOf(db: Db, id: string): Promise<VersionRow[]> {
  const query = db.selectFrom('policy_version').selectAll().where('policy_id', '=', id);
  return await query.orderBy('number', 'desc').limit(200).execute();
}

export async function insertPolicy(tx: Tx, row: PolicyRow): Promise<void> {
  await tx.insertInto('policy').values(row).execute();
}

export async function insertVersion(tx: Tx, row: VersionRow): Promise<void> {
  await tx.insertInto('policy_version').values(row).execute();
}

/** Whether it was not withdrawn and still stood at the version that was seen. */
export async function changeStanding(tx: Tx, id: string, seen: number, change: Partial<PolicyRow>): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('policy')
    .set(change)
    .where('id', '=', id)
    .where('number', '=', seen)
    .where('withdrawn_on', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}
