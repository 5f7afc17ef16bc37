import { z } from 'zod';
import { MERGE_PART_NAMES, type Customers } from '../customers/index.ts';
import type { Merging } from '../merging/index.ts';
import { Invalid } from '../shared/errors.ts';
import { about, Unfit } from './errors.ts';
import { idParams, operation, type Operation } from './operation.ts';

interface Deps {
  customers: Pick<Customers, 'get'>;
  merging: Pick<Merging, 'merge'>;
}

const side = z.enum(['kept', 'other']);

/** Two records of one person. */
export function mergingOperations({ customers, merging }: Deps): Operation[] {
  return [
    operation({
      method: 'post',
      path: '/customers/{id}/merge',
      summary:
        'Put another record of the same person together with this one, for good; its reference goes on leading here',
      role: 'manager',
      params: idParams,
      body: z.object({
        otherId: z.uuid(),
        /** The other record's reference, so that nobody is merged by a wrong id. */
        otherReference: z.string().max(200),
        /** Whose word counts where both say something else; what reports count by has to be chosen. */
        choices: z.object(Object.fromEntries(MERGE_PART_NAMES.map((part) => [part, side.optional()]))).default({}),
      }),
      response: z.object({ id: z.uuid(), reference: z.string() }),
      async run({ params, body }, { actor }) {
        const kept = await customers.get(params.id);
        const other = await about('otherId', customers.get(body.otherId));
        if (other.reference !== body.otherReference)
          throw new Unfit('otherReference', 'This is not the reference of that customer.');
        const seen = { kept: kept.revision, other: other.revision };
        const pair = { keptId: kept.id, otherId: other.id, seen };
        const merged = await about('otherId', merging.merge(actor, pair, body.choices));
        if (!merged.ok) throw new Invalid(merged.errors);
        return { id: merged.value.id, reference: merged.value.reference };
      },
    }),
  ];
}
