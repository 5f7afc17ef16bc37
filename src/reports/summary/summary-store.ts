import type { Db, Schema, Tx } from '../../storage/index.ts';

type KeptRow = Schema['monthly_summary'];

export const findKept = (db: Db, month: string): Promise<KeptRow | undefined> =>
  db.selectFrom('monthly_summary').selectAll().where('month', '=', month).executeTakeFirst();

/** What was kept first stays. @returns whether it was this */
export async function keep(tx: Tx, row: KeptRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('monthly_summary')
    .values(row)
    .onConflict((conflict) => conflict.column('month').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Whether it is told from now on: false where it has been already. */
export async function markTold(tx: Tx, month: string, now: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('monthly_summary')
    .set({ told_at: now })
    .where('month', '=', month)
    .where('told_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function insertLetters(tx: Tx, rows: Schema['summary_letter'][]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('summary_letter').values(rows).execute();
}

/** Who wants no letter at the beginning of the month. A business has some dozens of colleagues. */
export async function refusers(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('summary_refusal').select('account_id').execute();
  return new Set(rows.map((row) => row.account_id));
}

export async function refuse(tx: Tx, accountId: string, now: string): Promise<void> {
  await tx
    .insertInto('summary_refusal')
    .values({ account_id: accountId, refused_at: now })
    .onConflict((conflict) => conflict.column('account_id').doNothing())
    .execute();
}

export async function accept(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('summary_refusal').where('account_id', '=', accountId).execute();
}

/** Complaints and returns opened from one moment to before another. Merged duplicates are none. */
export async function countOpened(db: Db, from: string, before: string): Promise<number> {
  const { count } = await db
    .selectFrom('recovery_case')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('opened_at', '>=', from)
    .where('opened_at', '<', before)
    .where('kind', 'in', ['complaint', 'return'])
    .where('merged_into_id', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Complaints and returns that are open, and those of them whose next step is overdue. */
export async function countStanding(db: Db, now: string): Promise<{ open: number; late: number }> {
  const row = await db
    .selectFrom('recovery_case')
    .select(({ fn, case: when }) => [
      fn.countAll<number>().as('open'),
      fn.sum<number>(when().when('next_due_at', '<', now).then(1).else(0).end()).as('late'),
    ])
    .where('closed_at', 'is', null)
    .where('kind', 'in', ['complaint', 'return'])
    .executeTakeFirstOrThrow();
  return { open: Number(row.open), late: Number(row.late ?? 0) };
}
