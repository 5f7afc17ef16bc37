import { z } from 'zod';
import type { Loyalty } from '../loyalty/index.ts';
import { about } from './errors.ts';
import { idParams, operation, type Operation } from './operation.ts';

const linkSchema = z.object({
  id: z.uuid(),
  /** Where it hangs: 'Shop in Kiel'. */
  name: z.string(),
  createdAt: z.string(),
  /** Since when nobody reports by it any more. */
  revokedAt: z.string().nullable(),
});

/** Whoever has the address can report, and see nothing. */
const addressed = linkSchema.extend({ address: z.string() });

interface Deps {
  loyalty: Pick<Loyalty, 'alerts'>;
}

/** Links by which colleagues without an account report an unhappy customer. */
export function alertLinkOperations({ loyalty: { alerts } }: Deps): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/alert-links',
      summary: 'The newest 200 links for reporting without an account, those in use first',
      role: 'manager',
      response: z.object({ items: z.array(linkSchema) }),
      run: async () => ({ items: (await alerts.links()).map(linkJson) }),
    }),
    operation({
      method: 'get',
      path: '/alert-links/{id}',
      summary: 'A link in use with its address, for a poster or a button of your own',
      role: 'manager',
      params: idParams,
      response: addressed,
      run: ({ params }) => whole(alerts, params.id),
    }),
    operation({
      method: 'post',
      path: '/alert-links',
      summary: 'Make a link for reporting without an account; one in use by the same name is that one',
      role: 'manager',
      body: z.object({ name: z.string().trim().min(1).max(80) }),
      response: addressed.extend({ fresh: z.boolean() }),
      status: 201,
      async run({ body: { name } }, { actor }) {
        const { id, fresh } = await alerts.makeLink(actor, name);
        return { ...(await whole(alerts, id)), fresh };
      },
    }),
    operation({
      method: 'post',
      path: '/alert-links/{id}/revocation',
      summary: 'Nobody reports by that link any more',
      role: 'manager',
      params: idParams,
      response: z.object({ id: z.uuid() }),
      async run({ params: { id } }, { actor }) {
        await about('id', alerts.revokeLink(actor, id));
        return { id };
      },
    }),
  ];
}

type LinkRow = Awaited<ReturnType<Loyalty['alerts']['links']>>[number];

const linkJson = ({ id, name, created_at, revoked_at }: LinkRow): z.input<typeof linkSchema> => ({
  id,
  name,
  createdAt: created_at,
  revokedAt: revoked_at,
});

async function whole(alerts: Loyalty['alerts'], id: string): Promise<z.input<typeof addressed>> {
  const { link, address } = await alerts.addressOf(id);
  return { ...linkJson(link), address };
}
