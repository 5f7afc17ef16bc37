import type { EntryGroup } from '../engine/index.ts';
import type { Answer, Comparison } from '../engine/index.ts';
import type { Codebook } from '../codebook.ts';
import { createProcess } from '../../shared/threads/process.ts';
import { createThread } from '../../shared/threads/thread.ts';
import type { Group } from './fields.ts';
import type { Kept } from './keeping.ts';
import type { Field, Material } from './material.ts';
import { isSame, type ModelName } from './model-name.ts';

export type Ask =
  | ({ type: 'gather'; gathering: number } & Field)
  | { type: 'learn'; gathering: number; key: string; book: Codebook; keywords: EntryGroup[]; rival?: Rival }
  | { type: 'remember'; name: ModelName; key: string; bytes: Uint8Array }
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

export interface Learned extends Kept {
  /** Micro-F1 by cross-validation on the answers that people coded; null where these are too few. */
  micro: number | null;
  /** Null where there was no rival. */
  compared: Comparison | null;
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

/**
 * The engine, beside the thread that answers requests, so that it never delays a page: it reads on a thread of its own, and
 * learns, which takes seconds and much memory, in a process that begins and ends with it.
 */
export interface EngineThread {
  /** Makes a model; with a rival it says who is better. Throws where the rival's bytes are not understood. */
  learn(material: Material, rival?: Rival & { kept: Kept }): Promise<Learned>;
  /** False where another version of the engine made it, or it is broken. */
  remember(name: ModelName, key: string, kept: Kept, forgotten: number): Promise<boolean>;
  read(name: ModelName, answers: Asked[]): Promise<Judgement[]>;
  /** Whether it can tell answers of these groups by this model, and nothing was forgotten since it came to know it. */
  knows(name: ModelName, groups: Iterable<Group>, forgotten: number): boolean;
  /** What is under way is given up, and nothing more is taken up. */
  stop(): Promise<void>;
}

interface Present {
  name: ModelName;
  groups: ReadonlySet<Group>;
  forgotten: number;
}

const HEAP_MEGABYTES = 1024;
const KEPT_MS = 60_000;
const LEARNER_KEPT_MS = 1000;
/** So many answers are handed over at a time, so that no page waits for it. */
const PART = 100;

/** @param knowledge the folder of what was written for the product's own codebooks */
export function createEngineThread(knowledge: string): EngineThread {
  /** The model of each programme that the thread has in its memory. */
  const present = new Map<string, Present>();
  let gatherings = 0;
  const script = new URL('./engine.worker.ts', import.meta.url);
  const shared = { data: knowledge, heapMegabytes: HEAP_MEGABYTES };
  const thread = createThread(script, { ...shared, keptMs: KEPT_MS, onEnd: () => present.clear() });
  const learner = createProcess(script, { ...shared, keptMs: LEARNER_KEPT_MS });
  const ask = (wish: Ask) => thread.ask(wish);
  const askLearner = (wish: Ask) => learner.ask(wish);

  return {
    async learn({ fields, ...material }, rival) {
      const gathering = ++gatherings;
      for (const part of fields.flatMap(partsOf)) await askLearner({ type: 'gather', gathering, ...part });
      if (rival) await askLearner({ type: 'remember', name: rival.name, key: material.key, bytes: rival.kept.bytes });
      const known = rival && { name: rival.name, since: rival.since };
      return (await askLearner({ type: 'learn', gathering, ...material, rival: known })) as Learned;
    },
    async remember(name, key, { groups, bytes }, forgotten) {
      present.delete(name.programmeId);
      if (!(await ask({ type: 'remember', name, key, bytes }))) return false;
      present.set(name.programmeId, { name, groups: new Set(groups), forgotten });
      return true;
    },
    read: async (name, answers) => (await ask({ type: 'read', name, answers })) as Judgement[],
    knows(name, groups, forgotten) {
      const known = present.get(name.programmeId);
      if (!known || !isSame(known.name, name) || known.forgotten !== forgotten) return false;
      return [...groups].every((group) => known.groups.has(group));
    },
    stop: async () => void (await Promise.all([thread.stop(), learner.stop()])),
  };
}

function partsOf({ group, coded, pool }: Field): Field[] {
  const parts: Field[] = [{ group, coded: [], pool: [] }];
  for (let i = 0; i < coded.length; i += PART) parts.push({ group, coded: coded.slice(i, i + PART), pool: [] });
  for (let i = 0; i < pool.length; i += PART) parts.push({ group, coded: [], pool: pool.slice(i, i + PART) });
  return parts;
}
