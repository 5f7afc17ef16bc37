import { z } from 'zod';
import type { Customers } from '../customers/index.ts';
import type { Loyalty, ReferralRow } from '../loyalty/index.ts';
import type { Recovery } from '../recovery/index.ts';
import type { Storage } from '../storage/index.ts';
import { idParams, listOf, operation, paging, type Operation } from './operation.ts';

const givenState = z.enum(['waiting', 'refused', 'given', 'redeemed', 'expired', 'taken_back']);

export const givenSchema = z.object({
  id: z.uuid(),
  offerId: z.uuid(),
  customerId: z.uuid(),
  caseId: z.uuid().nullable(),
  state: givenState,
  code: z.string(),
  costMinor: z.int(),
  givenAt: z.string(),
  validUntil: z.string(),
  redeemedOn: z.string().nullable(),
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

export const referralSchema = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  namedAt: z.string(),
  outcome: z.enum(['open', 'became_customer', 'nothing']),
  outcomeAt: z.string().nullable(),
  newCustomerId: z.uuid().nullable(),
  thankedAt: z.string().nullable(),
});

export const referralJson = (row: ReferralRow): z.input<typeof referralSchema> => ({
  id: row.id,
  customerId: row.customer_id,
  namedAt: row.named_at,
  outcome: row.outcome,
  outcomeAt: row.outcome_at,
  newCustomerId: row.new_customer_id,
  thankedAt: row.thanked_at,
});

interface Deps {
  recovery: Pick<Recovery, 'offers'>;
  loyalty: Pick<Loyalty, 'trust'>;
  customers: Customers;
  storage: Storage;
}

/** Offers that customers were given, and who speaks for the business. */
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
      path: '/offers/given',
      summary: 'What customers were given and whether they have used it, the newest first',
      role: 'staff',
      query: z.object({
        ...paging,
        customerId: z.uuid().optional(),
        caseId: z.uuid().optional(),
        state: givenState.optional(),
      }),
      response: listOf(givenSchema),
      async run({ query: { cursor, limit, ...filter } }) {
        const { rows, next } = await recovery.offers.allGiven(filter, cursor ?? null, limit);
        return { items: rows, next };
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
            customerId,
            since,
            aYear,
            way,
            topics,
            uses: uses.map(({ at }) => ({ at })),
          })),
          next,
        };
      },
    }),
    operation({
      method: 'get',
      path: '/referrals',
      summary: 'Customers who told others about the business and what came of it, the newest first',
      role: 'staff',
      query: z.object({
        ...paging,
        customerId: z.uuid().optional(),
        outcome: z.enum(['open', 'became_customer', 'nothing']).optional(),
      }),
      response: listOf(referralSchema),
      async run({ query: { cursor, limit, ...filter } }) {
        const { rows, next } = await loyalty.trust.allReferrals(filter, cursor ?? null, limit);
        return { items: rows.map(referralJson), next };
      },
    }),
  ];
}
