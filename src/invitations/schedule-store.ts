import type { Db, Schema, Tx } from '../storage/index.ts';
import { toSchedule, type Schedule } from './schedule.ts';

export type RunRow = Schema['schedule_run'];
type ScheduleRow = Schema['schedule'];
type SubjectRow = Schema['schedule_subject'];

export async function insertSchedule(tx: Tx, row: ScheduleRow): Promise<void> {
  await tx.insertInto('schedule').values(row).execute();
}

export async function changeSchedule(tx: Tx, id: string, change: Partial<ScheduleRow>): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('schedule')
    .set(change)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** @returns whether it stood in the other state */
export async function switchSchedule(
  tx: Tx,
  id: string,
  change: { state: 'on'; active_from: string } | { state: 'paused' },
): Promise<boolean> {
  const from = change.state === 'on' ? 'paused' : 'on';
  const update = tx.updateTable('schedule').set(change).where('id', '=', id).where('state', '=', from);
  return (await update.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}

export async function findSchedule(db: Db, id: string): Promise<Schedule | undefined> {
  const row = await db.selectFrom('schedule').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toSchedule(row);
}

export async function listSchedules(db: Db, state?: 'on'): Promise<Schedule[]> {
  let query = db.selectFrom('schedule').selectAll().orderBy('id');
  if (state) query = query.where('state', '=', state);
  return (await query.execute()).map(toSchedule);
}

export async function countSchedulesOf(db: Db, senderId: string): Promise<number> {
  const query = db.selectFrom('schedule').select((eb) => eb.fn.countAll<number>().as('count'));
  const { count } = await query.where('sender_account_id', '=', senderId).executeTakeFirstOrThrow();
  return Number(count);
}

interface Sender {
  id: string;
  email: string;
}

/** @returns the ids of those that the other one signs from now on */
export async function giveSchedules(tx: Tx, from: Sender, to: Sender, at: string): Promise<string[]> {
  const theirs = tx.updateTable('schedule').where('sender_account_id', '=', from.id);
  await theirs.set({ reply_to: to.email }).where('reply_to', '=', from.email).execute();
  const moved = theirs.set({ sender_account_id: to.id, changed_at: at }).returning('id');
  return (await moved.execute()).map(({ id }) => id);
}

/** Days for which a schedule has a run already. */
export async function daysRun(db: Db, scheduleId: string, since: string): Promise<Set<string>> {
  const query = db.selectFrom('schedule_run').select('run_on').where('schedule_id', '=', scheduleId);
  return new Set((await query.where('run_on', '>=', since).execute()).map((row) => row.run_on));
}

/** @returns false where that schedule has a run for that day: whoever comes first has it */
export async function insertRun(tx: Tx, row: RunRow): Promise<boolean> {
  const result = await tx
    .insertInto('schedule_run')
    .values(row)
    .onConflict((oc) => oc.column('run_key').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function moveRun(
  tx: Tx,
  id: string,
  from: RunRow['state'],
  change: Partial<Pick<RunRow, 'state' | 'asks' | 'decided_by' | 'decided_at'>>,
): Promise<boolean> {
  const update = tx.updateTable('schedule_run').set(change).where('id', '=', id).where('state', '=', from);
  return (await update.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}

export async function findRun(db: Db, id: string): Promise<RunRow | undefined> {
  return await db.selectFrom('schedule_run').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Runs about which a person has to decide, with how many customers they concern; none for a rolling one. */
export async function askingRuns(db: Db): Promise<{ run: RunRow; name: string; moment: string; subjects: number }[]> {
  const runs = await db
    .selectFrom('schedule_run')
    .innerJoin('schedule', 'schedule.id', 'schedule_run.schedule_id')
    .selectAll('schedule_run')
    .select(['schedule.name', 'schedule.moment'])
    .where('schedule_run.state', '=', 'asks')
    .orderBy('run_on')
    .orderBy('schedule_run.id')
    .limit(50)
    .execute();
  return await Promise.all(
    runs.map(async ({ name, moment, ...run }) => ({
      run,
      name,
      moment,
      subjects: (await customersOf(db, run.id)).length,
    })),
  );
}

/** A run with the wave that it became. */
export type ToldRun = RunRow & { wave_id: string | null };

export async function lastRuns(db: Db, scheduleId: string, limit: number): Promise<ToldRun[]> {
  return await db
    .selectFrom('schedule_run')
    .leftJoin('wave', 'wave.schedule_run_id', 'schedule_run.id')
    .selectAll('schedule_run')
    .select('wave.id as wave_id')
    .where('schedule_id', '=', scheduleId)
    .where('schedule_run.state', 'in', ['started', 'asks', 'skipped'])
    .orderBy('run_on', 'desc')
    .limit(limit)
    .execute();
}

const ROWS_A_STATEMENT = 300;

/** @returns how many nobody had taken up before */
export async function takeSubjects(tx: Tx, rows: SubjectRow[]): Promise<number> {
  let taken = 0;
  for (let i = 0; i < rows.length; i += ROWS_A_STATEMENT) {
    const result = await tx
      .insertInto('schedule_subject')
      .values(rows.slice(i, i + ROWS_A_STATEMENT))
      .onConflict((oc) => oc.columns(['schedule_id', 'subject_key']).doNothing())
      .executeTakeFirst();
    taken += Number(result.numInsertedOrUpdatedRows ?? 0n);
  }
  return taken;
}

/** Which of these an earlier run has taken up. */
export async function takenAmong(db: Db, scheduleId: string, keys: string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const query = db.selectFrom('schedule_subject').select('subject_key').where('schedule_id', '=', scheduleId);
  return new Set((await query.where('subject_key', 'in', keys).execute()).map((row) => row.subject_key));
}

/** What a run has taken up. */
export async function subjectsOf(db: Db, runId: string): Promise<string[]> {
  const query = db.selectFrom('schedule_subject').select('subject_key').where('run_id', '=', runId);
  return (await query.orderBy('subject_key').execute()).map((row) => row.subject_key);
}

export async function customersOf(db: Db, runId: string): Promise<string[]> {
  const query = db.selectFrom('schedule_subject').select('customer_id').distinct().where('run_id', '=', runId);
  return (await query.orderBy('customer_id').execute()).map((row) => row.customer_id);
}

/** What goes on already for these customers of a run: asked before, during and after a dealing is one sequence. */
export async function sequencesOf(db: Db, runId: string, customerIds: string[]): Promise<Map<string, string>> {
  if (customerIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('schedule_subject')
    .select(['customer_id', 'sequence_id'])
    .where('run_id', '=', runId)
    .where('customer_id', 'in', customerIds)
    .where('sequence_id', '!=', '')
    .execute();
  return new Map(rows.map((row) => [row.customer_id, row.sequence_id]));
}
