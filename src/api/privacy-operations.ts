import { z } from 'zod';
import type { Customers } from '../customers/index.ts';
import type { Privacy } from '../privacy/index.ts';
import { about, Unfit } from './errors.ts';
import { idParams, operation, type Operation } from './operation.ts';

interface Deps {
  customers: Pick<Customers, 'get'>;
  privacy: Pick<Privacy, 'erase' | 'exported'>;
}

/** What is held on somebody, and forgetting them. */
export function privacyOperations({ customers, privacy }: Deps): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/customers/{id}/export',
      summary: 'Everything that is held on a customer, by area and table; files in base64',
      role: 'administrator',
      params: idParams,
      response: z.object({
        reference: z.string(),
        exportedAt: z.string(),
        data: z.record(z.string(), z.record(z.string(), z.unknown())),
      }),
      run: ({ params }, { actor }) => privacy.exported(actor, params.id),
    }),
    operation({
      method: 'post',
      path: '/customers/{id}/erasure',
      summary: "Take a customer's name and words away for good; every total stays as it was",
      role: 'administrator',
      params: idParams,
      body: z.object({
        /** Their reference, so that nobody is erased by a wrong id. */
        reference: z.string().max(200),
      }),
      response: z.object({ id: z.uuid() }),
      async run({ params, body }, { actor }) {
        const { id, reference } = await customers.get(params.id);
        if (body.reference !== reference) throw new Unfit('reference', 'This is not the reference of that customer.');
        await about('id', privacy.erase(actor, id));
        return { id };
      },
    }),
  ];
}
