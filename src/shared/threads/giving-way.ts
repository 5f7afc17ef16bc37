import { spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { basename } from 'node:path';

const isLinux = process.platform === 'linux';
/** Of whoever calls. */
const OWN = 0;

/** A process that was begun just now: its threads, those that collect its garbage too, begin as it is then. */
export function letProcessGiveWay(pid: number): void {
  setLowest(pid);
  if (isLinux) runWhenIdle(pid, '-a');
}

/** The thread that calls. Only Linux has priorities of threads; elsewhere the whole process would be slowed down. */
export function letThreadGiveWay(): void {
  if (!isLinux) return;
  setLowest(OWN);
  runWhenIdle(Number(basename(readlinkSync('/proc/thread-self'))));
}

function setLowest(id: number): void {
  try {
    setPriority(id, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * However low its priority, who runs may end a slice of some milliseconds before anybody else's turn comes; of the idle class it
 * is stopped at once. Node cannot say so, util-linux can; where that is missing, the low priority is what there is.
 */
function runWhenIdle(id: number, ...options: string[]): void {
  spawn('chrt', [...options, '-i', '-p', '0', String(id)], { stdio: 'ignore' }).on('error', () => {});
}
