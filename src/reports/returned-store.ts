import type { Db } from '../storage/index.ts';
import type { Period } from './rules.ts';

/** Those who left in a period and have bought again since: what is on record of each leaving that is over. */
export async function returnedAmong(db: Db, { from, to }: Period) {
  return await db
    .selectFrom('customer_return as r')
    .innerJoin('customer as c', 'c.id', 'r.customer_id')
    .leftJoin('winback as w', (join) =>
      join.onRef('w.customer_id', '=', 'r.customer_id').onRef('w.left_on', '=', 'r.left_on'),
    )
    .select(['r.left_on', 'c.segment', 'c.country', 'c.language', 'c.customer_since'])
    // What they were worth when they left; of an earlier leaving only what they are worth now is known.
    .select(({ fn }) => fn.coalesce('w.worth_minor', 'c.worth_minor').as('worth_minor'))
    .where('r.left_on', '>=', from)
    .where('r.left_on', '<=', to)
    .execute();
}

export type ReturnedRow = Awaited<ReturnType<typeof returnedAmong>>[number];
