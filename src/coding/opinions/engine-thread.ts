import { Worker } from 'node:worker_threads';
import type { Answer, Comparison } from '../engine/index.ts';
import type { Group } from './fields.ts';
import type { Material } from './material.ts';
import { isSame, type ModelName } from './model-name.ts';

export type Ask =
  | { type: 'learn'; name: ModelName; material: Material; rival?: Rival }
  | { type: 'remember'; name: ModelName; fields: SavedField[] }
  | { type: 'read'; name: ModelName; answers: Asked[] };

/** The model to be compared with, on the answers that people coded since it learned. */
export interface Rival {
  name: ModelName;
  since: string;
}

/** An answer to a question of this group; `place` says whether the model learned from it. */
export interface Asked extends Answer {
  place: string;
  group: Group;
}

export interface ToEngine {
  id: number;
  ask: Ask;
}

export interface FromEngine {
  id: number;
  answer?: unknown;
  failed?: string;
}

/** What was learned about the questions of one group. */
export interface SavedField {
  group: Group;
  /** Null where there is too little to be told apart. */
  model: Uint8Array | null;
  fitted: Fitted;
}

/** Cross-fitted verdicts on the answers that it learned from, places x codes. */
export interface Fitted {
  places: string[];
  chances: Float32Array;
  mains: Float32Array;
}

export interface Learned {
  /** Micro-F1 by cross-validation on the answers that people coded; null where these are too few. */
  micro: number | null;
  /** Null where there was no rival. */
  compared: Comparison | null;
}

export interface LearnedFields extends Learned {
  fields: SavedField[];
}

/** By the ids of codes; empty where nothing can be told. */
export interface Judgement {
  chances: Record<string, number>;
  why: Record<string, string>;
  /** How likely each code is the main reason: together one. */
  mains: Record<string, number>;
  /** What a person's word would teach, 0 to 1. */
  worthAsking: number;
}

/** The engine, on a thread of its own so that it never delays a page. */
export interface EngineThread {
  /** Makes a model; with a rival, which it must know, it says who is better. */
  learn(name: ModelName, material: Material, rival?: Rival): Promise<Learned>;
  read(name: ModelName, answers: Asked[]): Promise<Judgement[]>;
  /** Whether this model need not be learned again to tell answers of these groups. */
  knows(name: ModelName, groups: Iterable<Group>): boolean;
  forget(name: ModelName): void;
  /** What is under way is given up, and nothing more is taken up. */
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

interface Saved {
  name: ModelName;
  fields: SavedField[];
}

export function createEngineThread(): EngineThread {
  let thread: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last = 0;
  let isStopped = false;
  const waiting = new Map<number, Waiting>();
  /** The model of each programme that the thread has in its memory, and what it once learned, the latest last. */
  const present = new Map<string, ModelName>();
  let saved: Saved[] = [];

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
    // Who was still gathering what to learn from would begin another thread, and the process wait for it.
    if (isStopped) throw new Error('The engine has been stopped');
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

  const savedOf = (name: ModelName) => saved.find((each) => isSame(each.name, name));
  const forget = (name: ModelName) => void (saved = saved.filter((each) => !isSame(each.name, name)));

  async function bringBack(name: ModelName): Promise<void> {
    const known = savedOf(name);
    const there = present.get(name.programmeId);
    if (!known || (there && isSame(there, name))) return;
    await ask({ type: 'remember', ...known });
    present.set(name.programmeId, name);
  }

  return {
    async learn(name, material, rival) {
      if (rival) await bringBack(rival.name);
      const { fields, ...learned } = (await ask({ type: 'learn', name, material, rival })) as LearnedFields;
      forget(name);
      // Learned again it may know more groups: what the thread still has of it is old.
      present.delete(name.programmeId);
      saved = [...saved, { name, fields }].slice(-MOST_SAVED);
      return learned;
    },
    async read(name, answers) {
      await bringBack(name);
      return (await ask({ type: 'read', name, answers })) as Judgement[];
    },
    knows(name, groups) {
      const known = savedOf(name);
      return known !== undefined && [...groups].every((group) => known.fields.some((each) => each.group === group));
    },
    forget,
    async stop() {
      isStopped = true;
      clearTimeout(idle);
      await thread?.terminate();
    },
  };
}
