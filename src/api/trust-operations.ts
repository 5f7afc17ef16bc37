import { z } from 'zod';
import type { Customers } from '../customers/index.ts';
import type { Loyalty } from '../loyalty/index.ts';
import type { Recovery } from '../recovery/index.ts';
import { referralJson, referralSchema } from './care-operations.ts';
import { about } from './errors.ts';
import { idParams, operation, type Operation } from './operation.ts';

interface Deps {
  loyalty: Pick<Loyalty, 'trust'>;
  recovery: Pick<Recovery, 'nextNeeds'>;
  customers: Pick<Customers, 'get'>;
}

/** What came of recommendations, and that somebody has come with what a customer usually needs next. */
export function trustOperations({ loyalty: { trust }, recovery, customers }: Deps): Operation[] {
  return [
    operation({
      method: 'post',
      path: '/referrals/{id}/outcome',
      summary: 'What came of a recommendation; where it became a customer, whoever recommended us is thanked',
      role: 'staff',
      params: idParams,
      body: z.object({
        outcome: z.enum(['became_customer', 'nothing']),
        newCustomerId: z.uuid().nullable().default(null),
      }),
      response: referralSchema,
      async run({ params: { id }, body: { outcome, newCustomerId } }, { actor }) {
        await trust.referral(id);
        const fresh = newCustomerId === null ? undefined : await customers.get(newCustomerId);
        await about('outcome', trust.settle(actor, id, outcome, outcome === 'nothing' ? null : (fresh?.id ?? null)));
        return referralJson(await trust.referral(id));
      },
    }),
    operation({
      method: 'post',
      path: '/referrals/{id}/thanks',
      summary: 'A gift or a card is on its way to whoever recommended us',
      role: 'staff',
      params: idParams,
      response: referralSchema,
      async run({ params: { id } }, { actor }) {
        await trust.referral(id);
        await about('id', trust.thank(actor, id));
        return referralJson(await trust.referral(id));
      },
    }),
    operation({
      method: 'post',
      path: '/next-needs/{id}',
      summary: 'Somebody has come to a customer with what they usually need next; once until they buy again',
      role: 'staff',
      params: idParams,
      body: z.object({ note: z.string().trim().max(500).default('') }),
      response: z.object({ id: z.uuid() }),
      async run({ params: { id }, body }, { actor }) {
        await about('id', recovery.nextNeeds.nudge(actor, id, body.note));
        return { id };
      },
    }),
  ];
}
