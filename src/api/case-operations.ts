import { z } from 'zod';
import type { Customers } from '../customers/index.ts';
import {
  CASE_CHANNELS,
  CASE_STEPS,
  OUTCOMES,
  ROOT_CAUSES,
  type Recovery,
  toneFaults,
  type RecoveryCase,
} from '../recovery/index.ts';
import { Conflict } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import type { Storage } from '../storage/index.ts';
import { idParams, listOf, operation, paging, type Operation } from './operation.ts';

const kind = z.enum(['complaint', 'win_back', 'payment_difficulty', 'return']);

const caseSchema = z.object({
  id: z.uuid(),
  number: z.int(),
  kind,
  state: z.enum(['open', 'in_progress', 'closed', 'reopened']),
  customerId: z.uuid().nullable(),
  origin: z.string(),
  summary: z.string(),
  /** Word for word. */
  words: z.string(),
  language: z.string(),
  ownerId: z.uuid().nullable(),
  urgent: z.boolean(),
  /** Minor units a year. */
  worth: z.int(),
  openedAt: z.string(),
  /** 1, and one more each time it was reopened. */
  round: z.int(),
  nextStep: z.string().nullable(),
  nextDueAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  rootCause: z.string(),
  action: z.string(),
  outcome: z.string(),
  /** What the customer said when asked: that it is settled, or nothing in the time they had. */
  settled: z.enum(['yes', 'silent']).nullable(),
  mergedIntoId: z.uuid().nullable(),
});

const wholeSchema = caseSchema.extend({
  steps: z.array(
    z.object({
      step: z.string(),
      state: z.enum(['open', 'done', 'skipped']),
      dueAt: z.string(),
      at: z.string().nullable(),
    }),
  ),
});

/** What in a text may hurt: blame, guilt, an excuse, pressure. */
const signedSchema = wholeSchema.extend({
  warnings: z.array(z.object({ fault: z.enum(['blame', 'guilt', 'excuse', 'pressure']), words: z.string() })),
});

const words = z
  .string()
  .max(5000)
  .transform((text) => text.replaceAll('\0', '').trim());
const said = words.pipe(z.string().min(1));
const contact = z.object({
  name: z.string().max(200).default(''),
  email: z.union([z.email(), z.literal('')]).default(''),
  telephone: z.string().max(50).default(''),
});

interface Deps {
  recovery: Pick<Recovery, 'cases' | 'caseLists' | 'caseWork'>;
  storage: Storage;
  customers: Pick<Customers, 'get'>;
}

/** Cases: what there is, opening, notes, steps, closing. */
export function caseOperations({ recovery, storage, customers }: Deps): Operation[] {
  const { cases, caseLists, caseWork } = recovery;

  async function whole(id: string): Promise<z.input<typeof wholeSchema>> {
    const theCase = await cases.get(id);
    const steps = await caseLists.steps(theCase);
    return {
      ...asJson(theCase),
      steps: steps.map(({ step, state, due_at: dueAt, at }) => ({ step, state, dueAt, at })),
    };
  }

  return [
    operation({
      method: 'get',
      path: '/cases',
      summary: 'Cases in the order in which they were opened',
      role: 'staff',
      query: z.object({
        ...paging,
        kind: kind.optional(),
        open: z.enum(['true', 'false']).optional(),
        customerId: z.uuid().optional(),
      }),
      response: listOf(caseSchema),
      async run({ query }) {
        const { cursor, limit, open, ...filter } = query;
        const wanted = { ...filter, open: open === undefined ? undefined : open === 'true' };
        const found = await caseLists.list(wanted, isId(cursor) ? cursor : null, limit);
        return { items: found.rows.map(asJson), next: found.next };
      },
    }),
    operation({
      method: 'get',
      path: '/cases/{id}',
      summary: 'One case with its steps',
      role: 'staff',
      params: idParams,
      response: wholeSchema,
      run: ({ params }) => whole(params.id),
    }),
    operation({
      method: 'post',
      path: '/cases',
      summary:
        'Open a case; the same reference a second time is the same case, and so is a second win-back or payment difficulty of a customer',
      role: 'staff',
      body: z
        .object({
          kind,
          customerId: z.uuid().nullable().default(null),
          contact: contact.optional(),
          /** Yours: the number of a ticket, for example. */
          reference: z.string().min(1).max(100),
          words: said,
          language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z]{2,8})?$/),
          summary: z.string().max(200).default(''),
          urgent: z.boolean().default(false),
        })
        .refine(({ customerId, contact: given }) => customerId !== null || given !== undefined, {
          path: ['contact'],
          message: 'a case needs a customer or a contact',
        })
        .refine(({ kind: each, customerId }) => customerId !== null || each === 'complaint' || each === 'return', {
          path: ['customerId'],
          message: 'a conversation needs a customer',
        }),
      response: z.object({ id: z.uuid(), number: z.int(), opened: z.boolean() }),
      status: 201,
      async run({ body }, { actor }) {
        const { reference, contact: given, ...rest } = body;
        if (rest.customerId !== null) await customers.get(rest.customerId);
        const fresh = { ...rest, origin: 'hand' as const, originId: `interface ${reference}` };
        const opened = await storage.transaction((tx) =>
          cases.open(tx, actor, { ...fresh, ...(given && { contact: given }) }),
        );
        return { id: opened.caseId, number: opened.number, opened: opened.opened };
      },
    }),
    ...workOperations({ cases, caseWork, storage }, whole),
  ];
}

/** What is done with a case; each answers with the case as it is then. */
function workOperations(
  { cases, caseWork, storage }: Pick<Recovery, 'cases' | 'caseWork'> & { storage: Storage },
  whole: (id: string) => Promise<z.input<typeof wholeSchema>>,
): Operation[] {
  return [
    operation({
      method: 'post',
      path: '/cases/{id}/notes',
      summary: 'Add a note to the thread of a case',
      role: 'staff',
      params: idParams,
      body: z.object({ words: said }),
      response: wholeSchema,
      async run({ params, body }, { actor }) {
        await caseWork.handling.write(actor, params.id, body.words);
        return await whole(params.id);
      },
    }),
    operation({
      method: 'post',
      path: '/cases/{id}/steps/{step}',
      summary: 'Sign a step of a complaint: what was said or done, and how; warnings name words of it that may hurt',
      role: 'staff',
      params: idParams.extend({ step: z.enum(CASE_STEPS) }),
      body: z.object({ said, channel: z.enum(CASE_CHANNELS) }),
      response: signedSchema,
      async run({ params, body }, { actor }) {
        await caseWork.steps.sign(actor, params.id, params.step, body);
        const found = await whole(params.id);
        return { ...found, warnings: toneFaults(found.language, body.said) };
      },
    }),
    operation({
      method: 'post',
      path: '/cases/{id}/reopening',
      summary: 'Open a closed case again: a new round begins with the first step',
      role: 'staff',
      params: idParams,
      body: z.object({ reason: said }),
      response: wholeSchema,
      async run({ params, body }, { actor }) {
        const why = { words: body.reason, fromCustomer: false };
        await storage.transaction((tx) => cases.reopen(tx, actor, params.id, why));
        return await whole(params.id);
      },
    }),
    operation({
      method: 'post',
      path: '/cases/{id}/closure',
      summary: 'Close a case of which every step is signed or skipped; the customer is asked whether it is settled',
      role: 'staff',
      params: idParams,
      body: z.object({
        rootCause: z.enum(ROOT_CAUSES as [string]),
        action: said,
        outcome: z.enum(OUTCOMES as [string]),
        /** Why the customer is not asked; without it they are. */
        noQuestion: z.string().max(300).optional(),
      }),
      response: wholeSchema,
      async run({ params, body }, { actor }) {
        if ((await caseWork.steps.open(params.id)).length > 0) throw new Conflict('cases.error.openSteps');
        const { noQuestion, ...closing } = body;
        await storage.transaction((tx) =>
          cases.close(tx, actor, params.id, { ...closing, ...(noQuestion && { noQuestion }) }),
        );
        return await whole(params.id);
      },
    }),
  ];
}

/** The schema picks the fields that are for callers. */
function asJson(theCase: RecoveryCase): z.input<typeof caseSchema> {
  return theCase;
}
