import type { Db, Schema, Tx } from '../../storage/index.ts';

export type LetterRow = Schema['payment_letter'];
export type WishRow = Schema['payment_wish'];

/** Which of these invoices have led to a case already. */
export async function notedInvoices(db: Db, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.selectFrom('arrears_invoice').select('invoice_id').where('invoice_id', 'in', ids).execute();
  return new Set(rows.map((row) => row.invoice_id));
}

/** Each once, however many look at the same moment. */
export async function noteInvoices(tx: Tx, caseId: string, ids: string[], at: string): Promise<void> {
  if (ids.length === 0) return;
  const rows = ids.map((id) => ({ invoice_id: id, case_id: caseId, noted_at: at }));
  await tx
    .insertInto('arrears_invoice')
    .values(rows)
    .onConflict((oc) => oc.column('invoice_id').doNothing())
    .execute();
}

export async function invoicesOfCase(db: Db, caseId: string): Promise<string[]> {
  const query = db.selectFrom('arrears_invoice').select('invoice_id').where('case_id', '=', caseId);
  return (await query.orderBy('invoice_id').execute()).map((row) => row.invoice_id);
}

export async function insertLetter(tx: Tx, row: LetterRow): Promise<void> {
  await tx
    .insertInto('payment_letter')
    .values(row)
    .onConflict((oc) => oc.column('case_id').doNothing())
    .execute();
}

export async function findLetters(db: Db, caseIds: string[]): Promise<Map<string, LetterRow>> {
  if (caseIds.length === 0) return new Map();
  const rows = await db.selectFrom('payment_letter').selectAll().where('case_id', 'in', caseIds).execute();
  return new Map(rows.map((row) => [row.case_id, row]));
}

/** Cases whose letter may lie on a customer's table: those that go on, and those whose letter went by post. */
export async function casesWithLetters(db: Db, limit: number): Promise<string[]> {
  const query = db
    .selectFrom('payment_letter')
    .innerJoin('recovery_case', 'recovery_case.id', 'payment_letter.case_id')
    .select('payment_letter.case_id')
    .where((is) => is.or([is('recovery_case.closed_at', 'is', null), is('payment_letter.state', '=', 'printed')]));
  const rows = await query.orderBy('payment_letter.created_at', 'desc').limit(limit).execute();
  return rows.map((row) => row.case_id);
}

/** @returns whether it was in one of these states, and at that revision where one is named */
export async function moveLetter(
  tx: Tx,
  caseId: string,
  { from, revision }: { from: LetterRow['state'][]; revision?: number | undefined },
  change: Partial<Omit<LetterRow, 'case_id' | 'customer_id' | 'revision'>>,
): Promise<boolean> {
  let query = tx
    .updateTable('payment_letter')
    .set((eb) => ({ ...change, revision: eb('revision', '+', 1) }))
    .where('case_id', '=', caseId)
    .where('state', 'in', from);
  if (revision !== undefined) query = query.where('revision', '=', revision);
  return (await query.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}

/** What stands of what the customer has chosen. */
export async function standingWishes(db: Db, caseId: string): Promise<WishRow[]> {
  const query = db.selectFrom('payment_wish').selectAll().where('case_id', '=', caseId);
  return await query.where('taken_back_at', 'is', null).orderBy('id').execute();
}

export async function takeBackWishes(tx: Tx, caseId: string, kind: WishRow['kind'], at: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('payment_wish')
    .set({ taken_back_at: at })
    .where('case_id', '=', caseId)
    .where('kind', '=', kind)
    .where('taken_back_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** @returns false where another of its kind came at the same moment */
export async function insertWish(tx: Tx, row: WishRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('payment_wish')
    .values(row)
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}
