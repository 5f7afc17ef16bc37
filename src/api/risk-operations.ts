import { z } from 'zod';
import type { Insight } from '../reports/index.ts';
import { listOf, operation, paging, type Operation } from './operation.ts';

const KINDS = ['silence', 'alive', 'complaint', 'answer', 'overdue', 'alert'] as const;

const atRiskSchema = z.object({
  customerId: z.string(),
  reference: z.string(),
  /** The chance to lose them within half a year, between 0 and 1. */
  score: z.number(),
  /** Each with its kind and its values; days are plain dates. */
  reasons: z.array(z.looseObject({ kind: z.enum(KINDS) })),
  /** All money in minor units a year. */
  worthMinor: z.int(),
  /** score x worth. */
  worthAtRiskMinor: z.int(),
  flaggedAt: z.string().nullable(),
});

const outcomes = { flags: z.int(), left: z.int(), bought: z.int(), silent: z.int() };

const recordSchema = z.object({
  /** What was said beside what happened; `happened` is left / flags with its 95 % interval. */
  bands: z.array(
    z.object({
      /** In hundredths. */
      from: z.int(),
      to: z.int(),
      ...outcomes,
      said: z.number(),
      happened: z.object({ share: z.number(), low: z.number(), high: z.number() }),
      trust: z.enum(['too_few', 'indicative', 'sound']),
    }),
  ),
  total: z.object(outcomes),
  open: z.int(),
  months: z.array(z.object({ month: z.string(), ...outcomes, lookedBack: z.boolean() })),
  lookedBack: z.boolean(),
  fitted: z.boolean(),
});

const filters = {
  reason: z.enum(KINDS).optional(),
  segment: z.string().max(60).optional(),
  contact: z.uuid().optional(),
};

export function riskOperations({ risk }: Pick<Insight, 'risk'>): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/reports/risk',
      summary: 'Customers who may be about to leave, with reasons, the most money at risk first',
      role: 'staff',
      query: z.object({ ...paging, ...filters }),
      response: listOf(atRiskSchema),
      run: async ({ query: { cursor, limit, reason, segment, contact } }) => {
        const list = await risk.list({ kind: reason, segment, contact }, cursor ?? null, limit);
        const items = list.rows.map(({ customerId, score, reasons, worthMinor, worthAtRiskMinor, flaggedAt }) => {
          const reference = list.people.get(customerId)?.reference ?? '';
          return { customerId, reference, score, reasons: [...reasons], worthMinor, worthAtRiskMinor, flaggedAt };
        });
        return { items, next: list.next };
      },
    }),
    operation({
      method: 'get',
      path: '/reports/risk/counts',
      summary: 'How many customers may be about to leave, what they are worth a year, and how much of it is at risk',
      role: 'staff',
      query: z.object(filters),
      response: z.object({ customers: z.int(), worthMinor: z.int(), atRiskMinor: z.int() }),
      run: ({ query: { reason, segment, contact } }) => risk.counts({ kind: reason, segment, contact }),
    }),
    operation({
      method: 'get',
      path: '/reports/risk/record',
      summary: 'What became of earlier flags: what was said beside what happened',
      role: 'staff',
      response: recordSchema,
      run: () => risk.record(),
    }),
  ];
}
