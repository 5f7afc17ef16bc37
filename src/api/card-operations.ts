import { z } from 'zod';
import type { Customers } from '../customers/index.ts';
import type { Loyalty } from '../loyalty/index.ts';
import { about } from './errors.ts';
import { idParams, listOf, operation, paging, type Operation } from './operation.ts';

const cardSchema = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  years: z.int(),
  /** A plain date. */
  onDay: z.string(),
  /** What has come up against it since; null where nothing has. */
  hindrance: z.string().nullable(),
});

interface Deps {
  loyalty: Pick<Loyalty, 'anniversaries'>;
  customers: Pick<Customers, 'get'>;
}

const onlyId = z.object({ id: z.uuid() });

/** Anniversary cards that a print shop or a colleague writes, and how somebody would rather be greeted. */
export function cardOperations({ loyalty: { anniversaries }, customers }: Deps): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/anniversaries/cards',
      summary: 'Cards that are to be written, by their days',
      role: 'staff',
      query: z.object({ cursor: paging.cursor }),
      response: listOf(cardSchema),
      async run({ query }) {
        const { rows, next } = await anniversaries.pile(query.cursor ?? null);
        const items = rows.map(({ id, customer_id: customerId, years, on_day: onDay, hindrance }) => ({
          id,
          customerId,
          years,
          onDay,
          hindrance,
        }));
        return { items, next };
      },
    }),
    operation({
      method: 'post',
      path: '/anniversaries/cards/{id}/posting',
      summary: 'A card is in the post',
      role: 'staff',
      params: idParams,
      response: onlyId,
      async run({ params: { id } }, { actor }) {
        await about('id', anniversaries.markWritten(actor, [id]));
        return { id };
      },
    }),
    operation({
      method: 'post',
      path: '/anniversaries/cards/{id}/posting/removal',
      summary: 'A card is not in the post after all, and waits to be written',
      role: 'staff',
      params: idParams,
      response: onlyId,
      async run({ params: { id } }, { actor }) {
        await about('id', anniversaries.takeBack(actor, [id]));
        return { id };
      },
    }),
    operation({
      method: 'post',
      path: '/anniversaries/cards/{id}/leaving-out',
      summary: 'No card after all, and why',
      role: 'staff',
      params: idParams,
      body: z.object({ reason: z.string().trim().min(1).max(300) }),
      response: onlyId,
      async run({ params: { id }, body }, { actor }) {
        await about('id', anniversaries.leaveOut(actor, id, body.reason));
        return { id };
      },
    }),
    operation({
      method: 'post',
      path: '/customers/{id}/greeting',
      summary: 'How a customer would rather be greeted on their anniversary',
      role: 'staff',
      params: idParams,
      body: z.object({ way: z.enum(['mail', 'post']) }),
      response: onlyId.extend({ way: z.enum(['mail', 'post']) }),
      async run({ params, body: { way } }, { actor }) {
        const { id } = await customers.get(params.id);
        await anniversaries.prefer(actor, id, way);
        return { id, way };
      },
    }),
  ];
}
