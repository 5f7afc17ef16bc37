import { sql } from 'kysely';
import { named, prepared, type Db, type Schema, type Tx } from '../storage/index.ts';
import type { Position } from './record-rules.ts';

const MANY = 300;

type EventRow = Schema['timeline_event'];

const insertOne = prepared<EventRow>()((db, p) =>
  db
    .insertInto('timeline_event')
    .values(named(p, ['id', 'customer_id', 'at', 'kind', 'account_id', 'subject_id', 'detail'])),
);

export async function insertEvents(tx: Tx, rows: EventRow[]): Promise<void> {
  const [only] = rows;
  // One comes with every response that is sent: somebody waits for it.
  if (only && rows.length === 1) return void (await insertOne(tx, only));
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
