/** One sentence of "what changed": it has passed the test against chance. */
export interface Change {
  /** The text to say, of changes.json, with `values` formatted by `changeText`. */
  key: string;
  about: 'reason' | 'leavers' | 'money';
  direction: 'up' | 'down';
  /** The reason's key and its names by language; null where the change is of all who left. */
  reason: { key: string; codeId: string; names: Record<string, string> } | null;
  /** Shares from 0 to 1, numbers of customers, or money in minor units; the difference with its 95 % interval. */
  values: { before: number; now: number; difference: number; low: number; high: number };
}
