import { z } from 'zod';
import type { Recovery } from '../recovery/index.ts';
import type { Storage } from '../storage/index.ts';
import { idParams, operation, type Operation } from './operation.ts';

interface Deps {
  recovery: Pick<Recovery, 'cases' | 'caseLists' | 'payment'>;
  storage: Storage;
}

const remedySchema = z.object({
  id: z.uuid(),
  kind: z.string(),
  what: z.string(),
  /** Minor units; 0 where it costs nothing that is counted. */
  amountMinor: z.int(),
  state: z.enum(['proposed', 'approved', 'declined', 'given', 'withdrawn']),
  fromCustomer: z.boolean(),
  proposedAt: z.string(),
  givenAt: z.string().nullable(),
});

const planSchema = z.object({
  id: z.uuid(),
  state: z.string(),
  totalMinor: z.int(),
  rhythm: z.string(),
  byCustomer: z.boolean(),
  instalments: z.array(
    z.object({ number: z.int(), dueOn: z.string(), amountMinor: z.int(), paidOn: z.string().nullable() }),
  ),
});

/** What belongs to a case beside its steps. */
export function casePartOperations({ recovery, storage }: Deps): Operation[] {
  const { cases, caseLists, payment } = recovery;
  return [
    operation({
      method: 'get',
      path: '/cases/{id}/remedies',
      summary: 'What was offered and given to make good a case, in the order in which it was offered',
      role: 'staff',
      params: idParams,
      response: z.object({ items: z.array(remedySchema) }),
      async run({ params }) {
        const { id } = await cases.get(params.id);
        const found = await caseLists.remedies(id);
        return {
          items: found.map((row) => ({
            id: row.id,
            kind: row.kind,
            what: row.what,
            amountMinor: Number(row.amount_minor),
            state: row.state,
            fromCustomer: row.from_customer === 1,
            proposedAt: row.proposed_at,
            givenAt: row.given_at,
          })),
        };
      },
    }),
    operation({
      method: 'get',
      path: '/cases/{id}/plans',
      summary: 'Payment plans that were spoken of in a case, the newest first',
      role: 'staff',
      params: idParams,
      response: z.object({ items: z.array(planSchema) }),
      async run({ params }) {
        const { id } = await cases.get(params.id);
        const found = await payment.plans.ofCase(storage.read, id);
        return {
          items: found.map(({ plan, instalments }) => ({
            id: plan.id,
            state: plan.state,
            totalMinor: Number(plan.total_minor),
            rhythm: plan.rhythm,
            byCustomer: plan.by_customer === 1,
            instalments: instalments.map((each) => ({
              number: each.number,
              dueOn: each.due_on,
              amountMinor: Number(each.amount_minor),
              paidOn: each.paid_on,
            })),
          })),
        };
      },
    }),
  ];
}
