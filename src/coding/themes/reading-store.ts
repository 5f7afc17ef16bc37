import { sql } from 'kysely';
import { z } from 'zod';
import type { Db } from '../../storage/index.ts';
import type { Place } from '../desk-store.ts';

const chancesSchema = z.record(z.string(), z.number());

/** The newest answers that wait to be coded and that the engine has read; then the newest of those put aside. */
export async function newestOpen(db: Db, programmeId: string, limit: number): Promise<Place[]> {
  const open = db
    .selectFrom('coding_task')
    .select(['response_id as responseId', 'question_key as questionKey'])
    .where('programme_id', '=', programmeId)
    .where('state', '=', 'open')
    .where('engine_turn', '>', 0);
  const waiting = await open.where('skipped_at', 'is', null).orderBy('created_at', 'desc').limit(limit).execute();
  const aside = await open.where('skipped_at', 'is not', null).orderBy('skipped_at', 'desc').limit(limit).execute();
  return [...waiting, ...aside].slice(0, limit);
}

/** The answers coded last, by anybody. */
export async function newestCoded(db: Db, programmeId: string, limit: number): Promise<Place[]> {
  return await db
    .selectFrom('coding_task')
    .select(['response_id as responseId', 'question_key as questionKey'])
    .where('programme_id', '=', programmeId)
    .where(sql<boolean>`state = 'coded'`)
    .orderBy('coded_at', 'desc')
    .limit(limit)
    .execute();
}

/** The newest answers to which colleagues gave a code. */
export async function newestOfCode(db: Db, codeId: string, limit: number): Promise<Place[]> {
  return await db
    .selectFrom('coding')
    .select(['response_id as responseId', 'question_key as questionKey'])
    .where('code_id', '=', codeId)
    .where('coder_kind', '=', 'colleague')
    .where('withdrawn_at', 'is', null)
    .orderBy('response_id', 'desc')
    .limit(limit)
    .execute();
}

interface Judged extends Place {
  /** By the id of a code, 0 to 1. */
  chances: Record<string, number>;
}

/** What the engine makes of the answers of these responses. */
export async function chancesOf(db: Db, responseIds: string[]): Promise<Judged[]> {
  const rows = await db
    .selectFrom('engine_opinion')
    .select(['response_id as responseId', 'question_key as questionKey', 'chances'])
    .where('response_id', 'in', responseIds)
    .execute();
  return rows.map((row) => ({ ...row, chances: chancesSchema.parse(JSON.parse(row.chances)) }));
}

/** Whether there is an answer that the engine has not read yet. */
export async function hasUnread(db: Db, programmeId: string): Promise<boolean> {
  const row = await db
    .selectFrom('coding_task')
    .select('response_id')
    .where('programme_id', '=', programmeId)
    .where('engine_turn', '=', 0)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
