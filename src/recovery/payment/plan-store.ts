import type { Db, Schema, Tx } from '../../storage/index.ts';

export type PlanRow = Schema['payment_plan'];
export type InstalmentRow = Schema['payment_instalment'];

/** All that were ever spoken of in a case, the newest first. */
export async function plansOfCase(db: Db, caseId: string): Promise<PlanRow[]> {
  const query = db.selectFrom('payment_plan').selectAll().where('case_id', '=', caseId);
  return await query.orderBy('id', 'desc').execute();
}

/** @returns false where another plan is spoken of in that case */
export async function insertPlan(tx: Tx, row: PlanRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('payment_plan')
    .values(row)
    // Whatever else is spoken of in that case.
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** @returns whether it was in that state and, where one is named, at that revision */
export async function movePlan(
  tx: Tx,
  { id, from, revision }: { id: string; from: PlanRow['state']; revision?: number | undefined },
  change: Partial<Pick<PlanRow, 'state' | 'decided_by' | 'decided_at' | 'ended_at' | 'reason'>>,
): Promise<boolean> {
  let query = tx
    .updateTable('payment_plan')
    .set((eb) => ({ ...change, revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', from);
  if (revision !== undefined) query = query.where('revision', '=', revision);
  return (await query.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}

export async function insertInstalments(tx: Tx, rows: InstalmentRow[]): Promise<void> {
  await tx.insertInto('payment_instalment').values(rows).execute();
}

export async function instalmentsOfPlan(db: Db, planId: string): Promise<InstalmentRow[]> {
  const query = db.selectFrom('payment_instalment').selectAll().where('plan_id', '=', planId);
  return await query.orderBy('number').execute();
}

/** @returns whether it was still to be paid */
export async function payInstalment(
  tx: Tx,
  planId: string,
  number: number,
  paid: Pick<InstalmentRow, 'paid_on' | 'paid_how' | 'noted_by'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('payment_instalment')
    .set(paid)
    .where('plan_id', '=', planId)
    .where('number', '=', number)
    .where('paid_on', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** @returns whether it was noted as paid by hand */
export async function unpayInstalment(tx: Tx, planId: string, number: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('payment_instalment')
    .set({ paid_on: null, paid_how: null, noted_by: null })
    .where('plan_id', '=', planId)
    .where('number', '=', number)
    .where('paid_how', '=', 'hand')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export interface MissedInstalment extends Pick<InstalmentRow, 'plan_id' | 'number'> {
  case_id: string;
  customer_id: string;
}

/** Agreed instalments that were due before that day and have not come, of which nobody has been told yet. */
export async function missedInstalments(db: Db, before: string, limit: number): Promise<MissedInstalment[]> {
  return await db
    .selectFrom('payment_instalment')
    .innerJoin('payment_plan', 'payment_plan.id', 'payment_instalment.plan_id')
    .select(['plan_id', 'number', 'case_id', 'customer_id'])
    .where('payment_plan.state', '=', 'agreed')
    .where('payment_instalment.paid_on', 'is', null)
    .where('payment_instalment.missed_at', 'is', null)
    .where('payment_instalment.due_on', '<', before)
    .orderBy('due_on')
    .orderBy('plan_id')
    .orderBy('number')
    .limit(limit)
    .execute();
}

/** @returns whether nobody had been told before */
export async function markMissed(tx: Tx, planId: string, number: number, at: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('payment_instalment')
    .set({ missed_at: at })
    .where('plan_id', '=', planId)
    .where('number', '=', number)
    .where('paid_on', 'is', null)
    .where('missed_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}
