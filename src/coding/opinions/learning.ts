import { timestamp, type Clock } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { Storage } from '../../storage/index.ts';
import type { Codebook } from '../codebook.ts';
import type { EngineThread, Rival } from './engine-thread.ts';
import type { Group } from './fields.ts';
import { createKeeping, type Kept } from './keeping.ts';
import { readMaterial } from './material.ts';
import { nameOf, type ModelName } from './model-name.ts';
import * as models from './model-store.ts';
import type { EngineModel, ModelFigures } from './model-store.ts';
import { codedSince } from './opinion-store.ts';
import type { Questions } from './questions.ts';
import { isBetter, isOutdated, newNeeded } from './rules.ts';

export interface Programme {
  id: string;
  key: string;
}

interface Wanted {
  /** What people coded until then, as far as it stands still, is what it learns from. */
  learnedUntil: string;
  /** Who wanted it; null for the engine itself. */
  accountId: string | null;
  /** Only the better of the two is put in use. */
  rival?: Rival & { kept: Kept };
  /** How it did when it was first made, where an earlier one is brought back. */
  compared?: ModelFigures['compared'];
}

interface Deps {
  storage: Storage;
  clock: Clock;
  thread: EngineThread;
  questions: Questions;
}

export type Learning = ReturnType<typeof createLearning>;

/**
 * Models are made from the codings of their time. The one in use is kept, so that a process that begins goes on with it; where
 * answers have to be forgotten it is dropped and made again from those that are left.
 */
export function createLearning({ storage, clock, thread, questions }: Deps) {
  const keeping = createKeeping(storage);

  const materialAt = ({ key }: Programme, book: Codebook, until: string, groups: Iterable<Group> = []) =>
    readMaterial({ db: storage.read, key, book, questions }, until, groups);

  /** Makes the next model of a programme. Undefined where another process did so meanwhile. */
  async function make(programme: Programme, book: Codebook, wanted: Wanted): Promise<EngineModel | undefined> {
    const { learnedUntil, accountId, rival, compared = null } = wanted;
    const [last] = await models.models(storage.read, programme.id, 1);
    const name = { programmeId: programme.id, turn: (last?.turn ?? 0) + 1, revision: book.revision };
    const forgotten = await keeping.timesForgotten(programme.id);
    const material = await materialAt(programme, book, learnedUntil);
    const learned = await thread.learn(material, rival);
    const state = learned.compared === null || isBetter(learned.compared) ? 'in_use' : 'declined';
    const figures = { micro: learned.micro, compared: learned.compared ?? compared };
    const answers = material.fields.reduce((sum, { coded }) => sum + coded.length, 0);
    const made = { id: newId(clock), createdAt: timestamp(clock), learnedUntil, accountId, state } as const;
    const model = { ...made, ...name, figures, answers };
    if (!(await storage.transaction((tx) => models.addModel(tx, model)))) return undefined;
    if (state === 'in_use') await keeping.keep(name, learned, forgotten);
    return model;
  }

  /** Has the thread know this model and tell answers of these groups by it. */
  async function recall(
    programme: Programme,
    book: Codebook,
    model: EngineModel,
    groups: Iterable<Group>,
  ): Promise<ModelName> {
    const name = nameOf(model);
    const wanted = new Set(groups);
    const forgotten = await keeping.timesForgotten(programme.id);
    if (thread.knows(name, wanted, forgotten)) return name;
    const kept = await keeping.find(name);
    if (
      kept &&
      wanted.isSubsetOf(new Set(kept.groups)) &&
      (await thread.remember(name, programme.key, kept, forgotten))
    )
      return name;
    const learned = await thread.learn(await materialAt(programme, book, model.learnedUntil, wanted));
    await keeping.keep(name, learned, forgotten);
    await thread.remember(name, programme.key, learned, forgotten);
    return name;
  }

  async function isDue(programme: Programme, inUse: EngineModel): Promise<boolean> {
    const [last = inUse] = await models.models(storage.read, programme.id, 1);
    const needed = newNeeded(inUse.answers);
    return (await codedSince(storage.read, programme.id, last.createdAt, needed)) >= needed;
  }

  return {
    make,
    recall,
    /** The model that reads now, if there is one that speaks of the codes of today. */
    async inUse(programme: Programme, book: Codebook): Promise<EngineModel | undefined> {
      const inUse = await models.modelInUse(storage.read, programme.id);
      return inUse && !isOutdated(inUse, book) ? inUse : undefined;
    },
    /** Whether so much was coded since the last try that another is worth its time. */
    isDue,
    /** The model that is to read now: made where there is none, and anew where the codebook has changed since. */
    begin: (programme: Programme, book: Codebook) =>
      make(programme, book, { learnedUntil: timestamp(clock), accountId: null }),
    /** Learns from what was coded since the last try, and keeps the better of the two. */
    async learnMore(programme: Programme, book: Codebook, inUse: EngineModel): Promise<EngineModel> {
      const name = await recall(programme, book, inUse, []);
      const kept = await keeping.find(name);
      // What it learned has to be forgotten just now: it is learned again before anything is compared with it.
      if (!kept) return inUse;
      const rival = { name, since: inUse.learnedUntil, kept };
      const made = await make(programme, book, { learnedUntil: timestamp(clock), accountId: null, rival });
      return made?.state === 'in_use' ? made : inUse;
    },
  };
}
