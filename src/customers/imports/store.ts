import { sql, type Insertable } from 'kysely';
import type { Db, Schema, Tx } from '../../storage/index.ts';
import { importOf, type Facts, type Import, type ImportState } from './facts.ts';

type Row = Schema['import'];

export async function insertImport(tx: Tx, row: Insertable<Row>): Promise<void> {
  await tx.insertInto('import').values(row).execute();
}

export async function findImport(db: Db, id: string): Promise<Import | undefined> {
  const row = await db.selectFrom('import').selectAll().where('id', '=', id).executeTakeFirst();
  return row && importOf(row);
}

/** Newest first, after the given one. */
export async function listImports(db: Db, after: string | null, limit: number): Promise<Import[]> {
  let query = db.selectFrom('import').selectAll().where('state', '!=', 'receiving');
  if (after !== null) query = query.where('id', '<', after);
  return (await query.orderBy('id', 'desc').limit(limit).execute()).map(importOf);
}

const WAITING: ImportState[] = ['reading', 'importing', 'undoing'];

/** The oldest that has something to do, but for these. */
export async function nextWaiting(db: Db, except: string[]): Promise<Import | undefined> {
  let query = db.selectFrom('import').selectAll().where('state', 'in', WAITING);
  if (except.length > 0) query = query.where('id', 'not in', except);
  const row = await query.orderBy('id').limit(1).executeTakeFirst();
  return row && importOf(row);
}

/** The last finished import of the same file. */
export async function findEarlier(db: Db, { id, fingerprint, kind }: Import): Promise<Import | undefined> {
  const row = await db
    .selectFrom('import')
    .selectAll()
    .where('fingerprint', '=', fingerprint)
    .where('kind', '=', kind)
    .where('state', '=', 'done')
    .where('id', '!=', id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && importOf(row);
}

export interface Changes {
  state?: ImportState;
  facts?: Facts;
  finished_at?: string | null;
  rows_total?: number;
  rows_bad?: number;
  rows_new?: number;
  rows_update?: number;
  rows_same?: number;
  rows_done?: number;
  rows_kept?: number;
}

/** Whether it was in that state. */
export async function changeImport(
  tx: Tx,
  id: string,
  from: ImportState,
  { facts, ...others }: Changes,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('import')
    .set({ ...others, ...(facts ? { facts: JSON.stringify(facts) } : {}) })
    .where('id', '=', id)
    .where('state', '=', from)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export type Counts = Partial<Record<'new' | 'update' | 'same' | 'bad' | 'done' | 'kept', number>>;

/** Adds to the counts of rows; negative numbers take away. */
export async function addCounts(tx: Tx, id: string, counts: Counts): Promise<void> {
  const columns = Object.entries(counts).filter(([, count]) => count !== 0);
  if (columns.length === 0) return;
  await tx
    .updateTable('import')
    .set(
      Object.fromEntries(
        columns.map(([name, count]) => [`rows_${name}`, sql<number>`${sql.ref(`rows_${name}`)} + ${count}`]),
      ),
    )
    .where('id', '=', id)
    .execute();
}

/** Whose rows are to be deleted: those too old, those thrown away, and uploads that broke off. */
export async function importsToForget(db: Db, { old, brokenOff }: { old: string; brokenOff: string }) {
  return await db
    .selectFrom('import')
    .select('id')
    .where('forgotten_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('state', '=', 'discarded'),
        eb.and([eb('created_at', '<', old), eb('state', 'not in', WAITING)]),
        eb.and([eb('created_at', '<', brokenOff), eb('state', '=', 'receiving')]),
      ]),
    )
    .orderBy('created_at')
    .limit(20)
    .execute();
}

/** Unfinished business is thrown away with its rows. */
export async function markForgotten(tx: Tx, id: string, now: string): Promise<void> {
  await tx
    .updateTable('import')
    .set({
      forgotten_at: now,
      state: sql<ImportState>`case when state in ('checked', 'receiving') then 'discarded' else state end`,
    })
    .where('id', '=', id)
    .execute();
}

export async function insertFilePart(tx: Tx, importId: string, part: number, content: Buffer): Promise<void> {
  await tx
    .insertInto('import_file')
    .values({ import_id: importId, part, content: content.toString('base64') })
    .execute();
}

export async function readFilePart(db: Db, importId: string, part: number): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('import_file')
    .select('content')
    .where('import_id', '=', importId)
    .where('part', '=', part)
    .executeTakeFirst();
  return row && Buffer.from(row.content, 'base64');
}

/** Whether there was anything to delete. */
export async function deleteFilePart(tx: Tx, importId: string, part: number): Promise<boolean> {
  const query = tx.deleteFrom('import_file').where('import_id', '=', importId).where('part', '=', part);
  return (await query.executeTakeFirstOrThrow()).numDeletedRows > 0n;
}
