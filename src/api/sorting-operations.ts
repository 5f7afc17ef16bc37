import { z } from 'zod';
import type { Recovery } from '../recovery/index.ts';
import { mailJson, mailSchema } from './case-mail-operations.ts';
import { wholeCases, wholeSchema } from './case-json.ts';
import { about } from './errors.ts';
import { idParams, listOf, operation, paging, type Operation } from './operation.ts';

const letterSchema = mailSchema.extend({
  /** Whose address it came from; null where nobody here has it. */
  customerId: z.uuid().nullable(),
  /** The closed case that it answers, where it answers one. */
  caseId: z.uuid().nullable(),
});

/** Letters of which nobody but a person can say where they belong. */
export function sortingOperations({
  recovery,
}: {
  recovery: Pick<Recovery, 'cases' | 'caseLists' | 'mail'>;
}): Operation[] {
  const { cases, mail } = recovery;
  const whole = wholeCases(recovery);
  return [
    operation({
      method: 'get',
      path: '/mails/to-sort',
      summary: 'Letters of which somebody has to say where they belong, the newest first',
      role: 'staff',
      query: z.object({ cursor: paging.cursor }),
      response: listOf(letterSchema),
      async run({ query }) {
        const { rows, next } = await mail.toSort(query.cursor ?? null);
        const items = rows.map((row) => ({ ...mailJson(row), customerId: row.customer_id, caseId: row.case_id }));
        return { items, next };
      },
    }),
    operation({
      method: 'post',
      path: '/mails/{id}/case',
      summary: 'Put a letter into a case, which is opened again where it is closed; null: open one for it',
      role: 'staff',
      params: idParams,
      body: z.object({ caseId: z.uuid().nullable().default(null) }),
      response: wholeSchema,
      async run({ params, body: { caseId } }, { actor }) {
        if (caseId === null) return await whole(await about('id', mail.openCase(actor, params.id)));
        const { number } = await cases.get(caseId);
        return await whole(await about('id', mail.attach(actor, params.id, number)));
      },
    }),
    operation({
      method: 'post',
      path: '/mails/{id}/settled',
      summary: 'They say in a letter that the closed case which it answers is settled for them',
      role: 'staff',
      params: idParams,
      response: wholeSchema,
      run: async ({ params }, { actor }) => await whole(await about('id', mail.settled(actor, params.id))),
    }),
    operation({
      method: 'post',
      path: '/mails/{id}/aside',
      summary: 'Nothing is to be done about a letter',
      role: 'staff',
      params: idParams,
      response: z.object({ id: z.uuid() }),
      async run({ params: { id } }, { actor }) {
        await about('id', mail.setAside(actor, id));
        return { id };
      },
    }),
  ];
}
