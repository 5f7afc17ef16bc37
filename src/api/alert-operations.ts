import { z } from 'zod';
import type { Accounts } from '../accounts/index.ts';
import { displayName, type Customers } from '../customers/index.ts';
import { MOST_WHAT, MOST_WHO, readAlert, type AlertRow, type Loyalty } from '../loyalty/index.ts';
import { Invalid } from '../shared/errors.ts';
import { colleagueOf } from './colleague-operations.ts';
import { flag, idParams, listOf, operation, paging, type Operation } from './operation.ts';

const alertSchema = z.object({
  id: z.uuid(),
  caseId: z.uuid(),
  customerId: z.uuid().nullable(),
  /** As it was typed. */
  who: z.string(),
  what: z.string(),
  /** The colleague who reported it; null where somebody did by the link of a shop. */
  accountId: z.uuid().nullable(),
  /** The first name that was given with the link; '' where a colleague reported it. */
  reporter: z.string(),
  /** The customer's case was open already, or somebody had reported it before. */
  joined: z.boolean(),
  /** What it led to, so that whoever reported it is thanked. */
  ledTo: z.enum(['settled', 'won_back']).nullable(),
  creditedAt: z.string().nullable(),
  createdAt: z.string(),
});

const asJson = (row: AlertRow): z.input<typeof alertSchema> => ({
  id: row.id,
  caseId: row.case_id,
  customerId: row.customer_id,
  who: row.who,
  what: row.what,
  accountId: row.account_id,
  reporter: row.reporter,
  joined: row.joined === 1,
  ledTo: row.led_to,
  creditedAt: row.credited_at,
  createdAt: row.created_at,
});

interface Deps {
  loyalty: Pick<Loyalty, 'alerts'>;
  accounts: Pick<Accounts, 'colleague'>;
  customers: Pick<Customers, 'get'>;
}

/** Unhappy customers that colleagues reported, and what it led to. */
export function alertOperations(deps: Deps): Operation[] {
  const { alerts } = deps.loyalty;
  return [
    operation({
      method: 'get',
      path: '/alerts',
      summary: 'Unhappy customers that were reported, the newest first',
      role: 'staff',
      query: z.object({
        ...paging,
        customerId: z.uuid().optional(),
        caseId: z.uuid().optional(),
        credited: flag.optional(),
      }),
      response: listOf(alertSchema),
      async run({ query: { cursor, limit, ...filter } }) {
        const { rows, next } = await alerts.all(filter, cursor ?? null, limit);
        return { items: rows.map(asJson), next };
      },
    }),
    operation({
      method: 'get',
      path: '/alerts/{id}',
      summary: 'One alert',
      role: 'staff',
      params: idParams,
      response: alertSchema,
      run: async ({ params }) => asJson(await alerts.get(params.id)),
    }),
    reporting(deps),
  ];
}

function reporting({ loyalty: { alerts }, accounts, customers }: Deps): Operation {
  return operation({
    method: 'post',
    path: '/alerts',
    summary:
      'Report an unhappy customer for a colleague, who is thanked when it led somewhere; it opens a complaint or joins the open one, and sent twice it is one',
    role: 'staff',
    body: z.object({
      accountId: z.uuid(),
      customerId: z.uuid().nullable().default(null),
      /** How they are called; needed where no customer is named. */
      who: z.string().max(MOST_WHO).default(''),
      what: z.string().max(MOST_WHAT),
    }),
    response: z.object({ id: z.uuid(), caseId: z.uuid(), number: z.int(), joined: z.boolean() }),
    status: 201,
    async run({ body: { accountId, customerId, ...typed } }, { actor }) {
      const { language } = await colleagueOf(accounts, accountId);
      const customer = customerId === null ? undefined : await customers.get(customerId);
      const read = readAlert({ ...typed, who: typed.who || (customer ? displayName(customer) : '') }, false);
      if (!read.ok) throw new Invalid(read.errors);
      const { who, what } = read.value;
      const { alertId, caseId, number, joined } = await alerts.report(
        { accountId, by: actor },
        { who, what, customerId, language },
      );
      return { id: alertId, caseId, number, joined };
    },
  });
}
