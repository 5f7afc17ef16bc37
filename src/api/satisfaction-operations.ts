import { z } from 'zod';
import { satisfactionQuerySchema, type Insight } from '../reports/index.ts';
import { operation, type Operation } from './operation.ts';

const days = z.object({ from: z.string(), to: z.string() });
const share = z.object({ share: z.number(), low: z.number(), high: z.number() }).nullable();
const difference = z.object({ difference: z.number(), low: z.number(), high: z.number() }).nullable();
const names = z.record(z.string(), z.string());
const measure = z.enum(['service', 'satisfaction', 'retention']);
const part = z.enum(['satisfaction', 'before', 'during', 'after']);

const satisfactionSchema = z.object({
  period: days,
  comparison: z.enum(['before', 'last-year']),
  previous: days.nullable(),
  /** Shares that differ from those of `previous` by more than chance: of a measure, a moment or a theme. */
  changed: z.object({
    changes: z.array(
      z.object({
        measure: measure.nullable(),
        part: part.nullable(),
        theme: z.object({ questionKey: z.string(), key: z.string(), name: names }).nullable(),
        now: z.number(),
        before: z.number(),
        difference: z.number(),
        low: z.number(),
        high: z.number(),
      }),
    ),
    tested: z.int(),
  }),
  /** Service, satisfaction and retention, each on its own, with the change from `previous`. */
  measures: z.array(
    z.object({
      measure,
      base: z.int(),
      share,
      before: z.object({ base: z.int(), share }).nullable(),
      change: difference,
      trend: z.object({
        grain: z.enum(['month', 'quarter']),
        points: z.array(z.object({ month: z.string(), base: z.int(), share })),
      }),
    }),
  ),
  /** Before, during and after a dealing: how many gave a 4 or a 5. */
  moments: z.array(
    z.object({
      moment: z.enum(['before', 'during', 'after']),
      base: z.int(),
      good: z.int(),
      share,
      change: difference,
    }),
  ),
  /** Experience after less expectation before. */
  gap: difference,
  pairs: z.object({ better: z.int(), same: z.int(), worse: z.int() }),
  recommending: z.array(
    z.object({
      part,
      base: z.int(),
      promoters: z.int(),
      passives: z.int(),
      detractors: z.int(),
      nps: z.number(),
      low: z.number(),
      high: z.number(),
    }),
  ),
  /** What is said in answer to each question; with any basis but `counted` the shares are estimates. */
  questions: z.array(
    z.object({
      part,
      programme: z.string(),
      questionKey: z.string(),
      text: names,
      /** Other questionnaires of the programme that ask it in other words; their answers are among these. */
      elsewhere: z.array(z.object({ questionnaire: z.string(), text: names })),
      written: z.int(),
      coded: z.int(),
      unread: z.number(),
      base: z.number(),
      basis: z.enum(['counted', 'estimated', 'few', 'unverified']),
      audited: z.int(),
      needed: z.int(),
      themes: z.array(
        z.object({
          codeId: z.string(),
          key: z.string(),
          name: names,
          count: z.int(),
          share: z.number(),
          low: z.number().nullable(),
          high: z.number().nullable(),
          change: difference,
        }),
      ),
    }),
  ),
  /** By part and programme: responses drawn at random and checked, drawn and waiting, and those still needed. */
  audits: z.array(z.object({ part, programme: z.string(), checked: z.int(), waiting: z.int(), needed: z.int() })),
  /** Themes that go with lower or higher mean scores, of all customers. */
  low: z
    .object({
      period: days,
      themes: z.array(
        z.object({
          questionKey: z.string(),
          question: names,
          codeId: z.string(),
          key: z.string(),
          name: names,
          carrying: z.int(),
          others: z.int(),
          difference: z.number(),
          low: z.number(),
          high: z.number(),
          told: z.boolean(),
        }),
      ),
    })
    .nullable(),
});

export function satisfactionOperations(insight: Pick<Insight, 'satisfaction'>): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/reports/satisfaction',
      summary: 'How satisfied customers are, and what they say: the figures of the page "Satisfaction"',
      role: 'manager',
      query: satisfactionQuerySchema,
      response: satisfactionSchema,
      run: ({ query }) => insight.satisfaction.report(query),
    }),
  ];
}
