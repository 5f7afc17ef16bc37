import type { Tx } from '../storage/index.ts';
import type { Context } from './context.ts';
import type { RecordKind } from './records.ts';
import { refreshWorth } from './worth-store.ts';

/** Purchases change what their customers are worth; whoever counts on it is told. */
export async function refreshAfter(context: Context, tx: Tx, kind: RecordKind, customerIds: string[]): Promise<void> {
  const ids = [...new Set(customerIds)];
  if (kind !== 'purchases' || ids.length === 0) return;
  await refreshWorth(tx, ids);
  await context.changed(tx, ids);
}
