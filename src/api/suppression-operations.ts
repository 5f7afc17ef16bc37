import { z } from 'zod';
import type { Accounts } from '../accounts/index.ts';
import type { Customers } from '../customers/index.ts';
import { oneAddress, type Bounces } from '../mailer/index.ts';
import { Conflict } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { colleagueOf } from './colleague-operations.ts';
import { about, Unfit } from './errors.ts';
import { idParams, listOf, operation, paging, type Caller, type Operation } from './operation.ts';

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
  /** The colleague who decided so. */
  liftedBy: z.uuid().nullable(),
  liftReason: z.string(),
});

const reason = z.string().trim().min(1).max(300);
const addBody = z.object({ address: z.string().max(254), reason });
const liftBody = z.object({
  /** The colleague who has decided so, from /colleagues. */
  accountId: z.uuid(),
  reason,
});

interface Deps {
  bounces: Pick<Bounces, 'suppressions'>;
  accounts: Pick<Accounts, 'colleague'>;
  customers: Pick<Customers, 'find' | 'idsWithEmail'>;
  storage: { read: Parameters<Customers['idsWithEmail']>[0] };
}

/** Addresses to which nothing is sent. */
export function suppressionOperations(deps: Deps): Operation[] {
  return [...finding(deps), ...deciding(deps)];
}

function finding({ bounces: { suppressions }, customers }: Deps): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/suppressions',
      summary:
        'Addresses to which nothing is sent, as their keyed hashes are kept, the newest first, those lifted among them; of a customer also those of the address that they have now',
      role: 'staff',
      query: z.object({ cursor: paging.cursor, customerId: z.uuid().optional() }),
      response: listOf(suppressionSchema),
      async run({ query: { cursor, customerId } }) {
        const address = customerId && (await customers.find(customerId))?.email;
        const of = { customerId, address: address || undefined };
        const { rows, next } = await suppressions.list(of, isId(cursor) ? cursor : null);
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
        const { rows } = await suppressions.list({ address: addressIn(body.address) }, null);
        return { suppressed: rows.some((row) => row.lifted_at === null), items: rows.map(asJson) };
      },
    }),
  ];
}

function deciding(deps: Deps): Operation[] {
  return [
    operation({
      method: 'post',
      path: '/suppressions',
      summary: 'Send nothing more to an address, and why; one that is among them stays as it is',
      role: 'staff',
      body: addBody,
      response: suppressionSchema.extend({ fresh: z.boolean() }),
      status: 201,
      run: ({ body }, caller) => add(deps, body, caller),
    }),
    operation({
      method: 'post',
      path: '/suppressions/{id}/lift',
      summary:
        'Send to an address again, for the colleague who has decided so, and why; whoever opted out gets nothing all the same',
      role: 'staff',
      params: idParams,
      body: liftBody,
      response: suppressionSchema,
      run: ({ params, body }, caller) => lift(deps, params.id, body, caller),
    }),
  ];
}

async function add(
  { bounces: { suppressions }, customers, storage }: Deps,
  body: z.infer<typeof addBody>,
  { actor }: Caller,
) {
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
}

async function lift(
  { bounces: { suppressions }, accounts }: Deps,
  id: string,
  { accountId, reason: why }: z.infer<typeof liftBody>,
  { actor }: Caller,
) {
  await suppressions.get(id);
  await colleagueOf(accounts, accountId);
  await about('id', suppressions.lift(actor, id, why, accountId));
  return asJson(await suppressions.get(id));
}

function addressIn(typed: string): string {
  const address = oneAddress(typed);
  if (address === undefined) throw new Unfit('address', 'This is not one e-mail address.');
  return address;
}

type Row = Awaited<ReturnType<Bounces['suppressions']['list']>>['rows'][number];

const asJson = (row: Row): z.input<typeof suppressionSchema> => ({
  id: row.id,
  kind: row.kind,
  how: row.how,
  since: row.since,
  customerId: row.customer_id,
  reason: row.reason,
  liftedAt: row.lifted_at,
  liftedBy: row.lifted_by,
  liftReason: row.lift_reason,
});
