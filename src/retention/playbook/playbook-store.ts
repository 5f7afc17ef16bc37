import type { Db, Schema, Tx } from '../../storage/index.ts';

export type PageRow = Schema['playbook_page'];
export type VersionRow = Schema['playbook_version'];
type ReadingRow = Schema['playbook_reading'];

/** A business writes dozens of pages, not hundreds: all of them, with their newest texts. */
export async function allPages(db: Db): Promise<(PageRow & { texts: string })[]> {
  return await pagesAsTheyStand(db).orderBy('page.created_at').orderBy('page.id').execute();
}

export async function findPage(db: Db, id: string): Promise<(PageRow & { texts: string }) | undefined> {
  return await pagesAsTheyStand(db).where('page.id', '=', id).executeTakeFirst();
}

const pagesAsTheyStand = (db: Db) =>
  db
    .selectFrom('playbook_page as page')
    .innerJoin('playbook_version as version', (join) =>
      join.onRef('version.page_id', '=', 'page.id').onRef('version.number', '=', 'page.number'),
    )
    .selectAll('page')
    .select('version.texts');

/** The newest first. */
export async function versionsOf(db: Db, pageId: string): Promise<VersionRow[]> {
  return await db
    .selectFrom('playbook_version')
    .selectAll()
    .where('page_id', '=', pageId)
    .orderBy('number', 'desc')
    .limit(200)
    .execute();
}

/** Whether it was not there: a starter page comes once. */
export async function insertPage(tx: Tx, row: PageRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('playbook_page')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export async function insertVersion(tx: Tx, row: VersionRow): Promise<void> {
  await tx.insertInto('playbook_version').values(row).execute();
}

/** Whether the page still stood at the version before. */
export async function moveOn(
  tx: Tx,
  id: string,
  seen: number,
  changed: Pick<PageRow, 'number' | 'asked' | 'places'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('playbook_page')
    .set(changed)
    .where('id', '=', id)
    .where('number', '=', seen)
    .where('retired_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function setRetired(tx: Tx, id: string, at: string | null): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('playbook_page')
    .set({ retired_at: at })
    .where('id', '=', id)
    .where('retired_at', at === null ? 'is not' : 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Whether it was new: to confirm twice changes nothing. */
export async function insertReading(tx: Tx, row: ReadingRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('playbook_reading')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** The newest version that somebody has confirmed, by page. */
export async function readBy(db: Db, accountId: string): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('playbook_reading')
    .select(['page_id', (eb) => eb.fn.max('number').as('number')])
    .where('account_id', '=', accountId)
    .groupBy('page_id')
    .execute();
  return new Map(rows.map(({ page_id, number }) => [page_id, Number(number)]));
}

/** Every confirmation of a page, the newest last. */
export async function readingsOf(db: Db, pageId: string): Promise<ReadingRow[]> {
  return await db
    .selectFrom('playbook_reading')
    .selectAll()
    .where('page_id', '=', pageId)
    .orderBy('number')
    .orderBy('account_id')
    .execute();
}

/** How far each colleague has read each page: one row for each of them. */
export async function allReadings(
  db: Db,
  accountIds: string[],
): Promise<Pick<ReadingRow, 'page_id' | 'account_id' | 'number'>[]> {
  if (accountIds.length === 0) return [];
  const rows = await db
    .selectFrom('playbook_reading')
    .select(['page_id', 'account_id', (eb) => eb.fn.max('number').as('number')])
    .where('account_id', 'in', accountIds)
    .groupBy(['page_id', 'account_id'])
    .execute();
  return rows.map((row) => ({ ...row, number: Number(row.number) }));
}

/** The starters that came already. */
export async function starterKeys(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('playbook_page').select('key').where('key', 'is not', null).execute();
  return new Set(rows.map(({ key }) => key ?? ''));
}
