import { sql } from 'kysely';
import type { Db } from '../../storage/index.ts';

/** The open cases of a colleague, what is due first. */
export async function openOwnedBy(db: Db, accountId: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('recovery_case')
    .select('id')
    .where('owner_id', '=', accountId)
    .where('closed_at', 'is', null)
    .orderBy('look_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

export async function countOpenOwnedBy(db: Db, accountId: string): Promise<number> {
  const { count } = await db
    .selectFrom('recovery_case')
    .select(sql<number>`count(*)`.as('count'))
    .where('owner_id', '=', accountId)
    .where('closed_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}
