import type { Db, Schema } from '../../storage/index.ts';

export interface PlanFilter {
  state?: Schema['payment_plan']['state'] | undefined;
  caseId?: string | undefined;
  customerId?: string | undefined;
}

type Key = Pick<Schema['payment_plan'], 'id' | 'case_id'>;

/** Which plans there are, the newest first. */
export async function listPlanKeys(
  db: Db,
  { state, caseId, customerId }: PlanFilter,
  before: string | null,
  limit: number,
): Promise<Key[]> {
  let query = db.selectFrom('payment_plan').select(['id', 'case_id']);
  if (state !== undefined) query = query.where('state', '=', state);
  if (caseId !== undefined) query = query.where('case_id', '=', caseId);
  if (customerId !== undefined) query = query.where('customer_id', '=', customerId);
  if (before !== null) query = query.where('id', '<', before);
  return await query.orderBy('id', 'desc').limit(limit).execute();
}
