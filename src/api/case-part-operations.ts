import { z } from 'zod';
import { PLAN_STATES, type Recovery, type WholePlan } from '../recovery/index.ts';
import type { Storage } from '../storage/index.ts';
import { idParams, operation, type Operation } from './operation.ts';

interface Deps {
  recovery: Pick<Recovery, 'cases' | 'caseLists' | 'payment'>;
  storage: Storage;
}

export const remedySchema = z.object({
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

type RemedyRow = Awaited<ReturnType<Recovery['caseLists']['remedies']>>[number];

export const remedyJson = (row: RemedyRow): z.input<typeof remedySchema> => ({
  id: row.id,
  kind: row.kind,
  what: row.what,
  amountMinor: Number(row.amount_minor),
  state: row.state,
  fromCustomer: row.from_customer === 1,
  proposedAt: row.proposed_at,
  givenAt: row.given_at,
});

export const planSchema = z.object({
  id: z.uuid(),
  caseId: z.uuid(),
  customerId: z.uuid(),
  state: z.enum(PLAN_STATES),
  totalMinor: z.int(),
  rhythm: z.string(),
  byCustomer: z.boolean(),
  instalments: z.array(
    z.object({
      number: z.int(),
      dueOn: z.string(),
      amountMinor: z.int(),
      paidOn: z.string().nullable(),
      /** When it was found that it has not come. */
      missedAt: z.string().nullable(),
    }),
  ),
  proposedAt: z.string(),
  decidedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** Why it was declined, or does not go on. */
  reason: z.string(),
});

export const planJson = ({ plan, instalments }: WholePlan): z.input<typeof planSchema> => ({
  id: plan.id,
  caseId: plan.case_id,
  customerId: plan.customer_id,
  state: plan.state,
  totalMinor: Number(plan.total_minor),
  rhythm: plan.rhythm,
  byCustomer: plan.by_customer === 1,
  instalments: instalments.map((each) => ({
    number: each.number,
    dueOn: each.due_on,
    amountMinor: Number(each.amount_minor),
    paidOn: each.paid_on,
    missedAt: each.missed_at,
  })),
  proposedAt: plan.proposed_at,
  decidedAt: plan.decided_at,
  endedAt: plan.ended_at,
  reason: plan.reason,
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
        return { items: found.map(remedyJson) };
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
        return { items: found.map(planJson) };
      },
    }),
  ];
}
