import { z } from 'zod';
import type { Customers } from '../customers/index.ts';
import { CASE_CHANNELS, CASE_STEPS, OUTCOMES, ROOT_CAUSES, type Recovery, toneFaults } from '../recovery/index.ts';
import { Conflict } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import type { Storage } from '../storage/index.ts';
import { caseJson, caseSchema, kind, said, wholeCases, wholeSchema } from './case-json.ts';
import { about } from './errors.ts';
import { idParams, listOf, operation, paging, type Operation } from './operation.ts';

/** What in a text may hurt: blame, guilt, an excuse, pressure. */
const signedSchema = wholeSchema.extend({
  warnings: z.array(z.object({ fault: z.enum(['blame', 'guilt', 'excuse', 'pressure']), words: z.string() })),
});

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
  const whole = wholeCases({ cases, caseLists });

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
        return { items: found.rows.map(caseJson), next: found.next };
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
      body: z.object({
        words: said,
        /** Yours: the same a second time is the same note. Without one, each call writes. */
        reference: z.string().min(1).max(100).optional(),
      }),
      response: wholeSchema,
      async run({ params, body: { words, reference } }, { actor }) {
        if (reference === undefined) await caseWork.handling.write(actor, params.id, words);
        else await caseWork.handling.writeOnce(actor, params.id, words, reference);
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
        await about('step', caseWork.steps.sign(actor, params.id, params.step, body));
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
