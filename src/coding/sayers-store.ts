import type { Db } from '../storage/index.ts';

interface SayersQuery {
  codeIds: string[];
  /** Sent in before this moment. */
  before: string;
  /** Customers are read in the order of their ids. */
  after: string;
  limit: number;
}

/**
 * Customers whose answers carry one of these codes, because a colleague gave it or they ticked it themselves; what only
 * the engine believes is not what somebody said.
 */
export async function sayersOf(db: Db, { codeIds, before, after, limit }: SayersQuery): Promise<string[]> {
  if (codeIds.length === 0) return [];
  const rows = await db
    .selectFrom('coding')
    .innerJoin('response', 'response.id', 'coding.response_id')
    .select('response.customer_id')
    .distinct()
    .where('coding.code_id', 'in', codeIds)
    .where('coding.withdrawn_at', 'is', null)
    .where('coding.coder_kind', 'in', ['colleague', 'respondent'])
    .where('response.submitted_at', '<', before)
    .where('response.customer_id', '>', after)
    .orderBy('response.customer_id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.customer_id);
}
