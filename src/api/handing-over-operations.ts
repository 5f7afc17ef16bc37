import { z } from 'zod';
import type { Accounts } from '../accounts/index.ts';
import type { Recovery } from '../recovery/index.ts';
import { NotFound } from '../shared/errors.ts';
import { Unfit } from './errors.ts';
import { idParams, operation, type Operation } from './operation.ts';

/** How many of each; customers up to 100,000. */
const countsSchema = z.object({
  customers: z.int(),
  cases: z.int(),
  answers: z.int(),
  schedules: z.int(),
  goals: z.int(),
  policies: z.int(),
});

interface Deps {
  recovery: Pick<Recovery, 'handingOver'>;
  accounts: Pick<Accounts, 'colleague'>;
}

/** What somebody who leaves looks after, for somebody who stays. */
export function handingOverOperations({ recovery: { handingOver }, accounts }: Deps): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/colleagues/{id}/duties',
      summary:
        'What a colleague looks after: customers, open cases, approved answers, recurring waves, goals, policies',
      role: 'administrator',
      params: idParams,
      response: countsSchema,
      async run({ params: { id } }) {
        if (!(await accounts.colleague(id))) throw new NotFound();
        return await handingOver.lookedAfter(id);
      },
    }),
    operation({
      method: 'post',
      path: '/colleagues/{id}/handing-over',
      summary:
        'Give all that a colleague looks after to another one, who hears of it by mail, and say how much went over; a second call hands over what is left',
      role: 'administrator',
      params: idParams,
      body: z.object({
        toId: z.uuid(),
        /** Stands on each case. */
        word: z.string().trim().max(500).default(''),
      }),
      response: countsSchema,
      async run({ params, body: { toId, word } }, { actor }) {
        const given = await handingOver.handOver(actor, params.id, toId, word);
        if (!given.ok) throw new Unfit('toId', 'Give the id of another colleague who works here, from /colleagues.');
        return given.value;
      },
    }),
  ];
}
