import { sql } from 'kysely';
import type { Db, Schema, Tx } from '../../storage/index.ts';

export type CohortRow = Schema['effect_cohort'];

export interface Draw {
  programmeId: string;
  customerId: string;
  share: number;
  heldOut: boolean;
  /** The day, in UTC, of the draw. */
  drawnOn: string;
  /** The first purchase on a later day; null where there is none. */
  boughtOn: string | null;
}

/** Draws that could have gone either way, in order, after one of them. */
export async function drawsAfter(
  db: Db,
  { programmeId, customerId }: { programmeId: string; customerId: string },
  limit: number,
): Promise<Draw[]> {
  const rows = await db
    .selectFrom('holdout_draw as d')
    .select(['d.programme_id', 'd.customer_id', 'd.share', 'd.held_out', 'd.drawn_at'])
    .select((eb) =>
      eb
        .selectFrom('purchase as p')
        .select(({ fn }) => fn.min('p.purchased_on').as('first'))
        .whereRef('p.customer_id', '=', 'd.customer_id')
        .where('p.purchased_on', '>', sql<string>`substr(d.drawn_at, 1, 10)`)
        .where('p.amount_minor', '>', 0)
        .as('bought_on'),
    )
    .where('d.share', '>', 0)
    .where(sql<boolean>`(d.programme_id, d.customer_id) > (${programmeId}, ${customerId})`)
    .orderBy('d.programme_id')
    .orderBy('d.customer_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    programmeId: row.programme_id,
    customerId: row.customer_id,
    share: row.share,
    heldOut: row.held_out === 1,
    drawnOn: row.drawn_at.slice(0, 10),
    boughtOn: row.bought_on,
  }));
}

const AT_ONCE = 100;

export async function replaceCohorts(tx: Tx, rows: CohortRow[]): Promise<void> {
  await tx.deleteFrom('effect_cohort').execute();
  for (let from = 0; from < rows.length; from += AT_ONCE)
    await tx
      .insertInto('effect_cohort')
      .values(rows.slice(from, from + AT_ONCE))
      .execute();
}

export async function listCohorts(db: Db): Promise<CohortRow[]> {
  return await db
    .selectFrom('effect_cohort')
    .selectAll()
    .orderBy('programme_id')
    .orderBy('month')
    .orderBy('share')
    .orderBy('held_out')
    .execute();
}

/** The share of each programme that is in force, in percent. */
export async function sharesInForce(db: Db): Promise<Map<string, number>> {
  const rows = await db.selectFrom('holdout_share').select(['programme_id', 'share']).orderBy('id').execute();
  return new Map(rows.map((row) => [row.programme_id, row.share]));
}
