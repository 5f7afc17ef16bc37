import { preparedRow, type Db, type Schema, type Tx } from '../storage/index.ts';

export type AuditRow = Schema['audit_entry'];

const insertOne = preparedRow<AuditRow>()((db, row) => db.insertInto('audit_entry').values(row));

/** Rows are only ever added. */
export async function insertEntry(tx: Tx, row: AuditRow): Promise<void> {
  await insertOne(tx, row);
}

/** The newest first; ids grow with time. */
export function listEntries(
  db: Db,
  { actorId, before, limit }: { actorId: string | null; before: string | null; limit: number },
): Promise<AuditRow[]> {
  let query = db.selectFrom('audit_entry').selectAll();
  if (actorId !== null) query = query.where('actor_id', '=', actorId);
  if (before !== null) query = query.where('id', '<', before);
  return query.orderBy('id', 'desc').limit(limit).execute();
}

/** The oldest first. */
export function entriesAbout(db: Db, kind: string, id: string): Promise<AuditRow[]> {
  const query = db.selectFrom('audit_entry').selectAll().where('subject_kind', '=', kind).where('subject_id', '=', id);
  return query.orderBy('id').limit(200).execute();
}
