import type { Clock } from '../shared/clock.ts';
import { Invalid, NotFound } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import type { Definition } from '../questionnaires/index.ts';
import type { Response, StoredAnswer } from '../responses/index.ts';
import { page, type Page, type Storage } from '../storage/index.ts';
import type { Books } from './books.ts';
import type { Codebook } from './codebook.ts';
import { programmes } from './codebook-store.ts';
import * as rows from './desk-store.ts';
import { createPresence } from './presence.ts';
import type { Coding } from './rules.ts';
import { currentOf } from './store.ts';
import type { TaskRow } from './task-store.ts';
import { groupOf } from './words-views.ts';

export type Queue = 'open' | 'skipped';
export type Order = 'oldest' | 'worth';

/** What the engine suggests: why, in the customer's words, and how sure it is (0 to 1). */
export interface Suggestion {
  codeId: string;
  why: string;
  probability: number;
}

/** Everything about one answer that is to be coded. */
export interface DeskItem {
  task: TaskRow;
  response: Response;
  answers: Map<string, StoredAnswer>;
  definition: Definition;
  book: Codebook;
  /** All that stand on the response, whoever gave them. */
  codings: Coding[];
  customerSince: string | null;
  suggestions: Suggestion[];
}

export interface DeskDeps {
  storage: Storage;
  clock: Clock;
  books: Books;
  /** Throws NotFound. */
  story(responseId: string): Promise<{ response: Response; answers: Map<string, StoredAnswer> }>;
  definitionOf(versionId: string): Promise<Definition | undefined>;
  suggestions(place: rows.Place, book: Codebook): Promise<Suggestion[]>;
}

export type Desk = ReturnType<typeof createDesk>;

const CANDIDATES = 20;
const RANKED_UP_TO = 1000;
const RANK_MINUTES = 10;
const MANY = 20_000;
const COUNT_MINUTES = 1;
const PAGE = 30;
const EXPORT_AT_ONCE = 200;

export function createDesk({ storage, clock, books, story, definitionOf, suggestions }: DeskDeps) {
  const presence = createPresence(clock);
  const counted = new Map<string, { counts: rows.Counts; until: number }>();
  const ranked = new Map<string, { revision: number; order: Map<string, number>; until: number }>();
  const inMinutes = (minutes: number) => clock.now().getTime() + minutes * 60_000;

  async function countFresh(programmeId: string): Promise<rows.Counts> {
    const counts = await rows.countTasks(storage.read, programmeId);
    const many = counts.open + counts.skipped + counts.coded > MANY;
    counted.set(programmeId, { counts, until: many ? inMinutes(COUNT_MINUTES) : 0 });
    return counts;
  }

  return {
    /** Every programme, with the id of its codebook where it has one. */
    programmes: () => programmes(storage.read),
    book: (programmeId: string) => books.of(storage.read, programmeId),

    /** The next answer of a queue for this colleague, or undefined when there is none. */
    async next(
      programmeId: string,
      accountId: string,
      { queue, order, codeId }: { queue: Queue; order: Order; codeId: string | null },
    ): Promise<rows.Place | undefined> {
      const which = { skipped: queue === 'skipped', codeId, byWorth: order === 'worth' };
      return presence.free(accountId, await rows.headOfQueue(storage.read, programmeId, which, CANDIDATES));
    },

    /** An answer with its surroundings; from now on it is before this colleague. Throws NotFound. */
    async item(place: rows.Place, accountId: string): Promise<DeskItem> {
      const task = isId(place.responseId) ? await rows.taskAt(storage.read, place) : undefined;
      const book = task && (await books.of(storage.read, task.programme_id));
      if (!task || !book) throw new NotFound();
      const { response, answers } = await story(place.responseId);
      const definition = await definitionOf(response.versionId);
      if (!definition) throw new NotFound();
      presence.hold(accountId, place);
      const codings = await currentOf(storage.read, response.id);
      const customerSince = await rows.customerSince(storage.read, response.customerId);
      const suggested = groupOf(definition, place.questionKey) ? [] : await suggestions(place, book);
      return { task, response, answers, definition, book, codings, customerSince, suggestions: suggested };
    },

    /** Exact while there are few; above 20,000 answers counted once a minute. */
    async counts(programmeId: string): Promise<rows.Counts> {
      const known = counted.get(programmeId);
      return known && known.until > clock.now().getTime() ? known.counts : await countFresh(programmeId);
    },

    /** How often each code was given, up to 1,000; kept for ten minutes, so that the keys of the desk stay where they are. */
    async ranking(book: Codebook): Promise<ReadonlyMap<string, number>> {
      const known = ranked.get(book.id);
      if (known && known.revision === book.revision && known.until > clock.now().getTime()) return known.order;
      const order = await rows.usageOf(storage.read, book.id, RANKED_UP_TO);
      ranked.set(book.id, { revision: book.revision, order, until: inMinutes(RANK_MINUTES) });
      return order;
    },

    usage: (book: Codebook) => rows.usageOf(storage.read, book.id, RANKED_UP_TO),

    /** What this colleague coded, latest first. */
    async mine(accountId: string, programmeId: string, cursor: string | null): Promise<Page<rows.CodedPlace>> {
      const [codedAt = '', responseId = ''] = cursor?.split('~') ?? [];
      if (cursor !== null && !isId(responseId)) throw new Invalid({ after: { key: 'form.invalid' } });
      const after = cursor === null ? null : { codedAt, responseId };
      const found = await rows.codedBy(storage.read, { accountId, programmeId }, after, PAGE + 1);
      return page(found, PAGE, (row) => `${row.codedAt}~${row.responseId}`);
    },

    /** Every coding of these responses, part by part, for exports of any length. */
    async *exported(
      responses: AsyncIterable<{ id: string; submittedAt: string | null }>,
    ): AsyncGenerator<rows.ExportRow> {
      let some: { id: string; submittedAt: string | null }[] = [];
      for await (const { id, submittedAt } of responses) {
        some.push({ id, submittedAt });
        if (some.length < EXPORT_AT_ONCE) continue;
        yield* await rows.codingsForExport(storage.read, some);
        some = [];
      }
      if (some.length > 0) yield* await rows.codingsForExport(storage.read, some);
    },
  };
}
