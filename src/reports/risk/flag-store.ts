import type { Db, Schema, Tx } from '../../storage/index.ts';
import type { Outcome } from './calibration-rules.ts';

export type FlagRow = Schema['risk_flag'];

/** Those that are there already stay as they are. */
export async function addFlags(tx: Tx, rows: FlagRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('risk_flag')
    .values(rows)
    .onConflict((on) => on.columns(['customer_id', 'flagged_on', 'looked_back']).doNothing())
    .execute();
}

export async function flagsOf(db: Db, ids: string[]): Promise<FlagRow[]> {
  if (ids.length === 0) return [];
  const query = db.selectFrom('risk_flag').selectAll().where('customer_id', 'in', ids);
  return await query.orderBy('flagged_on').orderBy('id').execute();
}

export async function decideFlag(tx: Tx, id: string, outcome: Outcome, decidedOn: string | null): Promise<void> {
  await tx.updateTable('risk_flag').set({ outcome, decided_on: decidedOn }).where('id', '=', id).execute();
}

/** Flags whose time is over without any news, a part at a time. */
export async function openBefore(db: Db, day: string, limit: number): Promise<FlagRow[]> {
  const query = db.selectFrom('risk_flag').selectAll().where('outcome', '=', 'open').where('flagged_on', '<', day);
  return await query.orderBy('flagged_on').orderBy('id').limit(limit).execute();
}

export async function dropLookedBack(tx: Tx): Promise<void> {
  await tx.deleteFrom('risk_flag').where('looked_back', '=', 1).execute();
}

interface FlagCount {
  points: number;
  score: number;
  first: number;
  looked_back: number;
  outcome: Outcome;
  flags: number;
}

/** How many flags were raised between two days, both included, and what became of them. */
export async function countFlags(db: Db, { from, to }: { from: string; to: string }): Promise<FlagCount[]> {
  const rows = await db
    .selectFrom('risk_flag')
    .select(['points', 'score', 'first', 'looked_back', 'outcome'])
    .select(({ fn }) => fn.countAll<number>().as('flags'))
    .where('flagged_on', '>=', from)
    .where('flagged_on', '<=', to)
    .groupBy(['points', 'score', 'first', 'looked_back', 'outcome'])
    .execute();
  return rows.map((row) => ({ ...row, flags: Number(row.flags) }));
}

/** How many were raised anew between two days, both included. */
export async function countNewFlags(db: Db, { from, to }: { from: string; to: string }): Promise<number> {
  const { flags } = await db
    .selectFrom('risk_flag')
    .select(({ fn }) => fn.countAll<number>().as('flags'))
    .where('flagged_on', '>=', from)
    .where('flagged_on', '<=', to)
    .where('first', '=', 1)
    .executeTakeFirstOrThrow();
  return Number(flags);
}

/** How many were raised anew on each day, by what became of them. */
export async function countByMonth(db: Db, { from, to }: { from: string; to: string }) {
  const rows = await db
    .selectFrom('risk_flag')
    .select(['flagged_on', 'outcome', 'first', 'looked_back'])
    .select(({ fn }) => fn.countAll<number>().as('flags'))
    .where('flagged_on', '>=', from)
    .where('flagged_on', '<=', to)
    // As their index stands: with a condition on `first` SQLite would sort them all.
    .groupBy(['flagged_on', 'outcome', 'first', 'looked_back'])
    .orderBy('flagged_on')
    .execute();
  return rows.filter(({ first }) => first === 1).map((row) => ({ ...row, flags: Number(row.flags) }));
}
