import type { Db, Schema, Tx } from '../../storage/index.ts';
import { inParts } from './rows.ts';

export async function replaceLow(tx: Tx, rows: Schema['satisfaction_low'][]): Promise<void> {
  await tx.deleteFrom('satisfaction_low').execute();
  for (const some of inParts(rows)) await tx.insertInto('satisfaction_low').values(some).execute();
}

export async function lowOnes(db: Db): Promise<Schema['satisfaction_low'][]> {
  return await db
    .selectFrom('satisfaction_low')
    .selectAll()
    .orderBy('told', 'desc')
    .orderBy('difference')
    .orderBy('code_id')
    .orderBy('question_key')
    .execute();
}
