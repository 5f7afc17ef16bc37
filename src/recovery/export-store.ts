import { sql } from 'kysely';
import { rowsOf, type Db, type Tx } from '../storage/index.ts';

const BY_CUSTOMER = [
  'payment_letter',
  'payment_plan',
  'offer_given',
  'winback',
  'winback_case',
  'winback_call',
  'winback_letter',
  'next_need',
  'next_need_nudge',
] as const;

const BY_CASE = ['case_step', 'case_event', 'case_remedy', 'case_tag', 'payment_wish'] as const;

/** Cases with all that was said, written and sent in them, comments, offers, calls and plans. */
export async function exportedCases(db: Db, customerIds: string[]) {
  const cases = await db.selectFrom('recovery_case').selectAll().where('customer_id', 'in', customerIds).execute();
  const caseIds = cases.map(({ id }) => id);
  const theirOwn = await rowsOf(db, BY_CUSTOMER, 'customer_id', customerIds);
  const ofCases = await rowsOf(db, BY_CASE, 'case_id', caseIds);
  const theirs = sql<boolean>`(customer_id in (${sql.join(customerIds)}) or case_id in (${sql.join([...caseIds, ''])}))`;
  const mails = await db.selectFrom('case_mail').selectAll().where(theirs).execute();
  const comments = await db.selectFrom('public_comment').selectAll().where(theirs).execute();
  const files = await exportedFiles(db, {
    case_id: caseIds,
    mail_id: mails.map(({ id }) => id),
    comment_id: comments.map(({ id }) => id),
  });
  return { cases, ...theirOwn, ...ofCases, mails, comments, files };
}

type Owners = Record<'case_id' | 'mail_id' | 'comment_id', string[]>;

/** Each with its content in base64. */
async function exportedFiles(db: Db, owners: Owners) {
  const files = new Map<string, { id: string }>();
  for (const [column, ids] of Object.entries(owners) as [keyof Owners, string[]][]) {
    if (ids.length === 0) continue;
    const rows = await db
      .selectFrom('attachment as f')
      .innerJoin('attachment_content as c', 'c.attachment_id', 'f.id')
      .select(['f.id', 'f.name', 'f.type', 'f.size', 'f.created_at', 'c.content'])
      .where(`f.${column}`, 'in', ids)
      .execute();
    for (const row of rows) files.set(row.id, row);
  }
  return [...files.values()];
}

/** What mails to them were about. */
export async function subjectsOfMail(tx: Tx, customerIds: string[], caseIds: string[]): Promise<string[]> {
  const ids = [...caseIds];
  for (const table of ['offer_given', 'winback_letter'] as const) {
    const rows = await tx.selectFrom(table).select('id').where('customer_id', 'in', customerIds).execute();
    ids.push(...rows.map(({ id }) => id));
  }
  if (caseIds.length === 0) return ids;
  const mails = await tx.selectFrom('case_mail').select('id').where('case_id', 'in', caseIds).execute();
  return [...ids, ...mails.map(({ id }) => id)];
}

/** Letters and comments of theirs that nobody has put to a customer, by the address that stands in them. */
export async function strangersBy(tx: Tx, { email, addressKey }: { email: string; addressKey: string }) {
  const mails = tx.selectFrom('case_mail').select('id').where('customer_id', 'is', null).where('case_id', 'is', null);
  const comments = tx.selectFrom('public_comment').select('id').where('customer_id', 'is', null);
  return {
    mailIds: (await mails.where('address_key', '=', addressKey).execute()).map(({ id }) => id),
    commentIds: (
      await comments
        .where('case_id', 'is', null)
        .where(sql<boolean>`lower(email) = ${email.toLowerCase()}`)
        .execute()
    ).map(({ id }) => id),
  };
}

const NO_COMMENT = { words: '', name: '', email: '', telephone: '', words_key: '' };

export async function blankComments(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length > 0) await tx.updateTable('public_comment').set(NO_COMMENT).where('id', 'in', ids).execute();
}
