import { timestamp, type Clock } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { Storage } from '../../storage/index.ts';
import type { Codebook } from '../codebook.ts';
import type { EngineThread } from './engine-thread.ts';
import { readKnowledge, type Knowledge } from './lexicon-file.ts';
import { readMaterial } from './material.ts';
import * as models from './model-store.ts';
import type { EngineModel, ModelFigures } from './model-store.ts';
import { codedSince } from './opinion-store.ts';
import { isBetter, isOutdated, newNeeded } from './rules.ts';

export interface Programme {
  id: string;
  key: string;
}

interface Made {
  /** What people coded until then, as far as it stands still, is what it learns from. */
  learnedUntil: string;
  state: 'in_use' | 'declined';
  compared: ModelFigures['compared'];
  /** Who wanted it; null for the engine itself. */
  accountId: string | null;
}

interface Deps {
  storage: Storage;
  clock: Clock;
  thread: EngineThread;
  lexicon: string;
}

export type Learning = ReturnType<typeof createLearning>;

/** Models are not kept but made again from the codings of their time: what is erased is thereby forgotten. */
export function createLearning({ storage, clock, thread, lexicon }: Deps) {
  const knowledge = new Map<string, Knowledge>();

  function knowledgeOf({ key }: Programme): Knowledge {
    const known = knowledge.get(key) ?? readKnowledge(lexicon, key);
    knowledge.set(key, known);
    return known;
  }

  const materialAt = (programme: Programme, book: Codebook, until: string) =>
    readMaterial(storage.read, book, knowledgeOf(programme), until);

  /** Makes the next model of a programme. Undefined where another process did so meanwhile. */
  async function make(programme: Programme, book: Codebook, made: Made): Promise<EngineModel | undefined> {
    const [last] = await models.models(storage.read, programme.id, 1);
    const named = { programmeId: programme.id, turn: (last?.turn ?? 0) + 1, revision: book.revision };
    const material = await materialAt(programme, book, made.learnedUntil);
    const { micro } = await thread.learn(nameOf(named), material);
    const { compared, ...rest } = made;
    const figures = { micro, compared };
    const answers = material.examples.length;
    const model = { ...rest, ...named, figures, answers, id: newId(clock), createdAt: timestamp(clock) };
    return (await storage.transaction((tx) => models.addModel(tx, model))) ? model : undefined;
  }

  return {
    make,
    /** The model that reads now: made where there is none, and made anew where the codebook has changed since. */
    async current(programme: Programme, book: Codebook): Promise<EngineModel | undefined> {
      const inUse = await models.modelInUse(storage.read, programme.id);
      if (inUse && !isOutdated(inUse, book)) return inUse;
      const learnedUntil = timestamp(clock);
      return await make(programme, book, { learnedUntil, state: 'in_use', compared: null, accountId: null });
    },
    /** Learns from what was coded since the last try, and keeps the better of the two. */
    async learnMore(programme: Programme, book: Codebook, inUse: EngineModel): Promise<EngineModel> {
      const [last = inUse] = await models.models(storage.read, programme.id, 1);
      const needed = newNeeded(inUse.answers);
      if ((await codedSince(storage.read, programme.id, last.createdAt, needed)) < needed) return inUse;
      const learnedUntil = timestamp(clock);
      const compared = await thread.compare(await materialAt(programme, book, learnedUntil), inUse.learnedUntil);
      const state = isBetter(compared) ? 'in_use' : 'declined';
      const added = await make(programme, book, { learnedUntil, state, compared, accountId: null });
      return state === 'in_use' && added ? added : inUse;
    },
    /** Has the thread know this model. @returns the name by which it does */
    async recall(programme: Programme, book: Codebook, model: EngineModel): Promise<string> {
      const name = nameOf(model);
      if (!thread.knows(name)) await thread.learn(name, await materialAt(programme, book, model.learnedUntil));
      return name;
    },
  };
}

const nameOf = ({ programmeId, turn, revision }: Pick<EngineModel, 'programmeId' | 'turn' | 'revision'>) =>
  `${programmeId} ${turn} ${revision}`;
