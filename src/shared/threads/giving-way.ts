import { spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { basename } from 'node:path';

const isLinux = process.platform === 'linux';
/** Of whoever calls. */
const OWN = 0;

/**
 * The thread that calls, or the process with all its threads: those that collect its garbage, too. Only Linux has priorities of
 * threads; elsewhere a thread would slow its whole process down.
 */
export function giveWay(who: 'thread' | 'process'): void {
  if (!isLinux) return;
  if (who === 'process') return runWhenIdle(process.pid, '-a');
  setLowest(OWN);
  runWhenIdle(Number(basename(readlinkSync('/proc/thread-self'))));
}

/** The threads of a process that was begun just now are begun as it is. */
export function setLowest(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * However low its priority, who runs may end a slice of some milliseconds before anybody else's turn comes; of the idle class it
 * is stopped at once. Node cannot say so, util-linux can; where that is missing, the low priority is what there is.
 * A process says so of itself: to begin another takes the longer the more memory one has.
 */
function runWhenIdle(id: number, ...options: string[]): void {
  spawn('chrt', [...options, '-i', '-p', '0', String(id)], { stdio: 'ignore' }).on('error', () => {});
}
