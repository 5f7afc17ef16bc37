import type { Actor } from '../../shared/actor.ts';

/** What is left lying when a colleague leaves, in the order in which it is said. */
export const LOOKED_AFTER = ['customers', 'cases', 'answers', 'schedules', 'goals', 'policies'] as const;
export type What = (typeof LOOKED_AFTER)[number];
/** How many of each. */
export type LookedAfter = Record<What, number>;

/** One kind of thing that a colleague looks after. */
export interface Duty {
  count(accountId: string): Promise<number>;
  /** @returns how many went over; whoever breaks off can begin again */
  handOver(actor: Actor, from: string, to: string): Promise<number>;
}
