import { constants, setPriority } from 'node:os';

/**
 * Lets the thread that calls this come after all others, so that nobody who waits for a page notices its work. Only Linux
 * has priorities of threads; elsewhere it would slow the whole process down, and nothing is done.
 */
export function giveWay(): void {
  if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);
}
