import { sql } from 'kysely';
import type { Db, Schema, Tx } from '../storage/index.ts';
import type { Position } from './record-rules.ts';

const MANY = 300;

export async function insertEvents(tx: Tx, rows: Schema['timeline_event'][]): Promise<void> {
  for (let from = 0; from < rows.length; from += MANY) {
    const part = rows.slice(from, from + MANY);
    await tx.insertInto('timeline_event').values(part).execute();
  }
}

export async function eventsBefore(db: Db, customerId: string, position: Position | null, limit: number) {
  let query = db.selectFrom('timeline_event').selectAll().where('customer_id', '=', customerId);
  if (position) query = query.where(sql<boolean>`(at, id) < (${position.at}, ${position.id})`);
  return await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}
