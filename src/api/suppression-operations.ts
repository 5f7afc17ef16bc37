import { z } from 'zod';
import type { Customers } from '../customers/index.ts';
import { oneAddress, type Bounces } from '../mailer/index.ts';
import { Conflict } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { Unfit } from './errors.ts';
import { listOf, operation, paging, type Operation } from './operation.ts';

/** The address itself is not kept: only whether a given one is among them can be asked. */
const suppressionSchema = z.object({
  id: z.uuid(),
  kind: z.string(),
  /** The cause in a word. */
  how: z.string(),
  since: z.string(),
  customerId: z.uuid().nullable(),
  reason: z.string(),
  liftedAt: z.string().nullable(),
  liftReason: z.string(),
});

interface Deps {
  bounces: Pick<Bounces, 'suppressions'>;
  customers: Pick<Customers, 'idsWithEmail'>;
  storage: { read: Parameters<Customers['idsWithEmail']>[0] };
}

/** Addresses to which nothing is sent. Only a person lifts one, under their own name. */
export function suppressionOperations({ bounces: { suppressions }, customers, storage }: Deps): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/suppressions',
      summary:
        'Addresses to which nothing is sent, as their keyed hashes are kept, the newest first, those lifted among them',
      role: 'staff',
      query: z.object({ cursor: paging.cursor }),
      response: listOf(suppressionSchema),
      async run({ query }) {
        const { rows, next } = await suppressions.list(undefined, isId(query.cursor) ? query.cursor : null);
        return { items: rows.map(asJson), next };
      },
    }),
    operation({
      method: 'post',
      path: '/suppressions/search',
      summary: 'What is known of an address; it stands in the body, so that no log keeps it',
      role: 'staff',
      body: z.object({ address: z.string().max(254) }),
      response: z.object({ suppressed: z.boolean(), items: z.array(suppressionSchema) }),
      async run({ body }) {
        const { rows } = await suppressions.list(addressIn(body.address), null);
        return { suppressed: rows.some((row) => row.lifted_at === null), items: rows.map(asJson) };
      },
    }),
    operation({
      method: 'post',
      path: '/suppressions',
      summary: 'Send nothing more to an address, and why; one that is among them stays as it is',
      role: 'staff',
      body: z.object({ address: z.string().max(254), reason: z.string().trim().min(1).max(300) }),
      response: suppressionSchema.extend({ fresh: z.boolean() }),
      status: 201,
      async run({ body }, { actor }) {
        const address = addressIn(body.address);
        const [customerId] = await customers.idsWithEmail(storage.read, address);
        const fresh = await suppressions.addByHand(actor, address, body.reason, customerId ?? null).then(
          () => true,
          (error: unknown) => {
            if (error instanceof Conflict) return false;
            throw error;
          },
        );
        const row = await suppressions.find(address);
        if (!row) throw new Conflict('error.changed');
        return { ...asJson(row), fresh };
      },
    }),
  ];
}

function addressIn(typed: string): string {
  const address = oneAddress(typed);
  if (address === undefined) throw new Unfit('address', 'This is not one e-mail address.');
  return address;
}

type Row = Awaited<ReturnType<Bounces['suppressions']['list']>>['rows'][number];

const asJson = (row: Row): z.input<typeof suppressionSchema> => ({
  ...{ id: row.id, kind: row.kind, how: row.how, since: row.since, customerId: row.customer_id, reason: row.reason },
  ...{ liftedAt: row.lifted_at, liftReason: row.lift_reason },
});
