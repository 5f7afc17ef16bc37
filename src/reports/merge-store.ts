import type { Tx } from '../storage/index.ts';

/** Of what may stand open once a customer, the other record's ends where the kept one has its own. */
export async function endSecondCalm(tx: Tx, otherId: string, keptId: string, at: string): Promise<void> {
  const own = tx.selectFrom('risk_calm').select('id').where('customer_id', '=', keptId).where('ended_at', 'is', null);
  if (!(await own.executeTakeFirst())) return;
  const theirs = tx.updateTable('risk_calm').set({ ended_at: at }).where('customer_id', '=', otherId);
  await theirs.where('ended_at', 'is', null).execute();
}

export async function endSecondCall(tx: Tx, otherId: string, keptId: string, at: string): Promise<void> {
  const own = tx.selectFrom('risk_call').select('id').where('customer_id', '=', keptId).where('state', '=', 'open');
  if (!(await own.executeTakeFirst())) return;
  const done = { state: 'done' as const, outcome: 'withdrawn', settled_at: at, appointment: 0, draft: '{}' };
  const theirs = tx.updateTable('risk_call').set(done).where('customer_id', '=', otherId);
  await theirs.where('state', '=', 'open').execute();
}
