import { z } from 'zod';
import type { Customers } from '../customers/index.ts';
import { WHY_NOT, type GivenOffer, type Recovery } from '../recovery/index.ts';
import { Conflict } from '../shared/errors.ts';
import type { Storage } from '../storage/index.ts';
import { givenSchema } from './care-operations.ts';
import { about, Unfit } from './errors.ts';
import { idParams, operation, type Caller, type Operation } from './operation.ts';
import { pastDay, type Days } from './days.ts';

export const choiceSchema = z.object({
  offerId: z.uuid(),
  /** By language. */
  name: z.record(z.string(), z.string()),
  kind: z.string(),
  costMinor: z.int(),
  /** What speaks against giving it to them now; null where nothing does. */
  why: z.enum(WHY_NOT).nullable(),
  /** It waits for somebody with more right before they have it. */
  approval: z.boolean(),
});

type Choice = Awaited<ReturnType<Recovery['offers']['choices']>>[number];

export const choiceJson = ({ offer, why, approval }: Choice): z.input<typeof choiceSchema> => ({
  ...offer,
  offerId: offer.id,
  why,
  approval,
});

const giveBody = z.object({
  offerId: z.uuid(),
  /** The case in which it is given. */
  caseId: z.uuid().nullable().default(null),
  /** Also where it is a discount beside an upgrade, which wins people back and does not keep them. */
  anyway: z.boolean().default(false),
});

interface Deps extends Days {
  recovery: Pick<Recovery, 'offers'>;
  customers: Pick<Customers, 'get'>;
  storage: Storage;
}

/** Giving what is in the catalogue, by the limits of the token's role, and what becomes of it. */
export function offerOperations(deps: Deps): Operation[] {
  const { offers } = deps.recovery;
  return [
    operation({
      method: 'get',
      path: '/customers/{id}/offers/choices',
      summary: 'What a customer can be given now by the role of this token, and what speaks against the rest',
      role: 'staff',
      params: idParams,
      response: z.object({ items: z.array(choiceSchema) }),
      async run({ params }, { role }) {
        const choices = await offers.choices(await deps.customers.get(params.id), role);
        return { items: choices.map(choiceJson) };
      },
    }),
    operation({
      method: 'post',
      path: '/customers/{id}/offers',
      summary:
        'Give a customer an offer; above the limit of the role it waits for approval, and one that they can still use is not given again',
      role: 'staff',
      params: idParams,
      body: giveBody,
      response: givenSchema.extend({ fresh: z.boolean() }),
      status: 201,
      run: ({ params, body }, caller) => give(deps, params.id, body, caller),
    }),
    operation({
      method: 'get',
      path: '/offers/given/{id}',
      summary: 'One that a customer was given, and what became of it',
      role: 'staff',
      params: idParams,
      response: givenSchema,
      run: ({ params }) => offers.givenOne(params.id),
    }),
    ...endings(deps),
  ];
}

/** What becomes of one that was given, or waits. */
function endings({ recovery: { offers }, ...days }: Deps): Operation[] {
  return [
    operation({
      method: 'post',
      path: '/offers/given/{id}/approval',
      summary: 'Approve one that waits: they have it then',
      role: 'manager',
      params: idParams,
      response: givenSchema,
      run: ({ params }, caller) => decide(offers, caller, params.id, true, ''),
    }),
    operation({
      method: 'post',
      path: '/offers/given/{id}/refusal',
      summary: 'Refuse one that waits, and why',
      role: 'manager',
      params: idParams,
      body: z.object({ reason: z.string().trim().max(500).default('') }),
      response: givenSchema,
      run: ({ params, body }, caller) => decide(offers, caller, params.id, false, body.reason),
    }),
    operation({
      method: 'post',
      path: '/offers/given/{id}/redemption',
      summary:
        'A customer has used it, today or on the day that is named; whoever buys with its code has used it anyway',
      role: 'staff',
      params: idParams,
      body: z.object({ on: z.string().optional() }),
      response: givenSchema,
      async run({ params, body }, { actor }) {
        const { id } = await offers.givenOne(params.id);
        await about('on', offers.redeem(actor, id, await pastDay(days, 'on', body.on)));
        return await offers.givenOne(id);
      },
    }),
    operation({
      method: 'post',
      path: '/offers/given/{id}/withdrawal',
      summary: 'Take back one that was not used',
      role: 'staff',
      params: idParams,
      body: z.object({ why: z.string().trim().min(1).max(500) }),
      response: givenSchema,
      async run({ params, body }, { actor }) {
        const { id } = await offers.givenOne(params.id);
        await about('id', offers.takeBack(actor, id, body.why));
        return await offers.givenOne(id);
      },
    }),
  ];
}

async function decide(offers: Recovery['offers'], caller: Caller, givenId: string, approves: boolean, why: string) {
  const { id } = await offers.givenOne(givenId);
  await about('id', offers.decide(caller, id, approves, why));
  return await offers.givenOne(id);
}

async function give(deps: Deps, customerId: string, what: z.infer<typeof giveBody>, caller: Caller) {
  const { offers } = deps.recovery;
  await deps.customers.get(customerId);
  try {
    const done = await offers.give(caller, { ...what, customerId });
    if (done.state === 'warned')
      throw new Unfit('anyway', 'A discount beside an upgrade: say that it is meant, or give one of them.', 409);
    return { ...(await offers.givenOne(done.id)), fresh: true };
  } catch (error) {
    const had = isUsedUp(error) ? await openOne(deps, customerId, what) : undefined;
    if (had) return { ...had, fresh: false };
    return await about('offerId', Promise.reject(error as Error));
  }
}

/** Reasons that the very one which was given a moment ago gives. */
const USED_UP = ['has', 'customer', 'year', 'most'].map((why) => `offers.why.${why}`);
const isUsedUp = (error: unknown) => error instanceof Conflict && USED_UP.includes(error.key);

/** The same that they can still use, or that waits. */
async function openOne(
  { recovery, storage }: Deps,
  customerId: string,
  { offerId, caseId }: z.infer<typeof giveBody>,
): Promise<GivenOffer | undefined> {
  const all = await recovery.offers.ofCustomer(storage.read, customerId);
  const same = all.filter((each) => each.offerId === offerId && (caseId === null || each.caseId === caseId));
  return same.find(({ state }) => state === 'given' || state === 'waiting');
}
