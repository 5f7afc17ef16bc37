import type { Logger } from 'pino';
import { accountOf, type Actor } from '../../shared/actor.ts';
import type { Audit } from '../../shared/audit.ts';
import type { Clock } from '../../shared/clock.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import type { Definition } from '../../questionnaires/index.ts';
import type { Leases } from '../../scheduler/index.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import type { Books } from '../books.ts';
import { offered, type Codebook } from '../codebook.ts';
import { programmes } from '../codebook-store.ts';
import type { Place } from '../desk-store.ts';
import type { Mains } from '../mains.ts';
import { createEngineThread } from './engine-thread.ts';
import type { Group } from './fields.ts';
import { forget } from './kept-store.ts';
import { createLearning, type Programme } from './learning.ts';
import { modelAt, models } from './model-store.ts';
import * as opinions from './opinion-store.ts';
import { createQuestions } from './questions.ts';
import { createReading } from './reading.ts';
import { suggestionsOf } from './rules.ts';

interface OpinionsDeps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  leases: Leases;
  books: Books;
  mains: Mains;
  audit: Audit<Tx>;
  /** The folder of what was written for the product's own codebooks. */
  knowledge: string;
  /** A published version's definition. */
  definitionOf(versionId: string): Promise<Definition | undefined>;
}

const EVERY_MS = 2000;
/** After each failure in a row it waits twice as long, up to so many turns: five minutes. */
const MOST_SKIPPED = 150;
const HISTORY = 30;
const FEWEST_CODES = 2;

/** What the engine makes of the answers: it reads them as they arrive, and learns from what people code. */
export function createOpinions(deps: OpinionsDeps) {
  const { storage, logger, books, audit } = deps;
  const thread = createEngineThread(deps.knowledge);
  const questions = createQuestions(deps.definitionOf);
  const learning = createLearning({ ...deps, thread, questions });
  const reading = createReading({ ...deps, thread, questions, learning });
  const background = createBackground(deps, { isAnythingToDo, workOn });

  /** The codebook, where there are codes to be told apart and an answer to read: before that nothing is learned. */
  async function bookFor({ id }: Programme): Promise<Codebook | undefined> {
    const book = await books.of(storage.read, id);
    if (!book || offered(book).length < FEWEST_CODES) return undefined;
    return (await opinions.sample(storage.read, id, -1, 1)).length > 0 ? book : undefined;
  }

  async function isAnythingToDo(programme: Programme): Promise<boolean> {
    const book = await bookFor(programme);
    if (!book) return false;
    const inUse = await learning.inUse(programme, book);
    if (!inUse || (await learning.isDue(programme, inUse))) return true;
    return (await opinions.unread(storage.read, programme.id, inUse.turn, 1)).length > 0;
  }

  async function workOn(programme: Programme, stopping: () => boolean): Promise<void> {
    const book = await bookFor(programme);
    if (!book) return;
    const inUse = (await learning.inUse(programme, book)) ?? (await learning.begin(programme, book));
    if (!inUse || stopping()) return;
    const isDue = await learning.isDue(programme, inUse);
    const model = isDue ? await learning.learnMore(programme, book, inUse) : inUse;
    while (!stopping() && (await reading.readSome(programme, book, model)));
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
    suggestions: async (place: Place, book: Codebook, group: Group) =>
      suggestionsOf(await opinions.opinionOn(storage.read, place), book, group),
    /**
     * Drops what is kept of what was learned in these programmes, in every process: to be called where answers are erased, in
     * the same transaction. It is learned again from the answers that are left.
     */
    async forget(tx: Tx, programmeIds: string[]): Promise<void> {
      for (const id of [...programmeIds].sort()) await forget(tx, id);
    },
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
      const made = await learning.make(programme, book, wanted);
      if (!made) throw new Conflict('coding.engine.meanwhile');
      const subject = { kind: 'programme', id: programmeId };
      await storage.transaction((tx) => audit(tx, actor, 'coding.engine_back', subject, { turn }));
      logger.info({ turn }, 'the engine went back');
    },
  };
}

interface Work {
  /** Looks without writing anything. */
  isAnythingToDo(programme: Programme): Promise<boolean>;
  workOn(programme: Programme, stopping: () => boolean): Promise<void>;
}

/** Looks every two seconds whether there is something to read; on one process at a time. */
function createBackground({ storage, leases, logger }: OpinionsDeps, { isAnythingToDo, workOn }: Work) {
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let failures = 0;
  let skipped = 0;

  async function waiting(): Promise<Programme[]> {
    const found: Programme[] = [];
    for (const each of await programmes(storage.read)) if (await isAnythingToDo(each)) found.push(each);
    return found;
  }

  async function work(): Promise<void> {
    stopping = false;
    const some = await waiting();
    const lease = some.length > 0 ? await leases.take('coding.engine') : undefined;
    if (!lease) return;
    try {
      for (const programme of some) {
        if (stopping || !(await lease.keep())) return;
        await workOn(programme, () => stopping);
      }
    } finally {
      await lease.end();
    }
  }

  const turn = async () => {
    try {
      await work();
      failures = 0;
    } catch (error) {
      if (!stopping) logger.error({ error: (error as Error).message }, 'the engine could not go on');
      skipped = 0;
      failures++;
    }
    running = undefined;
  };

  /** What failed a moment ago would most likely fail again. */
  const isResting = () => failures > 0 && skipped++ < Math.min(MOST_SKIPPED, 2 ** failures);

  return {
    work,
    start() {
      timer = setInterval(() => {
        if (!running && !isResting()) running = turn();
      }, EVERY_MS);
      timer.unref();
    },
    halt() {
      stopping = true;
      clearInterval(timer);
    },
    ended: async () => running,
  };
}
