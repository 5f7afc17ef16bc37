import type { Db, Schema, Tx } from '../../storage/index.ts';
import type { Tally } from './folding.ts';
import { inParts } from './rows.ts';

/** By question, code ('' for all) and score, how many in a period. */
export async function talliesIn(db: Db, from: string, to: string): Promise<Tally[]> {
  const rows = await db
    .selectFrom('satisfaction_tally')
    .select(['question_key', 'code_id', 'score'])
    .select(({ fn }) => fn.sum<number>('n').as('n'))
    .where('on_day', '>=', from)
    .where('on_day', '<=', to)
    .groupBy(['question_key', 'code_id', 'score'])
    .execute();
  return rows.map((row) => ({ ...row, n: Number(row.n) }));
}

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
