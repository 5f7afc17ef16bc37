import type { Db, Tx } from '../../storage/index.ts';
import type { ItemRow } from './places.ts';
import { inParts } from './rows.ts';

/** All that was ever counted, with its place. */
export async function itemsOf(db: Db): Promise<ItemRow[]> {
  return await db.selectFrom('satisfaction_item').select(['place', 'topic', 'item']).execute();
}

export async function addItems(tx: Tx, items: readonly ItemRow[]): Promise<void> {
  for (const some of inParts(items)) await tx.insertInto('satisfaction_item').values(some).execute();
}
