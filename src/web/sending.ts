import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Writes a part of a file; waits until whoever reads it has room for the next, or is gone. */
export async function writePart(res: ServerResponse, part: string): Promise<void> {
  if (res.write(part) || res.destroyed) return;
  const over = new AbortController();
  const { signal } = over;
  try {
    await Promise.race([once(res, 'drain', { signal }), once(res, 'close', { signal })]);
  } finally {
    // Neither listener outlives the part: a long file has hundreds.
    over.abort();
  }
}
