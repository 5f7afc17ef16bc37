/** So many rows in one statement: SQLite takes some thousand values. */
const ROWS_AT_ONCE = 200;

export function* inParts<T>(all: readonly T[], size = ROWS_AT_ONCE): Generator<T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}
