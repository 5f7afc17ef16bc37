export interface ToHelper {
  id: number;
  ask: unknown;
}

export interface FromHelper {
  id: number;
  answer?: unknown;
  failed?: string;
}

export interface AskingOptions {
  /** A helper that is not asked anything for so long gives its memory back; the next question begins another. */
  keptMs: number;
  /** Whatever it knew is gone. */
  onEnd?: () => void;
}

/** Answers questions one after the other beside this thread, so that no page waits. Its script calls `serve`. */
export interface Asking {
  /** Throws what went wrong there, and where the helper ended before it had answered. */
  ask(wish: unknown): Promise<unknown>;
  /** What is under way is given up, and nothing more is taken up. */
  stop(): Promise<void>;
}

/** A thread or a process that calls `serve`. */
interface Helper {
  tell(words: ToHelper): void;
  /** This process waits for it before it ends. */
  hold(): void;
  release(): void;
  end(): Promise<void>;
}

type Begin = (heard: (words: FromHelper) => void, ended: (error: Error) => void) => Helper;

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export function createAsking({ keptMs, onEnd }: AskingOptions, begin: Begin): Asking {
  let helper: Helper | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last = 0;
  let isStopped = false;
  const waiting = new Map<number, Waiting>();

  function started(): Helper {
    if (helper) return helper;
    const mine: Helper = begin(hear, (error) => ended(mine, error));
    mine.release();
    return (helper = mine);
  }

  function hear({ id, answer, failed }: FromHelper): void {
    const asker = waiting.get(id);
    waiting.delete(id);
    if (failed === undefined) asker?.resolve(answer);
    else asker?.reject(new Error(failed));
  }

  function ended(which: Helper, error: Error): void {
    if (helper !== which) return;
    helper = undefined;
    onEnd?.();
    for (const each of waiting.values()) each.reject(error);
    waiting.clear();
  }

  function rest(mine: Helper): void {
    mine.release();
    idle = setTimeout(() => leave(mine), keptMs).unref();
  }

  /** Forgets it at once: who asks while it is still ending gets another. */
  function leave(mine: Helper): void {
    ended(mine, new Error('Nothing more is asked'));
    void mine.end();
  }

  return {
    async ask(wish) {
      // Who was still gathering what to ask would begin another helper, and the process wait for it.
      if (isStopped) throw new Error('Nothing more is taken up');
      clearTimeout(idle);
      const mine = started();
      mine.hold();
      try {
        return await new Promise((resolve, reject) => {
          const id = ++last;
          waiting.set(id, { resolve, reject });
          mine.tell({ id, ask: wish });
        });
      } finally {
        if (waiting.size === 0) rest(mine);
      }
    },
    async stop() {
      isStopped = true;
      clearTimeout(idle);
      await helper?.end();
    },
  };
}
