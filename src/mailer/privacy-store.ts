import { sql } from 'kysely';
import type { Db, Tx } from '../storage/index.ts';

/** Mails about these subjects, with those that were kept in the app. */
export async function exportedMails(db: Db, subjectIds: string[], addresses: string[]) {
  const rows = [];
  for (let from = 0; from < subjectIds.length; from += 400)
    rows.push(
      ...(await db
        .selectFrom('outgoing_mail')
        .select(['id', 'kind', 'subject_id', 'state', 'created_at', 'settled_at'])
        .where('subject_id', 'in', subjectIds.slice(from, from + 400))
        .execute()),
    );
  const kept = db.selectFrom('captured_mail').selectAll();
  const keptMails = [];
  for (const address of new Set(addresses.map((each) => each.toLowerCase())))
    if (address !== '') keptMails.push(...(await kept.where(sql<boolean>`lower(envelope_to) = ${address}`).execute()));
  return { mails: rows, keptMails };
}

interface Waiting {
  kind: string;
  subject_id: string;
  state: string;
}

/** Mails that have not left, or are just leaving. */
export async function onTheWay(db: Db, subjectIds: string[]): Promise<Waiting[]> {
  const found: Waiting[] = [];
  for (let from = 0; from < subjectIds.length; from += 400)
    found.push(
      ...(await db
        .selectFrom('outgoing_mail')
        .select(['kind', 'subject_id', 'state'])
        .where('subject_id', 'in', subjectIds.slice(from, from + 400))
        .where('state', 'in', ['queued', 'sending'])
        .execute()),
    );
  return found;
}

/**
 * What was kept of the mails about these goes, and any other that went to the address or has one of the words in it; what
 * servers said about them goes, too, for it may quote the address.
 */
export async function forgetMails(tx: Tx, subjectIds: string[], address: string, words: string[]): Promise<void> {
  for (let from = 0; from < subjectIds.length; from += 400) {
    const ids = subjectIds.slice(from, from + 400);
    const theirs = tx.selectFrom('outgoing_mail').select('id').where('subject_id', 'in', ids);
    await tx.deleteFrom('captured_mail').where('mail_id', 'in', theirs).execute();
    const errors = tx.updateTable('outgoing_mail').set({ last_error: 'erased' }).where('subject_id', 'in', ids);
    await errors.where('last_error', 'like', '% %').execute();
  }
  if (address !== '')
    await tx
      .deleteFrom('captured_mail')
      .where(sql<boolean>`lower(envelope_to) = ${address.toLowerCase()}`)
      .execute();
  for (const word of [address, ...words].filter((each) => each.length > 2))
    await tx
      .deleteFrom('captured_mail')
      .where(sql<boolean>`${sql.val(word)} <> '' and (${contains('text', word)} or ${contains('subject', word)})`)
      .execute();
}

/** No pattern: a name may hold the signs that LIKE takes for others. */
const contains = (column: 'text' | 'subject', word: string) =>
  sql`replace(${sql.ref(column)}, ${word}, '') <> ${sql.ref(column)}`;
