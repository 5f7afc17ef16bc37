import { z } from 'zod';
import type { Change } from '../changes/change.ts';

const figureSchema = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  base: z.number(),
  unit: z.enum(['share', 'money']),
});

const sumSchema = z.object({ count: z.number(), lostMinor: z.int() });
const namesSchema = z.record(z.string(), z.string());

const reasonSchema = z.object({
  key: z.string(),
  codeId: z.string(),
  names: namesSchema,
  count: z.number(),
  share: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  lostMinor: z.int(),
});

const changeSchema: z.ZodType<Change> = z.object({
  key: z.string(),
  about: z.enum(['reason', 'leavers', 'money']),
  direction: z.enum(['up', 'down']),
  reason: z.object({ key: z.string(), codeId: z.string(), names: namesSchema }).nullable(),
  values: z.object({
    before: z.number(),
    now: z.number(),
    difference: z.number(),
    low: z.number(),
    high: z.number(),
  }),
});

const goalSchema = z.object({
  id: z.string(),
  /** As the goal was called, by language. */
  titles: namesSchema,
  dueOn: z.string(),
  target: z.number().nullable(),
  unit: z.enum(['share', 'money']).nullable(),
  now: figureSchema.nullable(),
  standing: z.string(),
});

export const THREE = ['service', 'satisfaction', 'retention'] as const;

const measureSchema = z.object({ now: figureSchema, before: figureSchema });

/** A month as it is kept: keys, numbers, and names that people gave; whoever reads it reads it in their own language. */
export const monthSchema = z.object({
  version: z.literal(1),
  currency: z.string(),
  /** The first and the last day that count; of a month under way the last is today. */
  from: z.string(),
  to: z.string(),
  /** Money is what they were worth a year. */
  left: sumSchema,
  before: sumSchema,
  /** What the reasons are about: the month, or more months up to its end where too few reasons are known; both days included. */
  span: z.object({ from: z.string(), to: z.string(), left: sumSchema }),
  /** Of how many in the span the main reason is known: the base of the shares. */
  base: z.number(),
  basis: z.enum(['counted', 'estimated', 'few', 'unverified']),
  asked: z.int(),
  answered: z.int(),
  /** The day until which more of them may answer; null where they have, and where it was not told. */
  comingInUntil: z.string().nullable().default(null),
  /** The costliest; with the others and the unknown they add up to all who left in the span. */
  reasons: z.array(reasonSchema),
  others: sumSchema,
  unknown: sumSchema,
  /** From the time before the span, just as long, to the span. */
  changes: z.array(changeSchema),
  /** In the twelve months up to the last day, and as they stood a month earlier. */
  measures: z.object({ service: measureSchema, satisfaction: measureSchema, retention: measureSchema }),
  /** As it stood when the figures were worked out; null for a month that was over long before. */
  risk: z
    .object({
      customers: z.int(),
      worthMinor: z.int(),
      atRiskMinor: z.int(),
      /** Most money first. Who they are is looked up when somebody reads it: names are not kept here. */
      top: z.array(z.object({ id: z.string(), worthMinor: z.int() })),
    })
    .nullable(),
  /** Of those who had left, the share that was won back, in the twelve months up to the last day. */
  winback: figureSchema,
  goals: z.array(goalSchema).nullable(),
  cases: z.object({
    opened: z.int(),
    closed: z.int(),
    settled: z.int(),
    silent: z.int(),
    rate: z.object({ share: z.number(), low: z.number(), high: z.number() }).nullable(),
    /** As it stood when the figures were worked out. */
    open: z.int().nullable(),
    late: z.int().nullable(),
  }),
});

export type MonthFigures = z.infer<typeof monthSchema>;
export type MonthReason = z.infer<typeof reasonSchema>;
export type MonthGoal = z.infer<typeof goalSchema>;

/** @param content as `JSON.stringify` wrote it */
export const readMonth = (content: string): MonthFigures => monthSchema.parse(JSON.parse(content));
