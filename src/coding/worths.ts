import type { Db, Tx } from '../storage/index.ts';
import { setWorth, worthsBeside } from './task-store.ts';

/** What customers are worth now, in minor units a year, by id. */
export type WorthsOf = (db: Db, customerIds: string[]) => Promise<Map<string, number>>;

/** Keeps beside each task what its customer is worth: whoever begins with the most valuable need not look it up. */
export function createWorths(worths: WorthsOf) {
  return {
    /** To be called when customers have changed, in the same transaction; at most 500 a call. */
    async refreshWorth(tx: Tx, customerIds: string[]): Promise<void> {
      const tasks = customerIds.length > 0 ? await worthsBeside(tx, customerIds) : [];
      if (tasks.length === 0) return;
      const now = await worths(tx, [...new Set(tasks.map(({ customerId }) => customerId))]);
      const stale = tasks.filter(({ customerId, worthMinor }) => worthMinor !== (now.get(customerId) ?? 0));
      for (const [customerId, theirs] of Map.groupBy(stale, (task) => task.customerId)) {
        const responses = [...new Set(theirs.map(({ responseId }) => responseId))];
        await setWorth(tx, responses, now.get(customerId) ?? 0);
      }
    },
  };
}
