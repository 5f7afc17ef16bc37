import { Worker } from 'node:worker_threads';
import { createAsking, type Asking, type AskingOptions, type FromHelper } from './asking.ts';

export interface ThreadOptions extends AskingOptions {
  /** What `serve` hands on there. */
  data?: unknown;
  heapMegabytes: number;
}

const YOUNG_MEGABYTES = 16;

/** A thread of this process. Its garbage is collected by threads that have the process's own priority. */
export function createThread(script: URL, { data, heapMegabytes, ...options }: ThreadOptions): Asking {
  return createAsking(options, (heard, ended) => {
    const worker = new Worker(script, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
    });
    worker.on('message', (words: FromHelper) => heard(words));
    worker.on('error', ended).on('exit', () => ended(new Error('The thread ended')));
    return {
      tell: (words) => worker.postMessage(words),
      hold: () => worker.ref(),
      release: () => worker.unref(),
      end: async () => void (await worker.terminate()),
    };
  });
}
