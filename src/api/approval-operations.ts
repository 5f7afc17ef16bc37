import { z } from 'zod';
import type { Recovery } from '../recovery/index.ts';
import { listOf, operation, paging, type Operation } from './operation.ts';

const waitingSchema = z.object({
  what: z.enum(['remedy', 'offer', 'answer']),
  /** Of the remedy, of what is to be given, or of the text: it is decided under /cases, /offers/given, /library/answers. */
  id: z.uuid(),
  caseId: z.uuid().nullable(),
  customerId: z.uuid().nullable(),
  /** Of a text: the answer in the library. */
  answerId: z.uuid().nullable(),
  /** Minor units; 0 where it costs nothing that is counted. */
  costMinor: z.int(),
  /** The customer proposes it: anybody may say yes or no. */
  byCustomer: z.boolean(),
  /** Since when. */
  at: z.string(),
});

/** What waits for somebody's yes or no. */
export function approvalOperations({ recovery }: { recovery: Pick<Recovery, 'decisions'> }): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/approvals',
      summary: 'Remedies, offers and texts of the library that wait for a yes or no, longest waiting first',
      role: 'staff',
      query: z.object(paging),
      response: listOf(waitingSchema),
      async run({ query: { cursor, limit } }) {
        const { rows, next } = await recovery.decisions.list(cursor ?? null, limit);
        return { items: rows, next };
      },
    }),
  ];
}
