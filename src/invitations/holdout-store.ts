import { prepared, preparedList, type Db, type Schema, type Tx } from '../storage/index.ts';

export type ShareRow = Schema['holdout_share'];
export type DrawRow = Schema['holdout_draw'];

const readShare = prepared<{ programmeId: string }>()((db, p) =>
  db.selectFrom('holdout_share').selectAll().where('programme_id', '=', p.programmeId).orderBy('id', 'desc').limit(1),
);

/** As it is in force; undefined where nobody has ever said. */
export async function findShare(db: Db, programmeId: string): Promise<ShareRow | undefined> {
  return (await readShare(db, { programmeId })).rows[0];
}

export async function insertShare(tx: Tx, row: ShareRow): Promise<void> {
  await tx.insertInto('holdout_share').values(row).execute();
}

const readDraws = preparedList<{ programmeId: string }>()((db, ids, p) =>
  db
    .selectFrom('holdout_draw')
    .select(['customer_id', 'held_out'])
    .where('programme_id', '=', p.programmeId)
    .where('customer_id', 'in', ids),
);

export async function findDraws(db: Db, programmeId: string, customerIds: string[]): Promise<Map<string, boolean>> {
  const { rows } = await readDraws(db, customerIds, { programmeId });
  return new Map(rows.map((row) => [row.customer_id, row.held_out === 1]));
}

/** A draw that stands already stays as it is. */
export async function insertDraws(tx: Tx, rows: DrawRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('holdout_draw')
    .values(rows)
    .onConflict((oc) => oc.columns(['programme_id', 'customer_id']).doNothing())
    .execute();
}

export async function countDraws(db: Db, programmeId: string): Promise<{ drawn: number; heldOut: number }> {
  const row = await db
    .selectFrom('holdout_draw')
    .select(({ fn }) => [fn.countAll<number>().as('drawn'), fn.sum<number | null>('held_out').as('heldOut')])
    .where('programme_id', '=', programmeId)
    .where('share', '>', 0)
    .executeTakeFirstOrThrow();
  return { drawn: row.drawn, heldOut: row.heldOut ?? 0 };
}

/** Who has been asked in this programme before: whoever had the treatment cannot be kept from it any more. */
export async function askedBefore(db: Db, programmeId: string, customerIds: string[]): Promise<Set<string>> {
  if (customerIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('invitation')
    .innerJoin('wave', 'wave.id', 'invitation.wave_id')
    .select('invitation.customer_id')
    .distinct()
    .where('invitation.customer_id', 'in', customerIds)
    .where('invitation.delivery', 'in', ['queued', 'sending', 'sent', 'unknown'])
    .where('wave.programme_id', '=', programmeId)
    .execute();
  return new Set(rows.map((row) => row.customer_id));
}
