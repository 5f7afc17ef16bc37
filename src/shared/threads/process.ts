import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createAsking, type Asking, type FromHelper } from './asking.ts';
import { setLowest } from './giving-way.ts';
import type { ThreadOptions } from './thread.ts';

const YOUNG_MEGABYTES = 8;
/** How this process finds its modules, without whatever else it was begun with. */
const IMPORTS = process.execArgv.filter((word, i, all) => word === '--import' || all[i - 1] === '--import');

/**
 * A process of its own that gives way to everybody else, for work that takes seconds: unlike a thread it has helpers of
 * its own that collect its garbage, so that these give way, too, and its memory is given back whole.
 */
export function createProcess(script: URL, { data, heapMegabytes, ...options }: ThreadOptions): Asking {
  const limits = [`--max-old-space-size=${heapMegabytes}`, `--max-semi-space-size=${YOUNG_MEGABYTES}`];
  return createAsking(options, (heard, ended) => {
    const child = fork(fileURLToPath(script), [JSON.stringify(data ?? null)], {
      execArgv: [...IMPORTS, ...limits],
      serialization: 'advanced',
    });
    if (child.pid !== undefined) setLowest(child.pid);
    child.on('message', (words) => heard(words as FromHelper));
    child.on('error', ended).on('exit', () => ended(new Error('The process ended')));
    return {
      tell: (words) => void child.send(words),
      hold() {
        child.ref();
        child.channel?.ref();
      },
      release() {
        child.unref();
        child.channel?.unref();
      },
      end: () =>
        new Promise((resolve) => {
          if (child.exitCode !== null || child.signalCode !== null) return resolve();
          child.ref();
          child.once('exit', () => resolve());
          child.kill('SIGKILL');
        }),
    };
  });
}
