import { z } from 'zod';
import { effectQuerySchema, survivalQuerySchema, type Insight } from '../reports/index.ts';
import { operation, type Operation } from './operation.ts';

const shareSchema = z.object({ share: z.number(), low: z.number(), high: z.number() });
const periodSchema = z.object({ from: z.string(), to: z.string() });
const countsSchema = z.object({
  lost: z.int(),
  /** Spoken or written to since they left. */
  attempted: z.int(),
  /** Of these, who bought again. */
  wonBack: z.int(),
  /** All who bought again. */
  cameBack: z.int(),
});
const namesSchema = z.record(z.string(), z.string());

const durabilitySchema = z.object({
  returned: z.int(),
  /** Bought once more within so many days of the return, and had not left again; `open` days have not passed. */
  kept: z.array(
    z.object({ days: z.int(), base: z.int(), open: z.int(), kept: z.int(), share: shareSchema.nullable() }),
  ),
  spentMinor: z.int(),
  aMonthMinor: z.int().nullable(),
  /** Lifetime value of those who are customers today; null before the first night. */
  toComeMinor: z.int().nullable(),
});

const effectSchema = z.object({
  period: periodSchema,
  currency: z.string(),
  countedOn: z.string().nullable(),
  /** Each against its holdout, as assigned: bought within so many days of the draw. */
  programmes: z.array(
    z.object({
      key: z.string(),
      share: z.int(),
      drawn: z.int(),
      heldOut: z.int(),
      compared: z.array(
        z.object({
          days: z.int(),
          open: z.int(),
          treated: shareSchema.extend({ base: z.int(), back: z.int() }),
          held: shareSchema.extend({ base: z.int(), back: z.int() }),
          difference: z.object({ difference: z.number(), low: z.number(), high: z.number() }),
          verdict: z.enum(['more', 'fewer', 'cannot_say']),
          detectable: z.number().nullable(),
          needed: z.object({ points: z.number(), more: z.int() }),
        }),
      ),
    }),
  ),
  /** Those who left in the period. */
  rates: countsSchema.extend({ ofAttempted: shareSchema.nullable(), ofLost: shareSchema.nullable() }),
  /** These three describe, they do not compare: whom somebody speaks to is no chance. */
  reasons: z.array(countsSchema.extend({ key: z.string(), name: namesSchema })),
  offers: z.array(
    z.object({
      offerId: z.string(),
      name: namesSchema,
      kind: z.string(),
      given: z.int(),
      back: z.int(),
      redeemed: z.int(),
      usedMinor: z.int(),
      openMinor: z.int(),
    }),
  ),
  colleagues: z.array(countsSchema.extend({ id: z.string(), name: z.string() })),
  durability: z.object({ wonBack: durabilitySchema, alone: durabilitySchema }),
  cost: z.object({ usedMinor: z.int(), openMinor: z.int() }),
  /** What the won-back have spent since, less the offers used. */
  marginMinor: z.int().nullable(),
  netMinor: z.int(),
});

const churnFields = {
  customers: z.int(),
  leavers: z.int(),
  customerDays: z.int(),
  /** Leavers / customer-days x 30. */
  rate: shareSchema.nullable(),
  /** Who would stay a year at that rate. */
  retention: shareSchema.nullable(),
};
const stepSchema = shareSchema.extend({ t: z.int(), atRisk: z.int(), left: z.int() });
/** Weeks since they became customers; shares are of those still there at `from`, and nothing is said beyond `until`. */
const curveSchema = z.object({ steps: z.array(stepSchema), from: z.int(), until: z.int() });

const survivalSchema = z.object({
  countedOn: z.string().nullable(),
  watchedFrom: z.string(),
  churn: z.object({ period: periodSchema, ...churnFields }),
  months: z.array(z.object({ month: z.string(), period: periodSchema, ...churnFields })),
  everybody: z.object({ curve: curveSchema }).nullable(),
  cohorts: z.array(z.object({ year: z.string(), ...churnFields, curve: curveSchema.nullable() })),
  comparison: z
    .object({
      field: z.string(),
      a: z.object({ value: z.string().nullable(), ...churnFields, curve: curveSchema }),
      b: z.object({ value: z.string().nullable(), ...churnFields, curve: curveSchema }),
      /** The log-rank test. */
      test: z.object({ observed: z.number(), expected: z.number(), p: z.number().nullable() }),
      afterYear: z
        .object({
          a: z.number(),
          b: z.number(),
          difference: z.object({ difference: z.number(), low: z.number(), high: z.number() }),
        })
        .nullable(),
    })
    .nullable(),
});

export function retentionOperations({ effect, survival }: Pick<Insight, 'effect' | 'survival'>): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/reports/winning-back',
      summary:
        'Whether winning back works: against the holdout, still there afterwards, and by reason, offer and colleague',
      role: 'manager',
      query: effectQuerySchema,
      response: effectSchema,
      run: ({ query }) => effect.report(query),
    }),
    operation({
      method: 'get',
      path: '/reports/retention',
      summary:
        'How long customers stay: churn by customer-days, curves, years of joining, and two groups beside each other',
      role: 'manager',
      query: survivalQuerySchema,
      response: survivalSchema,
      run: ({ query }) => survival.report(query),
    }),
  ];
}
