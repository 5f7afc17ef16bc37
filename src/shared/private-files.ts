import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';

/** What this process makes from now on, folders too, only its owner can read: databases, copies, exports, journals. */
export function keepFilesPrivate(): void {
  process.umask(0o077);
}

/**
 * A file that only its owner can read: made, where it is not there; what others own stays as they have made it.
 * One that is there is not opened: closing it would let go of every lock that SQLite holds on it for this process.
 */
export function makePrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  try {
    chmodSync(path, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}
