import { z } from 'zod';
import type { Reports } from '../reports/index.ts';
import { isPlainDate } from '../shared/dates.ts';
import { operation, type Operation } from './operation.ts';

const shareSchema = z.object({ share: z.number(), low: z.number(), high: z.number() });

const day = z.string().refine(isPlainDate).optional();

const recoverySchema = z.object({
  period: z.object({ from: z.string(), to: z.string() }),
  /** Complaints and returns. */
  closed: z.int(),
  /** The customer said that it is settled. */
  settled: z.int(),
  /** They did not answer in the time they had. */
  silent: z.int(),
  /** Reopened before they were closed for the last time. */
  reopened: z.int(),
  /** Recovery rate: settled / closed, with its 95 % interval; null where none was closed. */
  rate: shareSchema.nullable(),
});

export function reportOperations(reports: Reports): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/reports/recovery',
      summary: 'Complaints and returns closed in a period, and of how many the customer said that it is settled',
      role: 'manager',
      query: z.object({ from: day, to: day }),
      response: recoverySchema,
      run: ({ query }) => reports.recovery(query),
    }),
  ];
}
