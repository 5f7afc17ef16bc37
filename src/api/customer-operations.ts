import { z } from 'zod';
import {
  CODE_PROBLEMS,
  customerRowSchema,
  dealingRowSchema,
  invoiceRowSchema,
  purchaseRowSchema,
  type Customer,
  type Customers,
} from '../customers/index.ts';
import { idParams, listOf, operation, paging, type Operation } from './operation.ts';

const MOST_ROWS = 1000;

const customerSchema = z.object({
  id: z.uuid(),
  reference: z.string(),
  title: z.string(),
  givenName: z.string(),
  familyName: z.string(),
  organisation: z.string(),
  email: z.string(),
  telephone: z.string(),
  street: z.string(),
  postalCode: z.string(),
  city: z.string(),
  region: z.string(),
  country: z.string(),
  language: z.string(),
  timeZone: z.string(),
  customerSince: z.string().nullable(),
  status: z.enum(['active', 'left']),
  leftOn: z.string().nullable(),
  segment: z.string(),
  tags: z.array(z.string()),
  /** Minor units a year: spend in the twelve months before the last purchase, or the typed value. */
  worthMinor: z.int(),
  yearlyValueMinor: z.int().nullable(),
  legalBasis: z.string(),
  legalBasisSource: z.string(),
  legalBasisOn: z.string().nullable(),
  unsubscribedAt: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

const outcomes = z.object({
  added: z.int(),
  updated: z.int(),
  same: z.int(),
  results: z.array(z.object({ id: z.string().nullable(), outcome: z.string() })),
});

const purchaseOutcomes = outcomes.extend({
  results: z.array(
    z.object({
      id: z.string().nullable(),
      outcome: z.string(),
      /** Why the code of an offer that the purchase names does not count as used; the purchase itself is taken. */
      offerCode: z.object({ code: z.string(), problem: z.enum(CODE_PROBLEMS) }).nullable(),
    }),
  ),
});

interface Outcome {
  id: string | null;
  outcome: string;
}

function counted(results: Outcome[]): z.infer<typeof outcomes> {
  const of = (outcome: string) => results.filter((each) => each.outcome === outcome).length;
  return {
    added: of('added'),
    updated: of('updated'),
    same: of('same'),
    results: results.map(({ id, outcome }) => ({ id, outcome })),
  };
}

const rows = <T extends z.ZodType>(row: T) => z.array(row).min(1).max(MOST_ROWS);

export function customerOperations(customers: Customers): Operation[] {
  return [
    operation({
      method: 'post',
      path: '/customers',
      summary: `Add or update up to ${MOST_ROWS} customers, known by their reference; absent fields stay as they are`,
      role: 'staff',
      body: z.object({ customers: rows(customerRowSchema) }),
      response: outcomes,
      run: async ({ body }, { actor }) => counted(await customers.upsertMany(actor, body.customers)),
    }),
    operation({
      method: 'get',
      path: '/customers',
      summary: 'List customers, or find those whose name, e-mail, reference or place holds some words',
      role: 'staff',
      query: z.object({
        ...paging,
        q: z.string().max(200).optional(),
        status: z.enum(['active', 'left']).optional(),
      }),
      response: listOf(customerSchema),
      run: async ({ query }) => {
        const { cursor, limit, ...filter } = query;
        const found = await customers.listWhole(filter, cursor ?? null, limit);
        return { items: found.rows.map(asJson), next: found.next };
      },
    }),
    operation({
      method: 'get',
      path: '/customers/{id}',
      summary: 'One customer',
      role: 'staff',
      params: idParams,
      response: customerSchema,
      // Whoever knows them by a record that was merged finds the one that was kept.
      run: async ({ params }) => asJson(await customers.get((await customers.keptFor(params.id)) ?? params.id)),
    }),
    operation({
      method: 'post',
      path: '/purchases',
      summary: `Add up to ${MOST_ROWS} purchases; one with a reference that the customer already has is not added again`,
      role: 'staff',
      body: z.object({ purchases: rows(purchaseRowSchema) }),
      response: purchaseOutcomes,
      async run({ body }, { actor }) {
        const results = await customers.addPurchases(actor, body.purchases);
        const named = results.map(({ id, outcome, remark }) => {
          return { id, outcome, offerCode: remark ? { code: remark.code, problem: remark.problem } : null };
        });
        return { ...counted(results), results: named };
      },
    }),
    operation({
      method: 'post',
      path: '/invoices',
      summary: `Add or update up to ${MOST_ROWS} invoices, known by customer and number`,
      role: 'staff',
      body: z.object({ invoices: rows(invoiceRowSchema) }),
      response: outcomes,
      run: async ({ body }, { actor }) => counted(await customers.addInvoices(actor, body.invoices)),
    }),
    operation({
      method: 'post',
      path: '/dealings',
      summary: `Add up to ${MOST_ROWS} dealings: orders, deliveries, visits, complaints`,
      role: 'staff',
      body: z.object({ dealings: rows(dealingRowSchema) }),
      response: outcomes,
      run: async ({ body }, { actor }) => counted(await customers.addDealings(actor, body.dealings)),
    }),
  ];
}

/** The schema picks the fields that are for callers. */
function asJson(customer: Customer): z.input<typeof customerSchema> {
  return customer;
}
