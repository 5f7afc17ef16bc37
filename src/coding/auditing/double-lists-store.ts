import { sql } from 'kysely';
import { earlierThan, type Db } from '../../storage/index.ts';
import type { Place } from '../desk-store.ts';
import { toDouble, type Double } from './double-store.ts';

/** Those among these responses whose first coding waits for a second one. */
export async function waitingAmong(db: Db, responseIds: string[]): Promise<Double[]> {
  const rows = await db
    .selectFrom('double_coding')
    .selectAll()
    .where('response_id', 'in', responseIds)
    .where('state', '=', 'waiting')
    .execute();
  return rows.map(toDouble);
}

/** Answers that wait for somebody else's second coding: by random number, those put aside last. */
export async function headOfSecond(db: Db, programmeId: string, accountId: string, limit: number): Promise<Place[]> {
  return await waitingFor(db, programmeId, accountId)
    .select(['response_id as responseId', 'question_key as questionKey'])
    .orderBy(sql`case when skipped_at is null then 0 else 1 end`)
    .orderBy('random_number')
    .limit(limit)
    .execute();
}

const waitingFor = (db: Db, programmeId: string, accountId: string) =>
  waiting(db, programmeId).where('first_by', '!=', accountId);

/** The state is no parameter here: a plan made for any state could not use the index of this one. */
const inState = (db: Db, programmeId: string, state: 'waiting' | 'differing') =>
  db
    .selectFrom('double_coding')
    .where('programme_id', '=', programmeId)
    .where(sql<boolean>`state = ${sql.lit(state)}`);

const waiting = (db: Db, programmeId: string) => inState(db, programmeId, 'waiting');
const differing = (db: Db, programmeId: string) => inState(db, programmeId, 'differing');

export interface DoubleCounts {
  /** Waiting for a second coding by this colleague. */
  second: number;
  /** Waiting for anybody's. */
  waiting: number;
  differing: number;
}

export async function countDoubles(db: Db, programmeId: string, accountId: string): Promise<DoubleCounts> {
  const count = async (query: ReturnType<typeof waiting>) => {
    const { n } = await query.select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
    return Number(n);
  };
  return {
    second: await count(waitingFor(db, programmeId, accountId)),
    waiting: await count(waiting(db, programmeId)),
    differing: await count(differing(db, programmeId)),
  };
}

interface After {
  at: string;
  responseId: string;
}

/** Answers on which the two differ, latest first. */
export async function differingAfter(
  db: Db,
  programmeId: string,
  after: After | null,
  limit: number,
): Promise<Double[]> {
  let query = differing(db, programmeId).selectAll();
  if (after) query = query.where(earlierThan('second_at', 'response_id', { at: after.at, id: after.responseId }));
  const rows = await query.orderBy('second_at', 'desc').orderBy('response_id', 'desc').limit(limit).execute();
  return rows.map(toDouble);
}

/** What was coded twice, latest first. */
export async function codedTwice(db: Db, programmeId: string, limit: number): Promise<Double[]> {
  const rows = await db
    .selectFrom('double_coding')
    .selectAll()
    .where('programme_id', '=', programmeId)
    .where(sql<boolean>`second_at is not null`)
    .orderBy('second_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toDouble);
}

/** What this colleague coded last as the second. */
export async function lastSecondBy(db: Db, accountId: string, since: string): Promise<Double | undefined> {
  const row = await db
    .selectFrom('double_coding')
    .selectAll()
    .where('second_by', '=', accountId)
    .where('second_at', '>=', since)
    .orderBy('second_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && toDouble(row);
}
