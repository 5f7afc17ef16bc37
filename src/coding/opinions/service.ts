import type { Logger } from 'pino';
import { accountOf, type Actor } from '../../shared/actor.ts';
import type { Audit } from '../../shared/audit.ts';
import type { Clock } from '../../shared/clock.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import type { Leases } from '../../scheduler/index.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import type { Books } from '../books.ts';
import type { Codebook } from '../codebook.ts';
import { programmes } from '../codebook-store.ts';
import type { Place } from '../desk-store.ts';
import { createEngineThread } from './engine-thread.ts';
import { createLearning, type Programme } from './learning.ts';
import { taught } from './material.ts';
import { modelAt, models, type EngineModel } from './model-store.ts';
import * as opinions from './opinion-store.ts';
import { suggestionsOf } from './rules.ts';

export interface OpinionsDeps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  leases: Leases;
  books: Books;
  audit: Audit<Tx>;
  /** The folder with a folder for each programme. */
  lexicon: string;
}

export type Opinions = ReturnType<typeof createOpinions>;

const EVERY_MS = 2000;
const PART = 100;
const HISTORY = 30;

/** What the engine makes of the answers: it reads them as they arrive, and learns from what people code. */
export function createOpinions(deps: OpinionsDeps) {
  const { storage, logger, books, audit } = deps;
  const thread = createEngineThread();
  const learning = createLearning({ ...deps, thread });
  const background = createBackground(deps, workOn);

  async function workOn(programme: Programme, stopping: () => boolean): Promise<void> {
    const book = await books.of(storage.read, programme.id);
    if (!book || taught(book).length < 2) return;
    // Nothing is learned, and no thread started, before there is an answer.
    if ((await opinions.sample(storage.read, programme.id, -1, 1)).length === 0) return;
    const inUse = await learning.current(programme, book);
    if (!inUse || stopping()) return;
    const model = await learning.learnMore(programme, book, inUse);
    while (!stopping() && (await readSome(programme, book, model)));
  }

  /** Reads some of what the model has not read. False where there is nothing left. */
  async function readSome(programme: Programme, book: Codebook, model: EngineModel): Promise<boolean> {
    const unread = await opinions.unread(storage.read, programme.id, model.turn, PART);
    if (unread.length === 0) return false;
    const name = await learning.recall(programme, book, model);
    const words = await opinions.wordsOf(storage.read, [...new Set(unread.map(({ responseId }) => responseId))]);
    const answers = unread.map((each) => {
      const written = words.get(opinions.placeKey(each));
      return { text: written?.text ?? '', lang: written?.language };
    });
    const judged = await thread.read(name, answers);
    await storage.transaction(async (tx) => {
      for (const [i, each] of unread.entries()) {
        const judgement = judged[i];
        if (judgement) await opinions.keepOpinion(tx, each, { turn: model.turn, ...judgement });
      }
    });
    return unread.length === PART;
  }

  return {
    start: background.start,
    async stop() {
      background.halt();
      await thread.stop();
      await background.ended();
    },
    /** Reads and learns all that can be now. */
    work: background.work,
    suggestions: async (place: Place, book: Codebook) =>
      suggestionsOf(await opinions.opinionOn(storage.read, place), book),
    /** What was learned when, the newest first. */
    models: (programmeId: string) => models(storage.read, programmeId, HISTORY),
    /** Goes back to what was known at an earlier turn. Throws NotFound, and Conflict where that one is in use. */
    async goBack(actor: Actor, programmeId: string, turn: number): Promise<void> {
      const programme = (await programmes(storage.read)).find(({ id }) => id === programmeId);
      const book = programme && (await books.of(storage.read, programmeId));
      const earlier = Number.isSafeInteger(turn) ? await modelAt(storage.read, programmeId, turn) : undefined;
      if (!programme || !book || !earlier) throw new NotFound();
      if (earlier.state === 'in_use') throw new Conflict('coding.engine.inUse');
      const { learnedUntil, figures } = earlier;
      const wanted = { learnedUntil, compared: figures.compared, accountId: accountOf(actor) };
      const made = await learning.make(programme, book, { ...wanted, state: 'in_use' });
      if (!made) throw new Conflict('coding.engine.meanwhile');
      const subject = { kind: 'programme', id: programmeId };
      await storage.transaction((tx) => audit(tx, actor, 'coding.engine_back', subject, { turn }));
      logger.info({ turn }, 'the engine went back');
    },
  };
}

type WorkOn = (programme: Programme, stopping: () => boolean) => Promise<void>;

/** Looks every two seconds whether there is something to read; on one process at a time. */
function createBackground({ storage, leases, logger }: OpinionsDeps, workOn: WorkOn) {
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  async function work(): Promise<void> {
    stopping = false;
    const lease = await leases.take('coding.engine');
    if (!lease) return;
    try {
      for (const programme of await programmes(storage.read)) {
        if (stopping || !(await lease.keep())) return;
        await workOn(programme, () => stopping);
      }
    } finally {
      await lease.end();
    }
  }

  const turn = async () => {
    await work().catch((error: Error) => {
      if (!stopping) logger.error({ error: error.message }, 'the engine could not go on');
    });
    running = undefined;
  };

  return {
    work,
    start() {
      timer = setInterval(() => void (running ??= turn()), EVERY_MS);
      timer.unref();
    },
    halt() {
      stopping = true;
      clearInterval(timer);
    },
    ended: async () => running,
  };
}
