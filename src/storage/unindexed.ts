import { sql, type RawBuilder } from 'kysely';

/**
 * The same text where no index is to be used for it. SQLite, which knows no frequencies, takes few rows to be in one state:
 * it would walk through all in that state instead of looking up some by their ids, or instead of walking in the order
 * asked for until a page is full.
 */
export const unindexed = (column: string): RawBuilder<string> => sql`(${sql.ref(column)} || '')`;
