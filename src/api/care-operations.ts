import { z } from 'zod';
import type { Customers } from '../customers/index.ts';
import type { Loyalty } from '../loyalty/index.ts';
import { COMMENT_VIEWS, type Recovery } from '../recovery/index.ts';
import type { Storage } from '../storage/index.ts';
import { idParams, listOf, operation, paging, type Operation } from './operation.ts';

const givenSchema = z.object({
  id: z.uuid(),
  offerId: z.uuid(),
  customerId: z.uuid(),
  caseId: z.uuid().nullable(),
  state: z.enum(['waiting', 'refused', 'given', 'redeemed', 'expired', 'taken_back']),
  code: z.string(),
  costMinor: z.int(),
  givenAt: z.string(),
  validUntil: z.string(),
  redeemedOn: z.string().nullable(),
});

const commentSchema = z.object({
  id: z.uuid(),
  kind: z.string(),
  state: z.string(),
  words: z.string(),
  language: z.string(),
  customerId: z.uuid().nullable(),
  caseId: z.uuid().nullable(),
  createdAt: z.string(),
});

const referenceSchema = z.object({
  customerId: z.uuid(),
  since: z.string(),
  /** How often a year they may be asked. */
  aYear: z.int(),
  way: z.enum(['telephone', 'mail']),
  /** What they can speak of. */
  topics: z.string(),
  /** In the last twelve months. */
  uses: z.array(z.object({ at: z.string() })),
});

interface Deps {
  recovery: Pick<Recovery, 'offers' | 'comments'>;
  loyalty: Pick<Loyalty, 'trust'>;
  customers: Customers;
  storage: Storage;
}

/** Offers that customers were given, what was said on the public page, and who speaks for the business. */
export function careOperations({ recovery, loyalty, customers, storage }: Deps): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/customers/{id}/offers',
      summary: 'What a customer was given, the newest first',
      role: 'staff',
      params: idParams,
      response: z.object({ items: z.array(givenSchema) }),
      async run({ params }) {
        const { id } = await customers.get(params.id);
        return { items: await recovery.offers.ofCustomer(storage.read, id) };
      },
    }),
    operation({
      method: 'get',
      path: '/references',
      summary: 'Customers who have agreed to be asked about the business, and how often they were',
      role: 'staff',
      query: z.object({ cursor: paging.cursor }),
      response: listOf(referenceSchema),
      async run({ query }) {
        const { rows, next } = await loyalty.trust.references(query.cursor ?? null);
        return {
          items: rows.map(({ customer_id: customerId, since, a_year: aYear, way, topics, uses }) => ({
            ...{ customerId, since, aYear, way, topics },
            uses: uses.map(({ at }) => ({ at })),
          })),
          next,
        };
      },
    }),
    operation({
      method: 'get',
      path: '/comments',
      summary: 'What was said on the public page, word for word, the newest first',
      role: 'staff',
      query: z.object({ cursor: paging.cursor, view: z.enum(COMMENT_VIEWS) }),
      response: listOf(commentSchema),
      async run({ query }) {
        const { rows, next } = await recovery.comments.list(query.view, query.cursor ?? null);
        return {
          items: rows.map((row) => ({
            id: row.id,
            kind: row.kind,
            state: row.state,
            words: row.words,
            language: row.language,
            customerId: row.customer_id,
            caseId: row.case_id,
            createdAt: row.created_at,
          })),
          next,
        };
      },
    }),
  ];
}
