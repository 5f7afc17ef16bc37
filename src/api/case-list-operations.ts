import { z } from 'zod';
import type { Accounts } from '../accounts/index.ts';
import { BULK_KINDS, LEFT_OUT, MOST_AT_ONCE, type Recovery } from '../recovery/index.ts';
import { said } from './case-json.ts';
import { colleagueOf } from './colleague-operations.ts';
import { operation, type Operation } from './operation.ts';

const kind = z.enum(BULK_KINDS);
const customerIds = z.array(z.uuid()).min(1).max(MOST_AT_ONCE);

const openingBody = z.object({
  /** Yours: the same a second time opens no case anew. */
  reference: z.string().min(1).max(100),
  kind,
  customerIds,
  /** What staff see as one line: why. */
  summary: said.pipe(z.string().max(200)),
  /** A colleague; null: nobody yet; left out: the one whom each customer knows. */
  accountId: z.uuid().nullable().optional(),
});

interface Deps {
  recovery: Pick<Recovery, 'bulk'>;
  accounts: Pick<Accounts, 'colleague'>;
}

/** Cases for many customers at once: looked over first, then opened. */
export function caseListOperations({ recovery: { bulk }, accounts }: Deps): Operation[] {
  return [
    operation({
      method: 'post',
      path: '/several-cases/check',
      summary: 'Who of these customers would get a case of that kind, and who not and why; changes nothing',
      role: 'staff',
      body: z.object({ kind, customerIds }),
      response: z.object({
        customerIds: z.array(z.uuid()),
        leftOut: z.array(z.object({ customerId: z.uuid(), why: z.enum(LEFT_OUT) })),
      }),
      async run({ body }) {
        const { fit, leftOut } = await bulk.check({ ids: body.customerIds }, body.kind);
        const without = [...leftOut].flatMap(([why, people]) => people.map(({ id }) => ({ customerId: id, why })));
        return { customerIds: fit.map(({ id }) => id), leftOut: without };
      },
    }),
    operation({
      method: 'post',
      path: '/several-cases/openings',
      summary:
        'Open a case for each of these customers who may have one now; the same reference opens none a second time',
      role: 'staff',
      body: openingBody,
      response: z.object({
        /** How many of them have one, and how many were left out. */
        open: z.int(),
        leftOut: z.int(),
      }),
      async run({ body: { reference, accountId, ...order } }, { actor }) {
        if (accountId) await colleagueOf(accounts, accountId);
        return await bulk.open(actor, { ...order, once: reference, ownerId: accountId });
      },
    }),
  ];
}
