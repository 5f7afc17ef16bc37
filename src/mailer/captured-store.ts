import type { Db, Schema, Tx } from '../storage/index.ts';

type CapturedRow = Schema['captured_mail'];

export async function insertCaptured(tx: Tx, rows: CapturedRow[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('captured_mail').values(rows).execute();
}

export interface CapturedLine {
  id: string;
  kind: string;
  envelope_to: string;
  subject: string;
  captured_at: string;
}

/** The newest first; ids sort by the time of their making. */
export async function listCaptured(
  db: Db,
  { before, limit, withAccountMails }: { before: string | null; limit: number; withAccountMails: boolean },
): Promise<CapturedLine[]> {
  let query = db
    .selectFrom('captured_mail as captured')
    .innerJoin('outgoing_mail as mail', 'mail.id', 'captured.mail_id')
    .select(['captured.id', 'mail.kind', 'captured.envelope_to', 'captured.subject', 'captured.captured_at'])
    .orderBy('captured.id', 'desc')
    .limit(limit);
  if (before !== null) query = query.where('captured.id', '<', before);
  if (!withAccountMails) query = query.where('mail.kind', 'not like', 'account%');
  return await query.execute();
}

export async function findCaptured(db: Db, id: string): Promise<(CapturedRow & { kind: string }) | undefined> {
  return await db
    .selectFrom('captured_mail as captured')
    .innerJoin('outgoing_mail as mail', 'mail.id', 'captured.mail_id')
    .selectAll('captured')
    .select('mail.kind')
    .where('captured.id', '=', id)
    .executeTakeFirst();
}
