import { z } from 'zod';
import { leavingQuerySchema, type LeavingReport, type Reports } from '../reports/index.ts';
import { isPlainDate } from '../shared/dates.ts';
import { operation, type Operation } from './operation.ts';

const shareSchema = z.object({ share: z.number(), low: z.number(), high: z.number() });

/** Without an interval as long as nothing has been audited. */
const codedSchema = z.object({ share: z.number(), low: z.number().nullable(), high: z.number().nullable() });

const leavingSchema = z.object({
  period: z.object({ from: z.string(), to: z.string() }),
  currency: z.string(),
  leavers: z.int(),
  /** All money in minor units a year. */
  lostMinor: z.int(),
  /** Leavers whose main reason is known: the base of the coded shares. */
  base: z.int(),
  /** What base, shares and money by reason rest on; with anything but `counted` they are estimates. */
  basis: z.enum(['counted', 'estimated', 'few', 'unverified']),
  /** Of so many answers that the engine has read: coded by people at random and blind, drawn and waiting, still needed. */
  audit: z.object({ read: z.int(), audited: z.int(), waiting: z.int(), needed: z.int() }).nullable(),
  /** Leavers who ticked a main reason: the base of the stated shares. */
  statedBase: z.int(),
  asked: z.int(),
  answered: z.int(),
  reasons: z.array(
    z.object({
      key: z.string(),
      name: z.record(z.string(), z.string()),
      count: z.int(),
      coded: codedSchema,
      statedCount: z.int(),
      stated: shareSchema.nullable(),
      lostMinor: z.int(),
      /** The 95 % interval of money that is estimated. */
      lost: z.object({ lowMinor: z.int(), highMinor: z.int() }).nullable(),
      runningMinor: z.int(),
      parts: z.array(
        z.object({ key: z.string(), name: z.record(z.string(), z.string()), count: z.int(), lostMinor: z.int() }),
      ),
    }),
  ),
  unknown: z.object({
    count: z.int(),
    lostMinor: z.int(),
    parts: z.array(z.object({ knowledge: z.string(), count: z.int(), lostMinor: z.int() })),
  }),
});

const day = z
  .string()
  .refine((text) => isPlainDate(text) && text < '9999')
  .optional();

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
      path: '/reports/leaving',
      summary: 'Why customers left, with what it costs: the figures of the page "Why they leave"',
      role: 'manager',
      query: leavingQuerySchema,
      response: leavingSchema,
      run: async ({ query }) => asJson(await reports.leaving(query)),
    }),
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

function asJson(report: LeavingReport): z.input<typeof leavingSchema> {
  const name = (codeId: string) => report.names.get(codeId) ?? {};
  return {
    ...report,
    reasons: report.reasons.map((row) => ({
      ...row,
      name: name(row.codeId),
      parts: row.parts.map((part) => ({ ...part, name: name(part.codeId) })),
    })),
  };
}
