import { z } from 'zod';
import type { Insight } from '../reports/index.ts';
import { operation, type Operation } from './operation.ts';

const minor = z.int();
const total = z.object({ count: z.int(), spendMinor: minor, lifetimeMinor: minor });
const figures = z.record(z.string(), z.number());
/** Null for a parameter at its most: customers are all alike in what it tells. */
const errors = z.record(z.string(), z.number().nullable());

const valueSchema = z.object({
  currency: z.string(),
  /** The twelve months of what was lost; both days included. */
  period: z.object({ from: z.string(), to: z.string() }),
  /** Of a sale what is left after what the goods cost, and what money is worth less a year later: shares. */
  setting: z.object({ margin: z.number(), discount: z.number() }),
  /** Customers who left in the period, and their spend in the twelve months before the last purchase. */
  lost: z.object({
    leavers: z.int(),
    lostMinor: minor,
    segments: z.array(z.object({ segment: z.string(), count: z.int(), lostMinor: minor })),
  }),
  /** As the last night found them; null before the first. */
  customers: z
    .object({
      day: z.string(),
      /** How lifetime values were worked out, and why not by a model. */
      method: z.enum(['model', 'formula']),
      reason: z.string().nullable(),
      active: total,
      /** Tenths of today's customers by lifetime value, the most valuable first. */
      tenths: z.array(z.object({ count: z.int(), lowMinor: minor, highMinor: minor, sumMinor: minor })),
      segments: z.array(total.extend({ segment: z.string() })),
      /** Of today's customers and those who left in twelve months, how many left. */
      shareLost: z
        .object({ lost: z.int(), base: z.int(), share: z.number(), low: z.number(), high: z.number() })
        .nullable(),
      parameters: z
        .object({ buying: figures, buyingErrors: errors, spending: figures, spendingErrors: errors })
        .nullable(),
      logLikelihood: z.number().nullable(),
    })
    .nullable(),
  /** What a point more of retention brings: spend in the first year, and lifetime value where that has an end. */
  point: z.object({ yearlyMinor: minor, lifetimeMinor: minor.nullable() }),
});

const customerSchema = z.object({
  customerId: z.string(),
  reference: z.string(),
  spendYearMinor: minor,
  lifetimeMinor: minor,
  /** The chance that they still buy; null without a model, and for one purchase. */
  alive: z.number().nullable(),
  /** Purchases to expect within a year; null without a model. */
  expectedYear: z.number().nullable(),
  source: z.enum(['purchases', 'typed', 'none']),
});

type Report = Awaited<ReturnType<Insight['value']['report']>>;

/** What customers are worth: the figures of the page "Value". */
export function valueOperations({ value }: Insight): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/reports/value',
      summary: 'What customers are worth and what was lost: the figures of the page "Value"',
      role: 'manager',
      response: valueSchema,
      run: async () => asJson(await value.report()),
    }),
    operation({
      method: 'get',
      path: '/reports/value/customers',
      summary: 'Customers of today by lifetime value, the most valuable first',
      role: 'manager',
      query: z.object({ cursor: z.string().max(100).optional() }),
      response: z.object({ customers: z.array(customerSchema), next: z.string().nullable() }),
      run: async ({ query }) => {
        const { rows, next } = await value.mostValuable(query.cursor ?? null);
        const customers = rows.map((row) => ({
          customerId: row.customer_id,
          reference: row.reference,
          spendYearMinor: row.spend_year_minor,
          lifetimeMinor: row.lifetime_minor,
          alive: row.alive,
          expectedYear: row.expected_year,
          source: row.source,
        }));
        return { customers, next };
      },
    }),
  ];
}

function asJson({ currency, period, setting, night, shareLost, lost, worked }: Report): z.input<typeof valueSchema> {
  const { yearlySpend, lifetime } = worked.point;
  return {
    currency,
    period,
    setting,
    lost: { leavers: lost.leavers, lostMinor: lost.minor, segments: lost.segments },
    customers: night && {
      day: night.facts.day,
      method: night.method,
      reason: night.reason,
      active: night.facts.active,
      tenths: night.facts.bands,
      segments: night.facts.segments,
      shareLost: shareLost && { lost: night.facts.lost, base: night.facts.base, ...shareLost },
      parameters: night.parameters && parametersOf(night.parameters),
      logLikelihood: night.parameters?.buying.logLikelihood ?? null,
    },
    point: {
      yearlyMinor: Math.round(yearlySpend),
      lifetimeMinor: Number.isFinite(lifetime) ? Math.round(lifetime) : null,
    },
  };
}

function parametersOf({ buying, spending }: NonNullable<NonNullable<Report['night']>['parameters']>) {
  const { r, alpha, a, b } = buying;
  const { p, q, gamma } = spending;
  return {
    buying: { r, alpha, a, b },
    buyingErrors: buying.standardErrors,
    spending: { p, q, gamma },
    spendingErrors: spending.standardErrors,
  };
}
