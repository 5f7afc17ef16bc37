import { sql } from 'kysely';
import { excluded, prepared, preparedList, preparedRows, type Db, type Schema, type Tx } from '../../storage/index.ts';
import { NEVER } from './rules.ts';

export type StandingRow = Schema['winback'];

const readProgramme = prepared<{ key: string }>()((db, p) =>
  db.selectFrom('programme').select('id').where('key', '=', p.key),
);

export async function programmeId(db: Db, key: string): Promise<string | undefined> {
  return (await readProgramme(db, { key })).rows[0]?.id;
}

const readStandings = preparedList()((db, ids) => db.selectFrom('winback').selectAll().where('customer_id', 'in', ids));

export async function standings(db: Db, customerIds: string[]): Promise<Map<string, StandingRow>> {
  const { rows } = await readStandings(db, customerIds);
  return new Map(rows.map((row) => [row.customer_id, row]));
}

const COLUMNS: (keyof StandingRow)[] = [
  'case_id',
  'standing',
  'chance',
  'worth_minor',
  'left_on',
  'reason_key',
  'reason_source',
  'why',
  'call_at',
  'changes_on',
  'bought_until',
  'attempted',
];

const saveRows = preparedRows<StandingRow>()((db, rows) =>
  db
    .insertInto('winback')
    .values(rows)
    .onConflict((on) => on.column('customer_id').doUpdateSet(excluded(COLUMNS))),
);

/** Writes those that are others than before. */
export async function saveStandings(
  tx: Tx,
  rows: StandingRow[],
  before: Map<string, StandingRow> = new Map(),
): Promise<void> {
  const isOther = (row: StandingRow) => {
    const old = before.get(row.customer_id);
    return !old || COLUMNS.some((column) => row[column] !== old[column]);
  };
  const others = rows.filter(isOther);
  if (others.length > 0) await saveRows(tx, others);
}

export async function deleteStandings(tx: Tx, customerIds: string[]): Promise<void> {
  if (customerIds.length > 0) await tx.deleteFrom('winback').where('customer_id', 'in', customerIds).execute();
}

/** Those whose chance time alone has changed. */
export async function dueToChange(db: Db, today: string, limit: number): Promise<string[]> {
  const query = db.selectFrom('winback').select('customer_id').where('changes_on', '<=', today);
  return (await query.orderBy('changes_on').limit(limit).execute()).map((row) => row.customer_id);
}

export interface Place {
  chance: number;
  worth: number;
  id: string;
}

/** The most promising first, of those the most valuable. The first conditions alone are what an index can seek by. */
export async function listStandings(
  db: Db,
  standing: StandingRow['standing'],
  after: Place | null,
  limit: number,
): Promise<StandingRow[]> {
  let query = db.selectFrom('winback').selectAll().where('standing', '=', standing);
  if (after)
    query = query.where(
      sql<boolean>`(chance, worth_minor, customer_id) < (${after.chance}, ${after.worth}, ${after.id})`,
    );
  return await query
    .orderBy('chance', 'desc')
    .orderBy('worth_minor', 'desc')
    .orderBy('customer_id', 'desc')
    .limit(limit)
    .execute();
}

/** Those who are to be called at a time, the earliest first. */
export async function listPromised(
  db: Db,
  { before, after }: { before?: string; after?: { at: string; id: string } | null },
  limit: number,
): Promise<StandingRow[]> {
  let query = db.selectFrom('winback').selectAll().where('standing', '=', 'later');
  if (before !== undefined) query = query.where('call_at', '<=', before);
  if (after) query = query.where(sql<boolean>`(call_at, customer_id) > (${after.at}, ${after.id})`);
  return await query.orderBy('call_at').orderBy('customer_id').limit(limit).execute();
}

/** Of those who left since that day: how many, to how many we spoke, and how many of these are back. */
export async function countsSince(db: Db, since: string) {
  const rows = await db
    .selectFrom('winback')
    .select(['attempted', 'standing'])
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('left_on', '>=', since)
    .groupBy(['attempted', 'standing'])
    .execute();
  const sum = (of: typeof rows) => of.reduce((total, row) => total + Number(row.count), 0);
  const attempted = rows.filter((row) => row.attempted === 1);
  const back = (of: typeof rows) => sum(of.filter((row) => row.standing === 'returned'));
  return { lost: sum(rows), attempted: sum(attempted), wonBack: back(attempted), cameBack: back(rows) };
}

/** Whoever was erased is nobody's to win back, and still counts among those who left. */
export async function endStandings(tx: Tx, customerIds: string[]): Promise<void> {
  if (customerIds.length === 0) return;
  await tx
    .updateTable('winback')
    .set({ standing: 'done', call_at: null, changes_on: NEVER })
    .where('customer_id', 'in', customerIds)
    .where('standing', '<>', 'returned')
    .execute();
}
