import { sql, type RawBuilder } from 'kysely';

/** For `doUpdateSet`: each of these columns takes what stands in the row that was to be added. */
export const excluded = (columns: readonly string[]): Record<string, RawBuilder<never>> =>
  Object.fromEntries(columns.map((column) => [column, sql.ref<never>(`excluded.${column}`)]));
