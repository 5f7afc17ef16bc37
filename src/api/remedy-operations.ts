import { z } from 'zod';
import { REMEDIES, type Recovery } from '../recovery/index.ts';
import { NotFound } from '../shared/errors.ts';
import { remedyJson, remedySchema } from './case-part-operations.ts';
import { about } from './errors.ts';
import { idParams, operation, type Operation } from './operation.ts';

const remedyParams = idParams.extend({ remedyId: z.uuid() });

interface Deps {
  recovery: Pick<Recovery, 'cases' | 'caseLists' | 'caseWork'>;
}

/** What makes good, by the limits of the token's role. */
export function remedyOperations({ recovery: { cases, caseLists, caseWork } }: Deps): Operation[] {
  const { remedies } = caseWork;

  async function one(caseId: string, remedyId: string): Promise<z.input<typeof remedySchema>> {
    await cases.get(caseId);
    const found = (await caseLists.remedies(caseId)).find(({ id }) => id === remedyId);
    if (!found) throw new NotFound();
    return remedyJson(found);
  }

  return [
    operation({
      method: 'post',
      path: '/cases/{id}/remedies',
      summary:
        'Offer what makes good a case: approved within the limit of the role, else it waits for a manager; the same words and amount again are the same remedy',
      role: 'staff',
      params: idParams,
      body: z.object({
        kind: z.enum(REMEDIES),
        what: z.string().trim().min(1).max(5000),
        /** Minor units; 0 where it costs nothing that is counted. */
        amountMinor: z.int().min(0).max(1_000_000_000_000).default(0),
      }),
      response: remedySchema.extend({ fresh: z.boolean() }),
      status: 201,
      async run({ params, body }, { actor, role }) {
        const { id, fresh } = await about('id', remedies.offerOnce({ actor, role }, params.id, body));
        return { ...(await one(params.id, id)), fresh };
      },
    }),
    ...(['approval', 'refusal'] as const).map((verb) =>
      operation({
        method: 'post',
        path: `/cases/{id}/remedies/{remedyId}/${verb}`,
        summary:
          verb === 'approval'
            ? 'Approve what waits: ours takes a manager, a wish of the customer anybody'
            : 'Decline what waits, and why',
        role: 'staff',
        params: remedyParams,
        body: z.object({ reason: z.string().trim().max(300).default('') }),
        response: remedySchema,
        async run({ params: { id, remedyId }, body }, { actor, role }) {
          await one(id, remedyId);
          const yes = verb === 'approval';
          await about('remedyId', remedies.decide({ actor, role }, id, remedyId, yes, body.reason));
          return await one(id, remedyId);
        },
      }),
    ),
    operation({
      method: 'post',
      path: '/cases/{id}/remedies/{remedyId}/giving',
      summary: 'They have what was approved',
      role: 'staff',
      params: remedyParams,
      response: remedySchema,
      async run({ params: { id, remedyId } }, { actor }) {
        await one(id, remedyId);
        await about('remedyId', remedies.give(actor, id, remedyId));
        return await one(id, remedyId);
      },
    }),
  ];
}
