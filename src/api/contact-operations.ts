import { z } from 'zod';
import { WAYS_TO_TELL, type Customers } from '../customers/index.ts';
import type { Invitations } from '../invitations/index.ts';
import type { Storage } from '../storage/index.ts';
import { about } from './errors.ts';
import { idParams, listOf, operation, paging, type Operation } from './operation.ts';

const standingSchema = z.object({
  /** Since when nothing but letters about a matter of theirs goes to them. */
  unsubscribedAt: z.string().nullable(),
  refusals: z.array(z.object({ topic: z.enum(['surveys', 'greetings']), since: z.string(), how: z.string() })),
  /** What was sent to them, counted or not, the newest first, at most 50. */
  contacts: z.array(z.object({ kind: z.string(), at: z.string() })),
});

const lineSchema = z.object({
  id: z.string(),
  /** A timestamp, or a plain date for what has no time of day. */
  at: z.string(),
  kind: z.string(),
  accountId: z.uuid().nullable(),
  subjectId: z.string().nullable(),
  detail: z.record(z.string(), z.union([z.string(), z.number()])),
});

const how = z.enum(WAYS_TO_TELL);
const MOST_CONTACTS = 50;

interface Deps {
  customers: Customers;
  invitations: Pick<Invitations, 'contacts'>;
  storage: Storage;
}

/** What happened with a customer, what was sent to them, and whether they want it. */
export function contactOperations({ customers, invitations, storage }: Deps): Operation[] {
  async function standing(id: string): Promise<z.input<typeof standingSchema>> {
    const { unsubscribedAt } = await customers.get(id);
    const sent = await invitations.contacts.ofCustomer(storage.read, id, MOST_CONTACTS);
    const contacts = sent.map(({ kind, at }) => ({ kind, at }));
    return { unsubscribedAt, refusals: await customers.refusals(id), contacts };
  }

  return [
    operation({
      method: 'get',
      path: '/customers/{id}/timeline',
      summary: 'What happened with a customer, the newest first, with purchases, invoices and dealings',
      role: 'staff',
      params: idParams,
      query: z.object(paging),
      response: listOf(lineSchema),
      async run({ params, query: { cursor, limit } }) {
        const { id } = await customers.get(params.id);
        const { rows, next } = await customers.timeline(id, cursor ?? null, limit);
        return { items: rows, next };
      },
    }),
    operation({
      method: 'get',
      path: '/customers/{id}/contacts',
      summary: 'What was sent to a customer, and what they want no more of',
      role: 'staff',
      params: idParams,
      response: standingSchema,
      run: ({ params }) => standing(params.id),
    }),
    operation({
      method: 'post',
      path: '/customers/{id}/opt-out',
      summary: 'They asked us to stop writing; twice is harmless',
      role: 'staff',
      params: idParams,
      body: z.object({ how }),
      response: standingSchema,
      async run({ params, body }, { actor }) {
        await customers.unsubscribeByHand(actor, params.id, body.how);
        return await standing(params.id);
      },
    }),
    operation({
      method: 'post',
      path: '/customers/{id}/opt-in',
      summary: 'They want to hear from us again: how they said so, and why',
      role: 'staff',
      params: idParams,
      body: z.object({ how, reason: z.string().trim().min(1).max(500) }),
      response: standingSchema,
      async run({ params, body }, { actor }) {
        await about('id', customers.resubscribeByHand(actor, params.id, body));
        return await standing(params.id);
      },
    }),
  ];
}
