import { z } from 'zod';
import { monthSchema, type Insight } from '../reports/index.ts';
import { operation, type Operation } from './operation.ts';

const summarySchema = z.object({
  month: z.string(),
  /** `running`: not yet over; `over`: the figures can still change; `kept`: as it was. */
  state: z.enum(['running', 'over', 'kept']),
  computedAt: z.string(),
  /** All money in minor units a year. */
  figures: monthSchema,
});

export function summaryOperations({ summary }: Pick<Insight, 'summary'>): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/reports/summary',
      summary: 'A month on one page: who left and why, what changed, the three measures, who is at risk, goals',
      role: 'manager',
      query: z.object({
        /** '2026-10'; without it the last month that is over. */
        month: z.string().max(7).optional(),
      }),
      response: summarySchema,
      run: async ({ query }) => await summary.month(query.month ?? (await summary.lastMonth())),
    }),
  ];
}
