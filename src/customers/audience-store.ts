import { sql } from 'kysely';
import type { Db, Tx } from '../storage/index.ts';
import { noSurveysSince } from './subscription-store.ts';
import type { Audience, AudienceCustomer } from './audience.ts';
import { inAudience } from './filter-store.ts';

/** Counted in one index; the erased among them, who are few, in another. */
export async function countLeavers(db: Db): Promise<number> {
  const left = sql`select count(*) from customer where status = 'left'`;
  const query = sql<{ count: number }>`select (${left}) - (${left} and erased_at is not null) as count`;
  return Number((await query.execute(db as Tx)).rows[0]?.count);
}

/** Walks the primary key, so that the slices of a whole audience cost one pass together. */
export async function sliceAudience(
  db: Db,
  audience: Audience,
  afterId: string | null,
  limit: number,
): Promise<AudienceCustomer[]> {
  const rows = await db
    .selectFrom('customer')
    .select(['id', 'language', 'country', 'email', 'legal_basis', 'worth_minor'])
    .select(noSurveysSince.as('refused_at'))
    .where('id', '>', afterId ?? '')
    .where(inAudience(audience, true))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    language: row.language,
    country: row.country,
    email: row.email,
    legalBasis: row.legal_basis as AudienceCustomer['legalBasis'],
    unsubscribedAt: row.refused_at,
    worthMinor: row.worth_minor,
  }));
}
