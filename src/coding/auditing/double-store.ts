import { sql, type Selectable } from 'kysely';
import { z } from 'zod';
import type { Db, Schema, Tx } from '../../storage/index.ts';
import type { Place } from '../desk-store.ts';
import type { Opinion } from './rules.ts';

type Row = Selectable<Schema['double_coding']>;

/** Who coded it so, and when. */
export interface Said extends Opinion {
  accountId: string;
  at: string;
}

/** An answer that two people code. */
export interface Double extends Place {
  programmeId: string;
  state: Row['state'];
  first: Said;
  second: Said | null;
  settledBy: string | null;
}

const opinionSchema = z.object({ codes: z.array(z.string()), main: z.string().nullable() });
const opinionIn = (text: string): Opinion => opinionSchema.parse(JSON.parse(text));
const textOf = ({ codes, main }: Opinion): string => JSON.stringify({ codes, main });

function toDouble(row: Row): Double {
  const { second_by: by, second_at: at, second_codes: codes } = row;
  return {
    responseId: row.response_id,
    questionKey: row.question_key,
    programmeId: row.programme_id,
    state: row.state,
    first: { ...opinionIn(row.first_codes), accountId: row.first_by, at: row.first_at },
    second: by !== null && at !== null && codes !== null ? { ...opinionIn(codes), accountId: by, at } : null,
    settledBy: row.settled_by,
  };
}

export async function doubleAt(db: Db, { responseId, questionKey }: Place): Promise<Double | undefined> {
  const row = await db
    .selectFrom('double_coding')
    .selectAll()
    .where('response_id', '=', responseId)
    .where('question_key', '=', questionKey)
    .executeTakeFirst();
  return row && toDouble(row);
}

export async function addFirst(
  tx: Tx,
  { responseId, questionKey, programmeId, number, said }: Place & { programmeId: string; number: number; said: Said },
): Promise<void> {
  await tx
    .insertInto('double_coding')
    .values({
      response_id: responseId,
      question_key: questionKey,
      programme_id: programmeId,
      state: 'waiting',
      random_number: number,
      first_by: said.accountId,
      first_at: said.at,
      first_codes: textOf(said),
    })
    .onConflict((on) => on.doNothing())
    .execute();
}

/** The first coding anew; false where a second one has come meanwhile. */
export async function changeFirst(tx: Tx, place: Place, said: Said): Promise<boolean> {
  const content = { first_by: said.accountId, first_at: said.at, first_codes: textOf(said) };
  return await changeWaiting(tx, place, content);
}

/** False where a second one has come meanwhile. */
export async function addSecond(tx: Tx, place: Place, said: Said, state: 'agreed' | 'differing'): Promise<boolean> {
  const content = { second_by: said.accountId, second_at: said.at, second_codes: textOf(said) };
  return await changeWaiting(tx, place, { ...content, state, skipped_at: null });
}

export const skipSecond = (tx: Tx, place: Place, at: string): Promise<boolean> =>
  changeWaiting(tx, place, { skipped_at: at });

async function changeWaiting(tx: Tx, { responseId, questionKey }: Place, changes: Partial<Row>): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('double_coding')
    .set(changes)
    .where('response_id', '=', responseId)
    .where('question_key', '=', questionKey)
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** One of the two is taken back: the other's stands as the first, or it is no longer coded twice. */
export async function keepOnly(tx: Tx, { responseId, questionKey }: Place, said: Said | null): Promise<void> {
  if (said === null) {
    await tx
      .deleteFrom('double_coding')
      .where('response_id', '=', responseId)
      .where('question_key', '=', questionKey)
      .execute();
    return;
  }
  const first = { first_by: said.accountId, first_at: said.at, first_codes: textOf(said) };
  await tx
    .updateTable('double_coding')
    .set({ ...first, state: 'waiting', second_by: null, second_at: null, second_codes: null })
    .where('response_id', '=', responseId)
    .where('question_key', '=', questionKey)
    .execute();
}

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

/** It waits for nobody any more; nothing where a second one has come meanwhile. */
export async function dropWaiting(tx: Tx, { responseId, questionKey }: Place): Promise<void> {
  await tx
    .deleteFrom('double_coding')
    .where('response_id', '=', responseId)
    .where('question_key', '=', questionKey)
    .where('state', '=', 'waiting')
    .execute();
}

/** False where it does not wait for that. */
export async function settle(
  tx: Tx,
  { responseId, questionKey }: Place,
  by: string | null,
  at: string,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('double_coding')
    .set({ state: 'settled', settled_by: by, settled_at: at })
    .where('response_id', '=', responseId)
    .where('question_key', '=', questionKey)
    .where('state', '=', 'differing')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Whoever settled it takes that back. */
export async function unsettle(tx: Tx, { responseId, questionKey }: Place): Promise<void> {
  await tx
    .updateTable('double_coding')
    .set({ state: 'differing', settled_by: null, settled_at: null })
    .where('response_id', '=', responseId)
    .where('question_key', '=', questionKey)
    .where('state', '=', 'settled')
    .execute();
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

export interface After {
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
  if (after) {
    query = query
      .where('second_at', '<=', after.at)
      .where((is) => is.or([is('second_at', '<', after.at), is('response_id', '<', after.responseId)]));
  }
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
