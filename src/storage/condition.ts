import type { RawBuilder } from 'kysely';

/** Part of a query, made by one feature's store for another's. */
export type Condition = RawBuilder<boolean>;
