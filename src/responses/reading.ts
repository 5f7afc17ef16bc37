import { Invalid, NotFound } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { page, type Page, type Storage } from '../storage/index.ts';
import * as lists from './list-store.ts';
import { copiesOf, findEntry } from './copy-store.ts';
import type { Copy, Entry, Response, Revision, StoredAnswer } from './response.ts';
import { revisionsOf } from './store.ts';

export interface WholeStory {
  response: Response;
  answers: Map<string, StoredAnswer>;
  /** Oldest first within each page. */
  revisions: Revision[];
  /** Undefined where the respondent answered without a colleague. */
  entry: Entry | undefined;
  /** Other answers to the same invitation, which do not count. */
  copies: Copy[];
}

export interface Reading {
  /** Complete responses in the order of their arrival; `cursor` is the `next` of the part before. */
  list(filter: lists.ListFilter, cursor?: string | null, limit?: number): Promise<Page<Response>>;
  /** The same, each page with its answers by response id and page key. */
  listWithAnswers(
    filter: lists.ListFilter,
    cursor: string | null,
    limit: number,
  ): Promise<Page<Response> & { answers: Map<string, Map<string, StoredAnswer>> }>;
  /** One response with all that was ever answered. Throws NotFound. */
  get(id: string): Promise<WholeStory>;
  findByReference(reference: string): Promise<Response | undefined>;
  /** Every complete response with its answers, for exports of any length. */
  each(filter: lists.ListFilter): AsyncGenerator<{ response: Response; answers: Map<string, StoredAnswer> }>;
}

const LIMIT = 100;
const BATCH = 500;

export function createReading({ read }: Pick<Storage, 'read'>): Reading {
  async function list(filter: lists.ListFilter, cursor: string | null = null, limit = LIMIT): Promise<Page<Response>> {
    const found = await lists.listComplete(read, filter, cursor === null ? null : readCursor(cursor), limit + 1);
    return page(found, limit, ({ submittedAt, id }) => Buffer.from(`${submittedAt} ${id}`).toString('base64url'));
  }

  async function answersOf(ids: string[]): Promise<Map<string, Map<string, StoredAnswer>>> {
    const all = new Map<string, Map<string, StoredAnswer>>();
    for (let i = 0; i < ids.length; i += BATCH) {
      for (const [id, answers] of await lists.answersOfSome(read, ids.slice(i, i + BATCH))) all.set(id, answers);
    }
    return all;
  }

  return {
    list,
    async listWithAnswers(filter, cursor, limit) {
      const found = await list(filter, cursor, limit);
      const answers = await answersOf(found.rows.map(({ id }) => id));
      return { ...found, answers };
    },
    findByReference: (reference) => lists.responseByReference(read, reference),
    async get(id) {
      const response = isId(id) ? await lists.responseById(read, id) : undefined;
      if (!response) throw new NotFound();
      const [answers, revisions, entered, copies] = await Promise.all([
        answersOf([id]),
        revisionsOf(read, id),
        findEntry(read, id),
        copiesOf(read, id),
      ]);
      const entry = entered && { by: entered.entered_by, at: entered.entered_at, receivedOn: entered.received_on };
      return { response, answers: answers.get(id) ?? new Map<string, StoredAnswer>(), revisions, entry, copies };
    },
    async *each(filter) {
      let cursor: string | null = null;
      do {
        const { rows, next }: Page<Response> = await list(filter, cursor, BATCH);
        const answers = await answersOf(rows.map(({ id }) => id));
        for (const response of rows) yield { response, answers: answers.get(response.id) ?? new Map() };
        cursor = next;
      } while (cursor !== null);
    },
  };
}

function readCursor(cursor: string): { submittedAt: string; id: string } {
  const [submittedAt = '', id] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (!isId(id)) throw new Invalid({ cursor: { key: 'form.invalid' } });
  return { submittedAt, id };
}
