import type { Db, Tx } from '../storage/index.ts';

/** What is open for both, where there can be only one: a person ends one of the two before. */
export async function openForBoth(db: Db, keptId: string, otherId: string): Promise<'case' | 'offer' | undefined> {
  const twins = await db
    .selectFrom('recovery_case as own')
    .innerJoin('recovery_case as other', 'other.kind', 'own.kind')
    .select('own.id')
    .where('own.customer_id', '=', keptId)
    .where('other.customer_id', '=', otherId)
    .where('own.kind', '=', 'payment_difficulty')
    .where('own.closed_at', 'is', null)
    .where('other.closed_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (twins) return 'case';
  const offers = await db
    .selectFrom('offer_given as own')
    .innerJoin('offer_given as other', 'other.offer_id', 'own.offer_id')
    .select('own.id')
    .where('own.customer_id', '=', keptId)
    .where('other.customer_id', '=', otherId)
    .where('own.state', 'in', ['waiting', 'given'])
    .where('other.state', 'in', ['waiting', 'given'])
    .limit(1)
    .executeTakeFirst();
  return offers && 'offer';
}

/** A closed case went on in another one. */
export async function putInto(tx: Tx, caseId: string, intoId: string): Promise<void> {
  await tx.updateTable('recovery_case').set({ merged_into_id: intoId }).where('id', '=', caseId).execute();
}
