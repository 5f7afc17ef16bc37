import type { AudienceFilter } from './audience.ts';
import type { DealingKind } from './customer.ts';

/** What happened to customers between two days, both included. */
export interface MomentsQuery {
  /** `dealing` by its first day, `dealingEnd` by its last. */
  what: 'purchase' | 'dealing' | 'dealingEnd' | 'leaving';
  from: string;
  to: string;
  /** Kinds of dealings, any where empty. */
  kinds?: DealingKind[];
  /** Only dealings that have not ended before that day. */
  underWayOn?: string;
  audience: AudienceFilter;
  /** Only these, by their keys: purchases or dealings. */
  among?: string[];
  /** Those behind that one, the last of the part before. */
  after?: Moment | undefined;
  limit: number;
}

export interface Moment {
  /** The same for the same purchase, dealing or leaving. */
  key: string;
  customerId: string;
}
