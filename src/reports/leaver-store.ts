import { sql } from 'kysely';
import { prepared, type Db, type Schema, type Tx } from '../storage/index.ts';

const NEVER_WRITTEN = ['skipped', 'cancelled', 'failed', 'withheld'] as const;

/** What is known of those of the given customers who have left, each on one row. */
export async function leaverSources(db: Db, customerIds: string[], programmeKey: string) {
  const [only] = customerIds;
  // One customer at a time is what an answer brings: somebody waits for it, so the query is compiled once.
  if (only !== undefined && customerIds.length === 1) return (await sourcesOfOne(db, { only, programmeKey })).rows;
  return await sourcesQuery(db, customerIds, programmeKey).execute();
}

const sourcesOfOne = prepared<{ only: string; programmeKey: string }>()((db, p) =>
  sourcesQuery(db, [p.only], p.programmeKey),
);

function sourcesQuery(db: Db, customerIds: string[], programmeKey: string) {
  return db
    .selectFrom('customer as c')
    .leftJoin('response as r', (join) =>
      join.on('r.id', '=', (on) =>
        on
          .selectFrom('response as last')
          .innerJoin('programme as p', 'p.id', 'last.programme_id')
          .select('last.id')
          .whereRef('last.customer_id', '=', 'c.id')
          .where('p.key', '=', programmeKey)
          .where('last.state', '=', 'complete')
          .orderBy('last.submitted_at', 'desc')
          .orderBy('last.id', 'desc')
          .limit(1),
      ),
    )
    .leftJoin('main_reason as m', 'm.response_id', 'r.id')
    .leftJoin('code as k', 'k.id', 'm.code_id')
    .select(['c.id', 'c.left_on', 'c.worth_minor', 'c.customer_since', 'c.segment', 'c.country', 'c.language'])
    .select([
      'r.id as response_id',
      'r.submitted_at',
      'm.code_id',
      'm.source',
      'm.stated_code_id',
      'k.kind as main_kind',
    ])
    .select((select) => [
      select
        .selectFrom('invitation as i')
        .innerJoin('wave as w', 'w.id', 'i.wave_id')
        .innerJoin('programme as p', 'p.id', 'w.programme_id')
        .whereRef('i.customer_id', '=', 'c.id')
        .where('p.key', '=', programmeKey)
        .select(({ fn }) => [
          fn
            .max(
              sql<number>`case when i.delivery = 'withheld' then 2 when i.delivery in (${sql.join([...NEVER_WRITTEN])}) then 0 else 1 end`,
            )
            .as('reached'),
        ])
        .as('reached'),
    ])
    .where('c.id', 'in', customerIds)
    .where('c.status', '=', 'left');
}

export async function replaceLeavers(tx: Tx, customerIds: string[], rows: Schema['leaver'][]): Promise<void> {
  const left = new Set(rows.map((row) => row.customer_id));
  const gone = customerIds.filter((id) => !left.has(id));
  if (gone.length > 0) await tx.deleteFrom('leaver').where('customer_id', 'in', gone).execute();
  if (rows.length === 0) return;
  await tx
    .insertInto('leaver')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('customer_id').doUpdateSet((set) => asExcluded(set, rows[0] as Schema['leaver'])),
    )
    .execute();
}

function asExcluded(set: { ref: (name: never) => unknown }, row: Schema['leaver']) {
  const columns = Object.keys(row).filter((column) => column !== 'customer_id');
  return Object.fromEntries(columns.map((column) => [column, set.ref(`excluded.${column}` as never)]));
}

/** All who have left, in parts, for building the table anew. */
export async function customersWhoLeft(db: Db, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('customer')
    .select('id')
    .where('status', '=', 'left')
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}
