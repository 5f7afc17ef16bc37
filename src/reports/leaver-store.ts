import { sql } from 'kysely';
import { excluded, preparedList, preparedRows, unindexed, type Db, type Schema, type Tx } from '../storage/index.ts';

const NEVER_WRITTEN = ['skipped', 'cancelled', 'failed', 'withheld'] as const;

/** What is known of those of the given customers who have left, each on one row. */
export async function leaverSources(db: Db, customerIds: string[], programmeKey: string) {
  return (await readSources(db, customerIds, { programmeKey })).rows;
}

const readSources = preparedList<{ programmeKey: string }>()((db, customerIds, p) => {
  // Compared outright with a value that comes, a column makes SQLite plan the whole query anew at every call.
  const programmeKey = sql<string>`(select ${p.programmeKey})`;
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
          .where('last.state', '=', sql.lit('complete'))
          .orderBy('last.submitted_at', 'desc')
          .orderBy('last.id', 'desc')
          .limit(1),
      ),
    )
    .leftJoin('coding_task as t', (join) =>
      join.onRef('t.response_id', '=', 'r.id').on('t.question_key', '=', (on) =>
        on
          .selectFrom('coding_task as first')
          .select(({ fn }) => fn.min('first.question_key').as('key'))
          .whereRef('first.response_id', '=', 'r.id'),
      ),
    )
    .leftJoin('main_reason as m', 'm.response_id', 'r.id')
    .leftJoin('code as k', 'k.id', 'm.code_id')
    .leftJoin('winback_case as w', (join) => join.on('r.id', 'is', null).on('w.case_id', '=', saidOnCall))
    .leftJoin('programme as lp', (join) => join.on('lp.key', '=', programmeKey))
    .leftJoin('codebook as lb', 'lb.programme_id', 'lp.id')
    .leftJoin('code as s', (join) => join.onRef('s.codebook_id', '=', 'lb.id').onRef('s.key', '=', 'w.reason_key'))
    .select(['c.id', 'c.left_on', 'c.worth_minor', 'c.customer_since', 'c.segment', 'c.country', 'c.language'])
    .select([
      'r.id as response_id',
      'r.submitted_at',
      't.question_key',
      't.random_number',
      'm.code_id',
      'm.source',
      'm.stated_code_id',
      'k.kind as main_kind',
      's.id as said_code_id',
      's.kind as said_kind',
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
              sql<number>`case when i.delivery = 'withheld' then 2 when i.delivery in (${sql.join(NEVER_WRITTEN.map((each) => sql.lit(each)))}) then 0 else 1 end`,
            )
            .as('reached'),
        ])
        .as('reached'),
    ])
    .where('c.id', 'in', customerIds)
    .where(unindexed('c.status'), '=', sql.lit('left'));
});

/** Of whoever never answered, the newest call about this leaving on which a colleague kept a reason. */
const saidOnCall = sql<string>`(
  select x.case_id from winback_case as x
  where x.customer_id = c.id and x.reason_key <> '' and (x.state = 'open' or substr(x.opened_at, 1, 10) >= c.left_on)
  order by x.opened_at desc, x.case_id desc limit 1)`;

type LeaverRow = Schema['leaver'];

export async function replaceLeavers(tx: Tx, customerIds: string[], rows: LeaverRow[]): Promise<void> {
  const left = new Set(rows.map((row) => row.customer_id));
  const gone = customerIds.filter((id) => !left.has(id));
  if (gone.length > 0) await tx.deleteFrom('leaver').where('customer_id', 'in', gone).execute();
  await saveRows(tx, rows);
}

const COLUMNS: (keyof LeaverRow)[] = [
  'customer_id',
  'left_on',
  'lost_minor',
  'knowledge',
  'main_code_id',
  'main_source',
  'stated_code_id',
  'response_id',
  'submitted_at',
  'segment',
  'country',
  'language',
  'tenure_band',
  'value_band',
  'from_call',
  'silent',
  'first_question',
  'random_number',
];

const saveRows = preparedRows<LeaverRow>()((db, rows) =>
  db
    .insertInto('leaver')
    .values(rows)
    .onConflict((on) => on.column('customer_id').doUpdateSet(excluded(COLUMNS.slice(1)))),
);

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
