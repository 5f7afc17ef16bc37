import { Worker } from 'node:worker_threads';
import type { ClashesAsk, LineFound } from './clashes.ts';
import type { FoundNames, NamesAsk } from './names.ts';
import type { FoundTheme, ThemesAsk } from './finding.ts';

export type Ask = ThemesAsk | NamesAsk | ClashesAsk;

interface Replies {
  themes: FoundTheme[];
  names: FoundNames;
  clashes: LineFound[];
}

/** A thread for each question, one question at a time, so that no page waits. */
export interface ThemesThread {
  ask<A extends Ask>(ask: A): Promise<Replies[A['type']]>;
  /** What is under way is given up, and nothing more is taken up. */
  stop(): Promise<void>;
}

const LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 };

export function createThemesThread(): ThemesThread {
  let last: Promise<unknown> = Promise.resolve();
  let running: Worker | undefined;
  let isStopped = false;

  async function run(ask: Ask): Promise<unknown> {
    // Also for those who have waited their turn.
    if (isStopped) throw new Error('The thread has been stopped');
    const worker = new Worker(new URL('./themes.worker.ts', import.meta.url), {
      workerData: ask,
      resourceLimits: LIMITS,
    });
    running = worker;
    try {
      return await new Promise((resolve, reject) => {
        worker
          .once('message', resolve)
          .once('error', reject)
          .once('exit', () => reject(new Error('The thread ended')));
      });
    } finally {
      await worker.terminate();
    }
  }

  return {
    ask: (ask) => {
      const answer = last.then(() => run(ask));
      last = answer.catch(() => {});
      return answer as Promise<never>;
    },
    async stop() {
      isStopped = true;
      await running?.terminate();
    },
  };
}
