import { Worker } from 'node:worker_threads';
import type { Answer } from '../engine/index.ts';
import type { Material } from './material.ts';

export type Ask =
  | { type: 'learn'; name: string; material: Material }
  | { type: 'remember'; name: string; bytes: Uint8Array }
  | { type: 'compare'; material: Material; since: string }
  | { type: 'read'; name: string; answers: Answer[] };

export interface ToEngine {
  id: number;
  ask: Ask;
}

export interface FromEngine {
  id: number;
  answer?: unknown;
  failed?: string;
}

export interface Comparison {
  answers: number;
  before: number;
  after: number;
}

/** How well a model does, null where nobody has coded anything, and the model itself. */
export interface Learned {
  micro: number | null;
  bytes: Uint8Array;
}

export interface Judgement {
  chances: Record<string, number>;
  why: Record<string, string>;
}

/** The engine, on a thread of its own so that it never delays a page. */
export interface EngineThread {
  learn(name: string, material: Material): Promise<{ micro: number | null }>;
  compare(material: Material, since: string): Promise<Comparison>;
  read(name: string, answers: Answer[]): Promise<Judgement[]>;
  /** Whether a model of this name need not be learned again. */
  knows(name: string): boolean;
  /** What is under way is given up. */
  stop(): Promise<void>;
}

const HEAP_MEGABYTES = 1024;
const YOUNG_MEGABYTES = 16;
/** A thread that is not asked anything gives its memory back; what it learned is kept as bytes. */
const KEPT_MS = 60_000;
/** The models of so many programmes; more are learned again when they are needed. */
const MOST_SAVED = 8;

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export function createEngineThread(): EngineThread {
  let thread: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last = 0;
  const waiting = new Map<number, Waiting>();
  /** What the thread has in its memory, and what it once learned. */
  const present = new Set<string>();
  const saved = new Map<string, Uint8Array>();

  function started(): Worker {
    if (thread) return thread;
    const mine = new Worker(new URL('./engine.worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES, maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
    });
    mine.on('message', ({ id, answer, failed }: FromEngine) => {
      const asker = waiting.get(id);
      waiting.delete(id);
      if (failed === undefined) asker?.resolve(answer);
      else asker?.reject(new Error(failed));
    });
    mine.on('error', (error: Error) => ended(mine, error)).on('exit', () => ended(mine, new Error('The engine ended')));
    mine.unref();
    return (thread = mine);
  }

  function ended(which: Worker, error: Error): void {
    if (thread !== which) return;
    thread = undefined;
    present.clear();
    for (const each of waiting.values()) each.reject(error);
    waiting.clear();
  }

  async function ask(wish: Ask): Promise<unknown> {
    clearTimeout(idle);
    const mine = started();
    mine.ref();
    try {
      return await new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve, reject });
        mine.postMessage({ id, ask: wish } satisfies ToEngine);
      });
    } finally {
      if (waiting.size === 0) rest(mine);
    }
  }

  /** The thread holds one model of a programme; a name begins with its programme. */
  function hold(name: string): void {
    const [programme = ''] = name.split(' ');
    for (const each of present) if (each.startsWith(programme)) present.delete(each);
    present.add(name);
  }

  function rest(mine: Worker): void {
    mine.unref();
    idle = setTimeout(() => void mine.terminate(), KEPT_MS).unref();
  }

  return {
    async learn(name, material) {
      const { micro, bytes } = (await ask({ type: 'learn', name, material })) as Learned;
      hold(name);
      saved.set(name, bytes);
      for (const oldest of saved.keys()) if (saved.size > MOST_SAVED) saved.delete(oldest);
      return { micro };
    },
    compare: async (material, since) => (await ask({ type: 'compare', material, since })) as Comparison,
    async read(name, answers) {
      const bytes = saved.get(name);
      if (!present.has(name) && bytes) {
        await ask({ type: 'remember', name, bytes });
        hold(name);
      }
      return (await ask({ type: 'read', name, answers })) as Judgement[];
    },
    knows: (name) => present.has(name) || saved.has(name),
    async stop() {
      clearTimeout(idle);
      await thread?.terminate();
    },
  };
}
