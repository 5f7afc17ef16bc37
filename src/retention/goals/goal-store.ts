import type { Db, Schema, Tx } from '../../storage/index.ts';

export type GoalRow = Schema['goal'];
export type VersionRow = Schema['goal_version'];
export type TurnRow = Schema['goal_turn'];
/** A goal with its newest version. */
export type WholeGoal = GoalRow & Pick<VersionRow, 'texts' | 'owner_id' | 'due_on' | 'target'>;

const whole = (db: Db) =>
  db
    .selectFrom('goal')
    .innerJoin('goal_version as version', (join) =>
      join.onRef('version.goal_id', '=', 'goal.id').onRef('version.number', '=', 'goal.number'),
    )
    .selectAll('goal')
    .select(['version.texts', 'version.owner_id', 'version.due_on', 'version.target']);

/** A business writes a handful of goals a year: all of them, the next due first. */
export async function allGoals(db: Db): Promise<WholeGoal[]> {
  return await whole(db).orderBy('version.due_on').orderBy('goal.id').execute();
}

export async function findGoal(db: Db, id: string): Promise<WholeGoal | undefined> {
  return await whole(db).where('goal.id', '=', id).executeTakeFirst();
}

/** The newest first. */
export async function versionsOf(db: Db, id: string): Promise<VersionRow[]> {
  const query = db.selectFrom('goal_version').selectAll().where('goal_id', '=', id);
  return await query.orderBy('number', 'desc').limit(200).execute();
}

export async function insertGoal(tx: Tx, row: GoalRow): Promise<void> {
  await tx.insertInto('goal').values(row).execute();
}

export async function insertVersion(tx: Tx, row: VersionRow): Promise<void> {
  await tx.insertInto('goal_version').values(row).execute();
}

/** The newest first. */
export async function turnsOf(db: Db, id: string): Promise<TurnRow[]> {
  const query = db.selectFrom('goal_turn').selectAll().where('goal_id', '=', id);
  return await query.orderBy('position', 'desc').limit(200).execute();
}

/** After `changeGoal` in the same transaction: two never count the same position. */
export async function insertTurn(tx: Tx, row: Omit<TurnRow, 'position'>): Promise<void> {
  const [last] = await turnsOf(tx, row.goal_id);
  await tx
    .insertInto('goal_turn')
    .values({ ...row, position: (last?.position ?? 0) + 1 })
    .execute();
}

interface Seen {
  id: string;
  seen: number;
  state: GoalRow['state'];
}

/** Whether it was in this state and still stood at the version that was seen. */
export async function changeGoal(tx: Tx, { id, seen, state }: Seen, change: Partial<GoalRow>): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('goal')
    .set(change)
    .where('id', '=', id)
    .where('number', '=', seen)
    .where('state', '=', state)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}
