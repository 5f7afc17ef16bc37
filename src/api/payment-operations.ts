import { z } from 'zod';
import {
  LEAST_INSTALMENTS,
  MOST_INSTALMENTS,
  PLAN_STATES,
  RHYTHMS,
  type Recovery,
  type RecoveryCase,
  type WholePlan,
} from '../recovery/index.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import type { Storage } from '../storage/index.ts';
import { planJson, planSchema } from './case-part-operations.ts';
import { laterDay, type Days } from './days.ts';
import { about } from './errors.ts';
import { idParams, listOf, operation, paging, type Caller, type Operation } from './operation.ts';

const planParams = idParams.extend({ planId: z.uuid() });
const reason = z.string().trim().min(1).max(300);

const planBody = z.object({
  totalMinor: z.int().min(1).max(1_000_000_000_000),
  instalments: z.int().min(LEAST_INSTALMENTS).max(MOST_INSTALMENTS),
  rhythm: z.enum(RHYTHMS),
  /** A plain date, today or later. */
  firstOn: z.string(),
  /** The customer has said yes already; otherwise they are asked on their page. */
  agreed: z.boolean().default(false),
});

interface Deps extends Days {
  recovery: Pick<Recovery, 'cases' | 'payment'>;
  storage: Storage;
}

/** Payment plans: suggested, agreed, and what has come of them. */
export function paymentOperations(deps: Deps): Operation[] {
  const { payment } = deps.recovery;
  return [
    operation({
      method: 'get',
      path: '/payment-plans',
      summary: 'Payment plans with their instalments, the newest first',
      role: 'staff',
      query: z.object({
        ...paging,
        state: z.enum(PLAN_STATES).optional(),
        customerId: z.uuid().optional(),
        caseId: z.uuid().optional(),
      }),
      response: listOf(planSchema),
      async run({ query: { cursor, limit, ...filter } }) {
        const { rows, next } = await payment.listPlans(filter, cursor ?? null, limit);
        return { items: rows.map(planJson), next };
      },
    }),
    operation({
      method: 'post',
      path: '/cases/{id}/plans',
      summary:
        'Suggest a payment plan in a payment difficulty, in place of what was suggested before, or note one that is agreed; within the limits of the role, and the same again is that one',
      role: 'staff',
      params: idParams,
      body: planBody,
      response: planSchema.extend({ fresh: z.boolean() }),
      status: 201,
      run: ({ params, body }, caller) => propose(deps, params.id, body, caller),
    }),
    ...decisions(deps),
    ...instalments(deps),
  ];
}

function decisions(deps: Deps): Operation[] {
  const { plans } = deps.recovery.payment;
  return [
    operation({
      method: 'post',
      path: '/cases/{id}/plans/{planId}/agreement',
      summary: 'Agree to what the customer suggests, within the limits of the role',
      role: 'staff',
      params: planParams,
      response: planSchema,
      async run({ params: { id, planId } }, caller) {
        const { plan } = await planOf(deps, id, planId);
        await about('planId', plans.agree(caller, id, planId, plan.revision));
        return planJson(await planOf(deps, id, planId));
      },
    }),
    ...(['refusal', 'ending'] as const).map((verb) =>
      operation({
        method: 'post',
        path: `/cases/{id}/plans/{planId}/${verb}`,
        summary: verb === 'refusal' ? 'Decline what was suggested, and why' : 'End an agreed plan, and why',
        role: 'staff',
        params: planParams,
        body: z.object({ reason }),
        response: planSchema,
        async run({ params: { id, planId }, body }, { actor }) {
          const { plan } = await planOf(deps, id, planId);
          const act = verb === 'refusal' ? plans.decline : plans.end;
          await about('planId', act(actor, id, planId, plan.revision, body.reason));
          return planJson(await planOf(deps, id, planId));
        },
      }),
    ),
  ];
}

function instalments(deps: Deps): Operation[] {
  const { plans } = deps.recovery.payment;
  const params = planParams.extend({ number: z.coerce.number().int().min(1).max(MOST_INSTALMENTS) });
  return (['payment', 'no-payment'] as const).map((verb) =>
    operation({
      method: 'post',
      path: `/cases/{id}/plans/{planId}/instalments/{number}/${verb}`,
      summary:
        verb === 'payment'
          ? 'An instalment has come; one that has not come in time is found without being told'
          : 'An instalment that was noted has not come after all, such as a debit that went back',
      role: 'staff',
      params,
      response: planSchema,
      async run({ params: { id, planId, number } }, { actor }) {
        const { instalments: all } = await planOf(deps, id, planId);
        if (!all.some((each) => each.number === number)) throw new NotFound();
        const act = verb === 'payment' ? plans.notePaid : plans.takePaidBack;
        await about('number', act(actor, id, planId, number));
        return planJson(await planOf(deps, id, planId));
      },
    }),
  );
}

/** @throws NotFound unless it is about what a customer owes */
export async function owingCase(
  { recovery }: { recovery: Pick<Recovery, 'cases'> },
  id: string,
): Promise<RecoveryCase> {
  const theCase = await recovery.cases.get(id);
  if (theCase.kind !== 'payment_difficulty' || theCase.customerId === null) throw new NotFound();
  return theCase;
}

async function planOf(deps: Deps, caseId: string, planId: string): Promise<WholePlan> {
  await owingCase(deps, caseId);
  const all = await deps.recovery.payment.plans.ofCase(deps.storage.read, caseId);
  const found = all.find(({ plan }) => plan.id === planId);
  if (!found) throw new NotFound();
  return found;
}

async function propose(deps: Deps, caseId: string, body: z.infer<typeof planBody>, { actor, role }: Caller) {
  const { plans } = deps.recovery.payment;
  const theCase = await owingCase(deps, caseId);
  await laterDay(deps, 'firstOn', body.firstOn);
  const same = async () => (await plans.ofCase(deps.storage.read, caseId)).find((each) => isThat(each, body));
  const before = await same();
  if (before) return { ...planJson(before), fresh: false };
  const { agreed, ...terms } = body;
  try {
    await plans.propose({ actor, role }, theCase, terms, agreed);
  } catch (error) {
    // Somebody sent the very same at the same moment.
    const meanwhile = error instanceof Conflict ? await same() : undefined;
    if (meanwhile) return { ...planJson(meanwhile), fresh: false };
    return await about('totalMinor', Promise.reject(error as Error));
  }
  const made = await same();
  if (!made) throw new Conflict('error.changed');
  return { ...planJson(made), fresh: true };
}

function isThat({ plan }: WholePlan, wanted: z.infer<typeof planBody>): boolean {
  const stands = wanted.agreed ? plan.state === 'agreed' : plan.state === 'proposed' && plan.by_customer === 0;
  const sum = Number(plan.total_minor) === wanted.totalMinor && plan.instalments === wanted.instalments;
  return stands && sum && plan.rhythm === wanted.rhythm && plan.first_on === wanted.firstOn;
}
