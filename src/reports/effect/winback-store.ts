import { sql } from 'kysely';
import type { Db } from '../../storage/index.ts';
import type { Period } from '../rules.ts';

export interface Counts {
  /** All who left. */
  lost: number;
  /** Spoken or written to, to win them back. */
  attempted: number;
  /** Of these, who bought again. */
  wonBack: number;
  /** All who bought again, by themselves too. */
  cameBack: number;
}

const NONE: Counts = { lost: 0, attempted: 0, wonBack: 0, cameBack: 0 };

/** Those who left in a period, by the reason that is known; '' where none is. */
export async function countByReason(db: Db, { from, to }: Period): Promise<Map<string, Counts>> {
  const rows = await db
    .selectFrom('winback')
    .select(['reason_key', 'attempted', 'standing'])
    .select(({ fn }) => fn.countAll<number>().as('count'))
    // All of them: SQLite walks through the index winback_told in the order of its groups, instead of sorting all who left.
    .where('reason_key', '>=', '')
    .where('left_on', '>=', from)
    .where('left_on', '<=', to)
    .groupBy(['reason_key', 'attempted', 'standing'])
    .execute();
  const found = new Map<string, Counts>();
  for (const { reason_key, attempted, standing, count } of rows) {
    const facts = { attempted: attempted === 1, back: standing === 'returned' };
    found.set(reason_key, plus(found.get(reason_key) ?? NONE, facts, Number(count)));
  }
  return found;
}

/** All who left in a period. */
export async function countLeft(db: Db, { from, to }: Period): Promise<number> {
  const all = db.selectFrom('winback').select(({ fn }) => fn.countAll<number>().as('count'));
  const row = await all.where('left_on', '>=', from).where('left_on', '<=', to).executeTakeFirstOrThrow();
  return Number(row.count);
}

function plus(counts: Counts, { attempted, back }: { attempted: boolean; back: boolean }, count = 1): Counts {
  return {
    lost: counts.lost + count,
    attempted: counts.attempted + (attempted ? count : 0),
    wonBack: counts.wonBack + (attempted && back ? count : 0),
    cameBack: counts.cameBack + (back ? count : 0),
  };
}

export interface OfferCounts {
  offerId: string;
  /** Different customers. */
  given: number;
  back: number;
  redeemed: number;
  usedMinor: number;
  openMinor: number;
}

/** What was offered to those who left in a period, after they left and before they were back; offers that were not used in time too. */
export async function countByOffer(db: Db, { from, to }: Period): Promise<OfferCounts[]> {
  const offers = await db.selectFrom('offer').select('id').execute();
  if (offers.length === 0) return [];
  const rows = await db
    .selectFrom('offer_given as g')
    .innerJoin('winback as w', 'w.customer_id', 'g.customer_id')
    .select('g.offer_id')
    .select([
      sql<number>`count(distinct g.customer_id)`.as('given'),
      sql<number>`count(distinct case when w.standing = 'returned' then g.customer_id end)`.as('back'),
      sql<number>`sum(case when g.state = 'redeemed' then 1 else 0 end)`.as('redeemed'),
      sql<number>`sum(case when g.state = 'redeemed' then g.cost_minor else 0 end)`.as('used'),
      sql<number>`sum(case when g.state = 'given' then g.cost_minor else 0 end)`.as('open'),
    ])
    .where(
      'g.offer_id',
      'in',
      offers.map(({ id }) => id),
    )
    .where('g.given_on', '>=', from)
    .where('g.state', 'in', ['given', 'redeemed', 'expired'])
    .where('w.left_on', '>=', from)
    .where('w.left_on', '<=', to)
    .whereRef('g.given_on', '>=', 'w.left_on')
    .where((is) => is.or([is('w.standing', '<>', 'returned'), is('g.given_on', '<=', is.ref('w.bought_until'))]))
    .groupBy('g.offer_id')
    .execute();
  return rows.map((row) => ({
    offerId: row.offer_id,
    given: Number(row.given),
    back: Number(row.back),
    redeemed: Number(row.redeemed),
    usedMinor: Number(row.used),
    openMinor: Number(row.open),
  }));
}

/** By who spoke last with each of those who left in a period; null for letters alone. */
export async function countByColleague(db: Db, { from, to }: Period): Promise<Map<string | null, Counts>> {
  const rows = await db
    .selectFrom('winback as w')
    .leftJoin('winback_call as c', (join) =>
      join
        .onRef('c.customer_id', '=', 'w.customer_id')
        .on('c.outcome', '<>', 'not_reached')
        .onRef('c.at', '>=', 'w.left_on'),
    )
    .select(['w.customer_id', 'w.standing', 'c.account_id', 'c.at'])
    .where('w.left_on', '>=', from)
    .where('w.left_on', '<=', to)
    .where('w.attempted', '=', 1)
    .orderBy('c.at')
    .execute();
  const last = new Map(rows.map((row) => [row.customer_id, row]));
  const found = new Map<string | null, Counts>();
  for (const { account_id, standing } of last.values()) {
    const facts = { attempted: true, back: standing === 'returned' };
    found.set(account_id, plus(found.get(account_id) ?? NONE, facts));
  }
  return found;
}

/** Names of offers, by language, with whether they are a discount. */
export async function offersNamed(db: Db): Promise<Map<string, { name: Record<string, string>; kind: string }>> {
  const rows = await db.selectFrom('offer').select(['id', 'name', 'kind']).execute();
  return new Map(rows.map(({ id, name, kind }) => [id, { name: JSON.parse(name) as Record<string, string>, kind }]));
}
