import type { Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import { codedKeys, type AnswerValue, type Definition } from '../questionnaires/index.ts';
import type { Tx } from '../storage/index.ts';
import type { Doubles } from './auditing/doubles.ts';
import type { Inclusion } from './auditing/inclusion.ts';
import type { Books } from './books.ts';
import type { Mains } from './mains.ts';
import type { WorthsOf } from './worths.ts';
import { randomNumberOf, statedCodes, type Coding, type Stated } from './rules.ts';
import * as codings from './store.ts';
import * as tasks from './task-store.ts';
import { forgetWords } from './themes/theme-store.ts';

/** A complete response, as it is told when it arrives and whenever an answer changes afterwards. */
interface Arrival {
  response: {
    id: string;
    customerId: string;
    programmeId: string;
    versionId: string;
    submittedAt: string;
    updatedAt: string;
  };
  definition: Definition;
  /** The answers that stand, by page key. */
  answers: ReadonlyMap<string, AnswerValue>;
}

interface Deps {
  clock: Clock;
  books: Books;
  mains: Mains;
  worths: WorthsOf;
  inclusion: Inclusion;
  doubles: Doubles;
}

/** Puts an answer's words on the desk, notes the respondent's own reasons, and derives the main reason. */
export function createArrivals({ clock, books, mains, worths, inclusion, doubles }: Deps) {
  async function putOnDesk(tx: Tx, { response, definition, answers }: Arrival, current: Coding[], at: string) {
    const wanted = keysWithWords(definition, answers);
    const known = await tasks.tasksOf(tx, response.id);
    const times = await tasks.timesOfWords(tx, response.id);
    const isNew = wanted.some((key) => !known.some((each) => each.question_key === key));
    const worthMinor = isNew ? await worthOf(tx, response.customerId) : 0;
    for (const key of wanted) {
      const answeredAt = latest([times.get(key), times.get(`${key}.probe`)]);
      const task = known.find((each) => each.question_key === key);
      if (!task) await tasks.addTask(tx, newTask(response, key, answeredAt, worthMinor));
      else if (answeredAt !== null && answeredAt !== task.answered_at) {
        await tasks.reopenTask(tx, response.id, key, answeredAt);
        if (task.inclusion !== null) await doubles.reworded(tx, { responseId: response.id, questionKey: key });
      }
    }
    if (known.length > 0) await tasks.forgetNames(tx, response.id);
    if (isNew) await inclusion.arrived(tx, response.programmeId, response.id);
    for (const { question_key: key } of known.filter((task) => !wanted.includes(task.question_key))) {
      await forgetWords(tx, { programmeId: response.programmeId, responseId: response.id, questionKey: key }, at);
      await tasks.removeTask(tx, response.id, key);
      const orphans = current.filter((each) => each.questionKey === key && each.coderKind !== 'respondent');
      await withdraw(tx, orphans, at);
    }
  }

  const worthOf = async (tx: Tx, customerId: string) => (await worths(tx, [customerId])).get(customerId) ?? 0;

  async function noteStated(tx: Tx, responseId: string, wanted: Stated[], current: Coding[], at: string) {
    const before = current.filter((each) => each.coderKind === 'respondent');
    const gone = before.filter((each) => !wanted.some((stated) => isSame(stated, each)));
    const added = wanted.filter((stated) => !before.some((each) => isSame(stated, each)));
    await withdraw(tx, gone, at);
    for (const stated of added) await codings.addStated(tx, responseId, stated, at, newId(clock));
  }

  async function withdraw(tx: Tx, gone: Coding[], at: string) {
    const change = { withdraw: gone.map((each) => each.id), insert: [] };
    await codings.apply(tx, change, { at, by: null, newId: () => newId(clock) });
  }

  return {
    /** Harmless when nothing changed: to be called on arrival and after every later edit, in the same transaction. */
    async onSubmitted(tx: Tx, arrival: Arrival): Promise<void> {
      const { response, definition, answers } = arrival;
      const at = clock.now().toISOString();
      await codings.lockResponses(tx, [response.id], at);
      const current = await codings.currentOf(tx, response.id);
      await putOnDesk(tx, arrival, current, at);
      const book = await books.of(tx, response.programmeId);
      if (book) await noteStated(tx, response.id, statedCodes(definition, answers, book), current, response.updatedAt);
      await mains.refresh(tx, [response], at);
    },
  };
}

/** The coded questions to which there are words, by page key; those of the probe count for its question. */
function keysWithWords(definition: Definition, answers: ReadonlyMap<string, AnswerValue>): string[] {
  const hasWords = (key: string) => {
    const answer = answers.get(key);
    return answer?.kind === 'open' && answer.text.trim() !== '';
  };
  return codedKeys(definition).filter((key) => hasWords(key) || hasWords(`${key}.probe`));
}

function newTask(
  { id, programmeId, submittedAt }: Arrival['response'],
  key: string,
  answeredAt: string | null,
  worthMinor: number,
) {
  const random = randomNumberOf(id, key);
  return { responseId: id, questionKey: key, programmeId, random, answeredAt, worthMinor, at: submittedAt };
}

function latest(times: (string | undefined)[]): string | null {
  return (
    times
      .filter((each) => each !== undefined)
      .sort()
      .at(-1) ?? null
  );
}

const isSame = (stated: Stated, coding: Coding): boolean =>
  stated.questionKey === coding.questionKey && stated.codeId === coding.codeId && stated.isMain === coding.isMain;
