import type { Storage } from '../../storage/index.ts';
import { COUNTED, stateOf } from './state-store.ts';

/** So many answers are remembered: a few filters of a few readers. */
const MOST = 40;

/**
 * Remembers what was read until something is counted anew, by whichever process: pages are then shown again without adding up
 * thousands of figures. What it gives must not be changed.
 */
export function createRemembering({ read }: Pick<Storage, 'read'>) {
  const known = new Map<string, Promise<unknown>>();
  let version: string | undefined;

  return async function remembered<T>(name: string, make: () => Promise<T>): Promise<T> {
    const now = await stateOf(read, COUNTED);
    if (now !== version || known.size >= MOST) known.clear();
    version = now;
    const found = known.get(name) as Promise<T> | undefined;
    if (found) return await found;
    const made = make();
    known.set(name, made);
    made.catch(() => known.delete(name));
    return await made;
  };
}

export type Remembered = ReturnType<typeof createRemembering>;
