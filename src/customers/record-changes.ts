import type { Tx } from '../storage/index.ts';
import type { Context } from './context.ts';
import type { RecordKind } from './records.ts';
import { refreshWorth } from './worth-store.ts';

/** Purchases change what their customers are worth, invoices what they owe; whoever counts on it is told. */
export async function refreshAfter(context: Context, tx: Tx, kind: RecordKind, customerIds: string[]): Promise<void> {
  const ids = [...new Set(customerIds)];
  if (kind === 'dealings' || ids.length === 0) return;
  if (kind === 'purchases') await refreshWorth(tx, ids);
  await context.changed(tx, ids);
}
