import { z } from 'zod';
import type { Coding } from '../coding/index.ts';
import { day, line } from '../customers/index.ts';
import { languageCodes } from '../i18n/index.ts';
import type { Questionnaires } from '../questionnaires/index.ts';
import {
  CODE_KINDS,
  FOR_WHOM,
  OFFER_KINDS,
  OFFER_LIMITS as MOST,
  offerSaysSame,
  topReasons,
  type OfferInput,
  type Recovery,
} from '../recovery/index.ts';
import type { Storage } from '../storage/index.ts';
import { about, changedSince, Unfit } from './errors.ts';
import { idParams, operation, type Caller, type Operation } from './operation.ts';
import { retiring } from './retiring.ts';

const role = z.enum(['staff', 'manager', 'administrator']);

const offerSchema = z.object({
  id: z.uuid(),
  /** By language. */
  name: z.record(z.string(), z.string()),
  kind: z.string(),
  /** Per cent or minor units; null where it is no discount. */
  amount: z.int().nullable(),
  costMinor: z.int(),
  forWhom: z.enum(FOR_WHOM),
  /** Keys of the reasons for leaving that it is for; empty: any. */
  reasons: z.array(z.string()),
  /** Minor units a year that a customer is worth at least. */
  leastWorthMinor: z.int(),
  leastRole: role,
  /** In twelve months, in a calendar year, and ever; null where there is no limit. */
  perCustomer: z.int().nullable(),
  perYear: z.int().nullable(),
  most: z.int().nullable(),
  codeKind: z.enum(CODE_KINDS),
  /** '' unless it is one for all. */
  code: z.string(),
  validDays: z.int(),
  given: z.int(),
  endsOn: z.string().nullable(),
  retiredAt: z.string().nullable(),
  revision: z.int(),
});

const limit = (most: number) => z.int().min(1).max(most);
const money = z.int().min(0).max(1_000_000_000_000);

const offerBody = z.object({
  name: z
    .partialRecord(z.enum(languageCodes as [string, ...string[]]), line(MOST.name).min(1))
    .describe('By language, in one at least'),
  kind: z.enum(OFFER_KINDS),
  amount: z.int().min(1).nullable().default(null).describe('Of a discount: per cent, or minor units'),
  costMinor: money.describe('What one costs the business'),
  forWhom: z.enum(FOR_WHOM).default('everyone'),
  reasons: z.array(z.string().max(64)).max(50).default([]).describe('Keys of first-level reasons; empty: any'),
  leastWorthMinor: money.default(0),
  leastRole: role.default('staff'),
  perCustomer: limit(MOST.perCustomer).nullable().default(null).describe('In twelve months'),
  perYear: limit(MOST.perYear).nullable().default(null),
  most: limit(MOST.most).nullable().default(null),
  codeKind: z.enum(CODE_KINDS).default('none'),
  code: line(MOST.code).default('').describe('Where codeKind is `typed`: the same for everybody'),
  validDays: limit(MOST.validDays),
  endsOn: day.nullable().default(null).describe('The last day on which it is given'),
});
const changeBody = offerBody.extend({ revision: z.int().describe('As you read it: nobody has changed it since') });

interface Deps {
  recovery: Pick<Recovery, 'offers'>;
  coding: Coding;
  questionnaires: Questionnaires;
  storage: Pick<Storage, 'read'>;
}

/** What can be given: to whom, how often, what it costs, and until when. */
export function catalogueOperations(deps: Deps): Operation[] {
  const { offers } = deps.recovery;
  return [
    operation({
      method: 'get',
      path: '/offers',
      summary: 'The catalogue of offers, those in use first',
      role: 'staff',
      response: z.object({ items: z.array(offerSchema) }),
      run: async () => ({ items: await offers.list() }),
    }),
    ...limitOperations(deps),
    operation({
      method: 'get',
      path: '/offers/{id}',
      summary: 'One offer of the catalogue',
      role: 'staff',
      params: idParams,
      response: offerSchema,
      run: ({ params }) => offers.get(params.id),
    }),
    ...changing(deps),
  ];
}

function changing(deps: Deps): Operation[] {
  const { offers } = deps.recovery;
  return [
    operation({
      method: 'post',
      path: '/offers',
      summary: 'Add an offer to the catalogue; one in use that says the very same is that one',
      role: 'manager',
      body: offerBody,
      response: offerSchema.extend({ fresh: z.boolean() }),
      status: 201,
      async run({ body }, { actor }) {
        const { id, fresh } = await offers.createOnce(actor, await fitting(deps, body, []));
        return { ...(await offers.get(id)), fresh };
      },
    }),
    operation({
      method: 'post',
      path: '/offers/{id}',
      summary:
        'Put these in place of what an offer says; what was given stays as it was, and the same again is harmless',
      role: 'manager',
      params: idParams,
      body: changeBody,
      response: offerSchema,
      run: ({ params, body }, caller) => change(deps, params.id, body, caller),
    }),
    ...retiring({
      path: '/offers/{id}',
      role: 'manager',
      summaries: { retirement: 'Give an offer no longer', return: 'Give an offer again' },
      response: offerSchema,
      retiredAt: async (id) => (await offers.get(id)).retiredAt,
      retire: (actor, _role, id, retires) => offers.retire(actor, id, retires),
      shown: (id) => offers.get(id),
    }),
  ];
}

function limitOperations({ recovery: { offers }, storage }: Deps): Operation[] {
  const limits = z.object({ staffMinor: money, managerMinor: money });
  return [
    operation({
      method: 'get',
      path: '/offers/limits',
      summary: 'Up to which cost staff and managers give an offer by themselves',
      role: 'staff',
      response: limits,
      run: () => offers.limits(storage.read),
    }),
    operation({
      method: 'post',
      path: '/offers/limits',
      summary: 'Set up to which cost staff and managers give an offer by themselves; the same again is harmless',
      role: 'administrator',
      body: limits,
      response: limits,
      async run({ body }, { actor }) {
        const { staffMinor, managerMinor } = await offers.limits(storage.read);
        if (staffMinor !== body.staffMinor || managerMinor !== body.managerMinor) await offers.setLimits(actor, body);
        return body;
      },
    }),
  ];
}

async function change(deps: Deps, id: string, body: z.infer<typeof changeBody>, { actor }: Caller) {
  const { offers } = deps.recovery;
  const offer = await offers.get(id);
  const { revision, ...wanted } = body;
  const input = await fitting(deps, wanted, offer.reasons);
  if (offerSaysSame(offer, input)) return offer;
  if (input.most !== null && input.most < offer.given)
    throw new Unfit('most', `It has been given ${offer.given} times already.`, 409);
  if (revision !== offer.revision) throw changedSince(offer.revision);
  await about('revision', offers.change(actor, id, revision, input));
  return await offers.get(id);
}

/** What the schema takes, held against the rules of the form. @throws Unfit */
async function fitting(deps: Deps, input: z.infer<typeof offerBody>, kept: string[]): Promise<OfferInput> {
  if (Object.keys(input.name).length === 0) throw new Unfit('name', 'Say in one language at least how it is called.');
  const isDiscount = input.kind === 'discount_percent' || input.kind === 'discount_amount';
  if (isDiscount !== (input.amount !== null))
    throw new Unfit('amount', isDiscount ? 'Say how much the discount is.' : 'Only a discount has an amount.');
  if (input.kind === 'discount_percent' && (input.amount ?? 0) > MOST.percent)
    throw new Unfit('amount', `At most ${MOST.percent} per cent.`);
  const isTyped = input.codeKind === 'typed';
  if (isTyped ? input.code.length < MOST.leastCode : input.code !== '')
    throw new Unfit('code', `Only a typed code stands here, of at least ${MOST.leastCode} letters.`);
  const keys = (await topReasons(deps)).map(({ key }) => key).concat(kept);
  const strange = input.reasons.findIndex((key) => !keys.includes(key));
  if (strange >= 0) throw new Unfit(`reasons.${strange}`, 'This is the key of no first-level reason for leaving.');
  return { ...input, name: input.name as Record<string, string>, reasons: [...new Set(input.reasons)] };
}
