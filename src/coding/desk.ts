import type { Clock } from '../shared/clock.ts';
import { Invalid, NotFound } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import type { Definition } from '../questionnaires/index.ts';
import type { Response, StoredAnswer } from '../responses/index.ts';
import { page, type Db, type Page, type Storage } from '../storage/index.ts';
import { headOfAudit, headOfLearn } from './auditing/audit-store.ts';
import { countDoubles, headOfSecond } from './auditing/double-lists-store.ts';
import { doubleAt, type Said } from './auditing/double-store.ts';
import type { Books } from './books.ts';
import type { Codebook } from './codebook.ts';
import { programmes } from './codebook-store.ts';
import { createCounts } from './counts.ts';
import * as rows from './desk-store.ts';
import { createPresence } from './presence.ts';
import type { Coding } from './rules.ts';
import { currentOf } from './store.ts';
import type { TaskRow } from './task-store.ts';
import { groupOf } from './words-views.ts';

export type { Place } from './desk-store.ts';

/** Where an answer waits: for anybody, put aside, for the random audit, to teach the engine, for a second person. */
export type Queue = 'open' | 'skipped' | 'audit' | 'learn' | 'second';
export type Order = 'oldest' | 'worth';
/** How an answer is looked at: as in its queue, or because two people gave it different codes. */
export type Way = Queue | 'mine' | 'settle';

/** Whoever codes this way is shown nothing that might sway them. */
export const isUnswayed = (way: Way): boolean => way === 'audit' || way === 'second' || way === 'settle';

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
  /** All that stand on the response, whoever gave them; none where whoever codes is to be unswayed. */
  codings: Coding[];
  customerSince: string | null;
  /** None either where whoever codes is to be unswayed. */
  suggestions: Suggestion[];
  unswayed: boolean;
  /** What two people gave, where they differ and that is to be settled. */
  opinions: Said[];
}

interface DeskDeps {
  storage: Storage;
  clock: Clock;
  books: Books;
  /** Throws NotFound. */
  story(responseId: string): Promise<{ response: Response; answers: Map<string, StoredAnswer> }>;
  definitionOf(versionId: string): Promise<Definition | undefined>;
  suggestions(place: rows.Place, book: Codebook, group: string | null): Promise<Suggestion[]>;
}

interface Wanted {
  queue: Queue;
  order: Order;
  codeId: string | null;
}

const CANDIDATES = 20;
const RANKED_UP_TO = 1000;
const RANK_MINUTES = 10;
const PAGE = 30;
const EXPORT_AT_ONCE = 200;

export function createDesk({ storage, clock, books, story, definitionOf, suggestions }: DeskDeps) {
  const presence = createPresence(clock);
  const ranked = new Map<string, { revision: number; order: Map<string, number>; until: number }>();
  const inMinutes = (minutes: number) => clock.now().getTime() + minutes * 60_000;

  async function headOf(programmeId: string, accountId: string, { queue, order, codeId }: Wanted) {
    const { read } = storage;
    if (queue === 'learn') return await headOfLearn(read, programmeId, CANDIDATES);
    if (queue === 'second') return await headOfSecond(read, programmeId, accountId, CANDIDATES);
    if (queue === 'audit') {
      const fresh = await headOfAudit(read, programmeId, false, CANDIDATES);
      return fresh.length > 0 ? fresh : await headOfAudit(read, programmeId, true, CANDIDATES);
    }
    const which = { skipped: queue === 'skipped', codeId, byWorth: order === 'worth' };
    return await rows.headOfQueue(read, programmeId, which, CANDIDATES);
  }

  async function opinionsOn(place: rows.Place): Promise<Said[]> {
    const found = await doubleAt(storage.read, place);
    return found?.state === 'differing' && found.second ? [found.first, found.second] : [];
  }

  return {
    /** Every programme, with the id of its codebook where it has one; inside a transaction pass it on as `db`. */
    programmes: (db: Db = storage.read) => programmes(db),
    book: (programmeId: string) => books.of(storage.read, programmeId),

    /** The next answer of a queue for this colleague, or undefined when there is none. */
    async next(programmeId: string, accountId: string, wanted: Wanted): Promise<rows.Place | undefined> {
      return presence.free(accountId, await headOf(programmeId, accountId, wanted));
    },

    /** An answer with its surroundings; from now on it is before this colleague. Throws NotFound. */
    async item(place: rows.Place, accountId: string, way: Way): Promise<DeskItem> {
      const task = isId(place.responseId) ? await rows.taskAt(storage.read, place) : undefined;
      const book = task && (await books.of(storage.read, task.programme_id));
      if (!task || !book) throw new NotFound();
      const { response, answers } = await story(place.responseId);
      const definition = await definitionOf(response.versionId);
      if (!definition) throw new NotFound();
      presence.hold(accountId, place);
      const unswayed = isUnswayed(way);
      const group = groupOf(definition, place.questionKey) ?? null;
      return {
        task,
        response,
        answers,
        definition,
        book,
        unswayed,
        codings: unswayed ? [] : await currentOf(storage.read, response.id),
        customerSince: await rows.customerSince(storage.read, response.customerId),
        suggestions: unswayed ? [] : await suggestions(place, book, group),
        opinions: way === 'settle' ? await opinionsOn(place) : [],
      };
    },

    counts: createCounts(storage, clock),
    /** Answers for two people: waiting for this colleague, waiting for anybody, and where two differ. */
    doubles: (programmeId: string, accountId: string) => countDoubles(storage.read, programmeId, accountId),

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
