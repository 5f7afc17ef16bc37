import { Worker, type Transferable } from 'node:worker_threads';

export interface ToThread {
  id: number;
  ask: unknown;
}

export interface FromThread {
  id: number;
  answer?: unknown;
  failed?: string;
}

export interface ThreadOptions {
  /** What `workerData` holds there. */
  data?: unknown;
  heapMegabytes: number;
  /** A thread that is not asked anything for so long gives its memory back; the next question begins another. */
  keptMs: number;
  /** Whatever it knew is gone. */
  onEnd?: () => void;
}

/** Answers questions one after the other on a thread of its own, so that no page waits. Its script calls `serve`. */
export interface Thread {
  /** Throws what went wrong there, and where the thread ended before it had answered. */
  ask(wish: unknown, moved?: Transferable[]): Promise<unknown>;
  /** What is under way is given up, and nothing more is taken up. */
  stop(): Promise<void>;
}

const YOUNG_MEGABYTES = 16;

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export function createThread(script: URL, { data, heapMegabytes, keptMs, onEnd }: ThreadOptions): Thread {
  let thread: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last = 0;
  let isStopped = false;
  const waiting = new Map<number, Waiting>();

  function started(): Worker {
    if (thread) return thread;
    const mine = new Worker(script, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
    });
    mine.on('message', ({ id, answer, failed }: FromThread) => {
      const asker = waiting.get(id);
      waiting.delete(id);
      if (failed === undefined) asker?.resolve(answer);
      else asker?.reject(new Error(failed));
    });
    mine.on('error', (error: Error) => ended(mine, error)).on('exit', () => ended(mine, new Error('The thread ended')));
    mine.unref();
    return (thread = mine);
  }

  function ended(which: Worker, error: Error): void {
    if (thread !== which) return;
    thread = undefined;
    onEnd?.();
    for (const each of waiting.values()) each.reject(error);
    waiting.clear();
  }

  function rest(mine: Worker): void {
    mine.unref();
    idle = setTimeout(() => leave(mine), keptMs).unref();
  }

  /** Forgets it at once: who asks while it is still ending gets another. */
  function leave(mine: Worker): void {
    ended(mine, new Error('The thread ended'));
    void mine.terminate();
  }

  return {
    async ask(wish, moved = []) {
      // Who was still gathering what to ask would begin another thread, and the process wait for it.
      if (isStopped) throw new Error('The thread has been stopped');
      clearTimeout(idle);
      const mine = started();
      mine.ref();
      try {
        return await new Promise((resolve, reject) => {
          const id = ++last;
          waiting.set(id, { resolve, reject });
          mine.postMessage({ id, ask: wish } satisfies ToThread, moved);
        });
      } finally {
        if (waiting.size === 0) rest(mine);
      }
    },
    async stop() {
      isStopped = true;
      clearTimeout(idle);
      await thread?.terminate();
    },
  };
}
