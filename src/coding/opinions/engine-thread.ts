import { Worker } from 'node:worker_threads';
import type { Answer } from '../engine/index.ts';
import type { Material } from './material.ts';

export type Ask =
  | { type: 'learn'; name: string; material: Material }
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

export interface Judgement {
  chances: Record<string, number>;
  why: Record<string, string>;
}

/** The engine, on a thread of its own so that it never delays a page. */
export interface EngineThread {
  learn(name: string, material: Material): Promise<{ micro: number | null }>;
  compare(material: Material, since: string): Promise<Comparison>;
  read(name: string, answers: Answer[]): Promise<Judgement[]>;
  /** Whether a model of this name is in the thread's memory. */
  knows(name: string): boolean;
  /** What is under way is given up. */
  stop(): Promise<void>;
}

const HEAP_MEGABYTES = 1024;
/** A thread that is not asked anything gives its memory back. */
const KEPT_MS = 10 * 60_000;

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export function createEngineThread(): EngineThread {
  let thread: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last = 0;
  const waiting = new Map<number, Waiting>();
  const known = new Set<string>();

  function started(): Worker {
    if (thread) return thread;
    const mine = new Worker(new URL('./engine.worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
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
    known.clear();
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

  function rest(mine: Worker): void {
    mine.unref();
    idle = setTimeout(() => void mine.terminate(), KEPT_MS).unref();
  }

  return {
    async learn(name, material) {
      const learned = await ask({ type: 'learn', name, material });
      known.add(name);
      return learned as { micro: number | null };
    },
    compare: async (material, since) => (await ask({ type: 'compare', material, since })) as Comparison,
    read: async (name, answers) => (await ask({ type: 'read', name, answers })) as Judgement[],
    knows: (name) => known.has(name),
    async stop() {
      clearTimeout(idle);
      await thread?.terminate();
    },
  };
}
