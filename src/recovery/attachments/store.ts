import { createHash } from 'node:crypto';
import type { Db, Schema, Tx } from '../../storage/index.ts';

export type AttachmentRow = Schema['attachment'];

export async function insertAttachment(tx: Tx, row: AttachmentRow, bytes: Buffer): Promise<void> {
  await tx.insertInto('attachment').values(row).execute();
  await tx
    .insertInto('attachment_content')
    .values({ attachment_id: row.id, content: bytes.toString('base64') })
    .execute();
}

export async function findAttachment(db: Db, id: string): Promise<AttachmentRow | undefined> {
  return await db.selectFrom('attachment').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function contentOf(db: Db, id: string): Promise<Buffer | undefined> {
  const query = db.selectFrom('attachment_content').select('content').where('attachment_id', '=', id);
  const row = await query.executeTakeFirst();
  return row && Buffer.from(row.content, 'base64');
}

export const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64url');

/** @returns the id of the very same file that was put to that case by itself */
export async function sameFile(
  db: Db,
  caseId: string,
  { name, bytes }: { name: string; bytes: Buffer },
): Promise<string | undefined> {
  const query = db.selectFrom('attachment').select('id').where('case_id', '=', caseId).where('name', '=', name);
  const alone = query.where('mail_id', 'is', null).where('comment_id', 'is', null);
  return (await alone.where('digest', '=', digestOf(bytes)).executeTakeFirst())?.id;
}

const MOST_LISTED = 500;

export async function attachmentsOf(
  db: Db,
  column: 'case_id' | 'mail_id' | 'comment_id',
  ids: string[],
): Promise<AttachmentRow[]> {
  if (ids.length === 0) return [];
  const query = db.selectFrom('attachment').selectAll().where(column, 'in', ids).orderBy('id').limit(MOST_LISTED);
  return await query.execute();
}

/** What came with a mail or a comment belongs to its case from now on. */
export async function moveAttachments(
  tx: Tx,
  column: 'case_id' | 'mail_id' | 'comment_id',
  ids: string[],
  caseId: string | null,
): Promise<void> {
  if (ids.length > 0) await tx.updateTable('attachment').set({ case_id: caseId }).where(column, 'in', ids).execute();
}

export async function deleteAttachments(tx: Tx, column: 'case_id' | 'mail_id' | 'comment_id', ids: string[]) {
  if (ids.length > 0) await tx.deleteFrom('attachment').where(column, 'in', ids).execute();
}
