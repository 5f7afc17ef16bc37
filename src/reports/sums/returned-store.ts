import type { Db } from '../../storage/index.ts';
import { tenureBand, valueBand, type Period } from '../rules.ts';
import type { LeaverRow } from './leaver-rows-store.ts';

/** Those who left in a period and have bought again since, one by one: nobody is asked why they left. */
export async function returnedRows(db: Db, { from, to }: Period, currency: string): Promise<LeaverRow[]> {
  const rows = await db
    .selectFrom('customer_return as r')
    .innerJoin('customer as c', 'c.id', 'r.customer_id')
    .leftJoin('winback as w', (join) =>
      join.onRef('w.customer_id', '=', 'r.customer_id').onRef('w.left_on', '=', 'r.left_on'),
    )
    .select(['r.customer_id', 'r.left_on', 'c.segment', 'c.country', 'c.language', 'c.customer_since'])
    // What they were worth when they left; of an earlier leaving only what they are worth now is known.
    .select(({ fn }) => fn.coalesce('w.worth_minor', 'c.worth_minor').as('worth_minor'))
    .where('r.left_on', '>=', from)
    .where('r.left_on', '<=', to)
    .execute();
  return rows.map(({ customer_id, left_on, customer_since, worth_minor, ...theirs }) => ({
    ...NOTHING_ASKED,
    ...theirs,
    customerId: customer_id,
    leftOn: left_on,
    lostMinor: Number(worth_minor),
    tenure_band: tenureBand(customer_since, left_on),
    value_band: valueBand(Number(worth_minor), currency),
  }));
}

const NOTHING_ASKED = {
  knowledge: 'not_asked',
  mainCodeId: null,
  mainSource: null,
  statedCodeId: null,
  silent: false,
  reading: 0,
  stratum: '',
  chances: [],
} as const;
