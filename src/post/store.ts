import type { Db, Schema, Tx } from '../storage/index.ts';

export type BatchRow = Schema['letter_batch'];
export type LetterRow = Schema['letter'];

export async function lettersFor(db: Db, invitationIds: string[]): Promise<Set<string>> {
  if (invitationIds.length === 0) return new Set();
  const query = db.selectFrom('letter').select('invitation_id').where('invitation_id', 'in', invitationIds);
  return new Set((await query.execute()).map((row) => row.invitation_id));
}

export async function nextNumber(tx: Tx, waveId: string): Promise<number> {
  const query = tx.selectFrom('letter_batch').select('number').where('wave_id', '=', waveId);
  return ((await query.orderBy('number', 'desc').limit(1).executeTakeFirst())?.number ?? 0) + 1;
}

export async function insertBatch(tx: Tx, row: BatchRow): Promise<void> {
  await tx.insertInto('letter_batch').values(row).execute();
}

/** @returns the invitations whose letters are really new: one letter for each, one code for each */
export async function insertLetters(tx: Tx, rows: LetterRow[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const added = await tx
    .insertInto('letter')
    .values(rows)
    .onConflict((on) => on.doNothing())
    .returning('invitation_id')
    .execute();
  return new Set(added.map((row) => row.invitation_id));
}

export interface ListedBatch extends BatchRow {
  prepared: number;
  posted: number;
  left_out: number;
}

/** The newest first. */
export async function listBatches(
  db: Db,
  waveId: string,
  before: number | null,
  limit: number,
): Promise<ListedBatch[]> {
  let query = db.selectFrom('letter_batch').selectAll().where('wave_id', '=', waveId);
  if (before !== null) query = query.where('number', '<', before);
  const batches = await query.orderBy('number', 'desc').limit(limit).execute();
  const counts = await countLetters(
    db,
    batches.map(({ id }) => id),
  );
  const of = (id: string, state: LetterRow['state']) =>
    counts.find((row) => row.batch_id === id && row.state === state)?.count ?? 0;
  return batches.map((row) => ({
    ...row,
    prepared: Number(of(row.id, 'prepared')),
    posted: Number(of(row.id, 'posted')),
    left_out: Number(of(row.id, 'left_out')),
  }));
}

async function countLetters(db: Db, batchIds: string[]) {
  if (batchIds.length === 0) return [];
  return await db
    .selectFrom('letter')
    .select(['batch_id', 'state'])
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('batch_id', 'in', batchIds)
    .groupBy(['batch_id', 'state'])
    .execute();
}

export async function findBatch(db: Db, waveId: string, number: number): Promise<BatchRow | undefined> {
  const query = db.selectFrom('letter_batch').selectAll().where('wave_id', '=', waveId).where('number', '=', number);
  return await query.executeTakeFirst();
}

/** In their order, so many after the first `from` of them. */
export async function lettersOf(
  db: Db,
  batchId: string,
  { from, most }: { from: number; most: number },
): Promise<LetterRow[]> {
  const query = db.selectFrom('letter').selectAll().where('batch_id', '=', batchId);
  return await query.orderBy('position').limit(most).offset(from).execute();
}

export async function letterByKey(db: Db, codeKey: string): Promise<LetterRow | undefined> {
  return await db.selectFrom('letter').selectAll().where('code_key', '=', codeKey).executeTakeFirst();
}

export async function markBatchPosted(tx: Tx, id: string, by: string | null, at: string): Promise<void> {
  await tx
    .updateTable('letter_batch')
    .set({ posted_by: by, posted_at: at })
    .where('id', '=', id)
    .where('posted_at', 'is', null)
    .execute();
}

/** @returns whether it was still to be settled */
export async function settleLetter(
  tx: Tx,
  invitationId: string,
  { state, why }: Pick<LetterRow, 'state' | 'why'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('letter')
    .set({ state, why })
    .where('invitation_id', '=', invitationId)
    .where('state', '=', 'prepared')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Letters that never went: their codes open nothing any more. @returns whether the part was still unposted */
export async function deleteBatch(tx: Tx, id: string): Promise<boolean> {
  await tx
    .deleteFrom('letter')
    .where('batch_id', '=', id)
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('letter_batch').select('id').where('id', '=', id).where('posted_at', 'is', null)),
    )
    .execute();
  const { numDeletedRows } = await tx
    .deleteFrom('letter_batch')
    .where('id', '=', id)
    .where('posted_at', 'is', null)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}
