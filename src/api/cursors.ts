import { createHash } from 'node:crypto';
import { Invalid } from '../shared/errors.ts';

const LENGTH = 8;

/** Not against forgery: it tells a cursor of this very list from one that was cut, changed, or came from another list. */
const markOf = (path: string, cursor: string) =>
  createHash('sha256').update(`${path}\n${cursor}`).digest('base64url').slice(0, LENGTH);

/** What a list answers with: its cursor marked as its own. */
export function withMarkedCursor(path: string, result: unknown): unknown {
  const { next } = (result ?? {}) as { next?: unknown };
  return typeof next === 'string' ? { ...(result as object), next: markOf(path, next) + next } : result;
}

/**
 * The query with the list's own cursor again. A list that begins anew, or ends, at a cursor it does not know would
 * make a caller believe that it has seen everything. @throws Invalid
 */
export function withOwnCursor(path: string, query: unknown): unknown {
  const { cursor } = (query ?? {}) as { cursor?: unknown };
  if (typeof cursor !== 'string') return query;
  const own = cursor.slice(LENGTH);
  if (cursor !== markOf(path, own) + own) throw new Invalid({ cursor: { key: 'form.invalid' } });
  return { ...(query as object), cursor: own };
}
