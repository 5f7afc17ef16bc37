import { timestamp, type Clock } from '../../shared/clock.ts';
import { othersFirst } from '../../shared/others-first.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import type { Codebook } from '../codebook.ts';
import { replaceChances, type MainChances } from '../main-store.ts';
import type { Mains } from '../mains.ts';
import { chunks, lockResponses, subjectsOf, type Subject } from '../store.ts';
import { tasksOfSome } from '../task-store.ts';
import type { Asked, EngineThread, Judgement } from './engine-thread.ts';
import type { Learning, Programme } from './learning.ts';
import type { EngineModel } from './model-store.ts';
import { keepOpinion, placeKey, unread, wordsOf, type Unread } from './opinion-store.ts';
import type { Questions } from './questions.ts';

interface Deps {
  storage: Storage;
  clock: Clock;
  mains: Mains;
  thread: EngineThread;
  questions: Questions;
  learning: Learning;
}

/** So many answers are read at a time. */
const PART = 40;
/** So many in one transaction: whoever answers or codes at the same time hardly waits. */
const KEPT_AT_ONCE = 4;

interface Read {
  answer: Unread;
  judgement: Judgement;
}

/** Has answers read by a model, and keeps what it makes of them. */
export function createReading({ storage, clock, mains, thread, questions, learning }: Deps) {
  async function asked(some: Unread[], subjects: ReadonlyMap<string, Subject>): Promise<Asked[]> {
    const words = await wordsOf(storage.read, [...subjects.keys()]);
    const groupOf = async ({ responseId, questionKey }: Unread) =>
      await questions.groupAt(subjects.get(responseId)?.versionId ?? '', questionKey);
    const all: Asked[] = [];
    for (const each of some) {
      const place = placeKey(each);
      const written = words.get(place);
      all.push({ text: written?.text ?? '', lang: written?.language, place, group: await groupOf(each) });
    }
    return all;
  }

  async function keep(turn: number, read: Read[], all: ReadonlyMap<string, Subject>): Promise<void> {
    const subjects = new Map(
      read.flatMap(({ answer: { responseId } }) => all.get(responseId) ?? []).map((each) => [each.id, each]),
    );
    const alike = await withoutGroups([...subjects.values()]);
    await storage.backgroundTransaction(async (tx) => {
      const at = timestamp(clock);
      await lockResponses(tx, [...subjects.keys()], at);
      const kept = [];
      for (const each of read) if (await keepOpinion(tx, each.answer, { turn, ...each.judgement })) kept.push(each);
      const chances = (await chancesOf(tx, kept)).filter(({ responseId }) => alike.has(responseId));
      await replaceChances(tx, chances);
      const changed = chances.map(({ responseId }) => subjects.get(responseId)).filter((each) => each !== undefined);
      await mains.refreshChanged(tx, changed, at);
    });
  }

  /** The responses to questionnaires whose questions all ask for the same: of these one reason is the main one. */
  async function withoutGroups(subjects: Subject[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const { id, versionId } of subjects) if (!(await questions.hasGroups(versionId))) found.add(id);
    return found;
  }

  return {
    /** Reads some of what the model has not read. False where there is nothing left. */
    async readSome(programme: Programme, book: Codebook, model: EngineModel): Promise<boolean> {
      const some = await unread(storage.read, programme.id, model.turn, PART);
      if (some.length === 0) return false;
      const ids = [...new Set(some.map(({ responseId }) => responseId))];
      const subjects = new Map((await subjectsOf(storage.read, ids)).map((each) => [each.id, each]));
      const answers = await asked(some, subjects);
      const name = await learning.recall(
        programme,
        book,
        model,
        answers.map(({ group }) => group),
      );
      const judged = await thread.read(name, answers);
      const read = some.flatMap((answer, i) => (judged[i] ? [{ answer, judgement: judged[i] }] : []));
      for (const few of chunks(read, KEPT_AT_ONCE)) {
        await keep(model.turn, few, subjects);
        await othersFirst();
      }
      return some.length === PART;
    },
  };
}

/** The main reason is asked for by the first coded question of a response. */
async function chancesOf(tx: Tx, read: Read[]): Promise<MainChances[]> {
  const tasks = await tasksOfSome(tx, [...new Set(read.map(({ answer }) => answer.responseId))]);
  const first = new Map<string, string>();
  for (const { response_id: id, question_key: key } of tasks) {
    if (key < (first.get(id) ?? '\uffff')) first.set(id, key);
  }
  return read
    .filter(({ answer }) => first.get(answer.responseId) === answer.questionKey)
    .map(({ answer, judgement }) => ({ responseId: answer.responseId, chances: judgement.mains }));
}
