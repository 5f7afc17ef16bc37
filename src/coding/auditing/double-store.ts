import type { Selectable } from 'kysely';
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

export function toDouble(row: Row): Double {
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
