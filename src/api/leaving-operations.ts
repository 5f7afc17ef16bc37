import { z } from 'zod';
import {
  CROSSED,
  leavingQuerySchema,
  type CrossReport,
  type LeavingReport,
  type Reports,
  type WholeReport,
} from '../reports/index.ts';
import { operation, type Operation } from './operation.ts';

const shareSchema = z.object({ share: z.number(), low: z.number(), high: z.number() });

/** Without an interval as long as nothing has been audited. */
const codedSchema = z.object({ share: z.number(), low: z.number().nullable(), high: z.number().nullable() });

const periodSchema = z.object({ from: z.string(), to: z.string() });
const namesSchema = z.record(z.string(), z.string());
const basisSchema = z.enum(['counted', 'estimated', 'few', 'unverified']);
const differenceSchema = z.object({ difference: z.number(), low: z.number(), high: z.number() });

const reasonSchema = z.object({
  key: z.string(),
  name: namesSchema,
  count: z.int(),
  coded: codedSchema,
  statedCount: z.int(),
  stated: shareSchema.nullable(),
  lostMinor: z.int(),
  /** The 95 % interval of money that is estimated. */
  lost: z.object({ lowMinor: z.int(), highMinor: z.int() }).nullable(),
  runningMinor: z.int(),
  /** Of them, those who never answered: a colleague kept the reason on a call to win them back. */
  fromCalls: z.int(),
  parts: z.array(z.object({ key: z.string(), name: namesSchema, count: z.int(), lostMinor: z.int() })),
});

const figuresSchema = z.object({
  leavers: z.int(),
  /** All money in minor units a year. */
  lostMinor: z.int(),
  /** Leavers whose main reason is known: the base of the coded shares. */
  base: z.int(),
  /** What base, shares and money by reason rest on; with anything but `counted` they are estimates. */
  basis: basisSchema,
  /** Of so many answers that the engine has read: coded by people at random and blind, drawn and waiting, still needed. */
  audit: z.object({ read: z.int(), audited: z.int(), waiting: z.int(), needed: z.int() }).nullable(),
  /** Leavers who ticked a main reason: the base of the stated shares. */
  statedBase: z.int(),
  asked: z.int(),
  answered: z.int(),
  /** Whose word the known main reasons are. */
  bySource: z.object({
    colleague: z.int(),
    doesNotKnow: z.int(),
    engine: z.int(),
    respondent: z.int(),
    call: z.int(),
  }),
  reasons: z.array(reasonSchema),
  unknown: z.object({
    count: z.int(),
    lostMinor: z.int(),
    parts: z.array(z.object({ knowledge: z.string(), count: z.int(), lostMinor: z.int() })),
  }),
});

const changeSchema = z.object({
  about: z.enum(['reason', 'leavers', 'money']),
  direction: z.enum(['up', 'down']),
  /** The reason's key; null where the change is of all who left. */
  reason: z.string().nullable(),
  /** Shares, customers, or minor units a year. */
  before: z.number(),
  now: z.number(),
  difference: differenceSchema,
});

const leavingSchema = figuresSchema.extend({
  period: periodSchema,
  currency: z.string(),
  /** Left in the period too, and have come back since: no figure counts them but the changes of leavers and money. */
  returned: z.int(),
  /** Until that day answers of those who were asked are still coming in: answered / asked says how many so far. */
  comingInUntil: z.string().nullable(),
  /** At most five, each larger than chance (Newcombe's interval; Benjamini and Hochberg at 5 % over all that is tested). */
  changes: z.array(changeSchema),
  /** The period before, or the year before; null where there is none. Differences are empty where a base is under 30. */
  compared: z
    .object({
      period: periodSchema,
      leavers: z.int(),
      lostMinor: z.int(),
      base: z.int(),
      basis: basisSchema,
      reasons: z.array(z.object({ key: z.string(), count: z.int(), coded: codedSchema })),
      differences: z.record(z.string(), differenceSchema),
    })
    .nullable(),
  /** Shares weighted by tenure and value for who did not answer, by reason; null under 10 known reasons and before any audit. */
  weighted: z.object({ effective: z.number(), shares: z.record(z.string(), codedSchema) }).nullable(),
  /** By month or quarter; `changed` names the days in it on which the codebook changed. */
  trend: z.object({
    grain: z.enum(['month', 'quarter']),
    steps: z.array(
      periodSchema.extend({
        base: z.int(),
        basis: basisSchema,
        changed: z.array(z.string()),
        shares: z.record(z.string(), codedSchema.extend({ count: z.int() })),
      }),
    ),
  }),
});

const wholeSchema = leavingSchema.extend({
  /** Whom customers name in any answer on leaving, the base being responses with words, whatever the filter; null before there are any. */
  competitors: z
    .object({ base: z.int(), rows: z.array(z.object({ name: z.string(), responses: z.int(), share: shareSchema })) })
    .nullable(),
});

const crossSchema = z.object({
  period: periodSchema,
  currency: z.string(),
  field: z.enum(CROSSED),
  /** The value is null where all rarer ones stand together; of contact persons it is an id, with their name beside it. */
  columns: z.array(figuresSchema.extend({ value: z.string().nullable(), called: z.string().nullable() })),
  /** How many different values there are, those that stand together included. */
  values: z.int(),
  total: figuresSchema,
});

export function leavingOperations(reports: Reports): Operation[] {
  return [
    operation({
      method: 'get',
      path: '/reports/leaving',
      summary: 'Why customers left, with what it costs: the figures of the page "Why they leave"',
      role: 'manager',
      query: leavingQuerySchema,
      response: wholeSchema,
      run: async ({ query }) => ({
        ...asJson(await reports.wholeReport(query)),
        competitors: await reports.competitors(),
      }),
    }),
    operation({
      method: 'get',
      path: '/reports/leaving/by/{field}',
      summary:
        'Why customers left, by the values of a field: tenure, value, segment, country, product, city, contact person and so on',
      role: 'manager',
      params: z.object({ field: z.enum(CROSSED) }),
      query: leavingQuerySchema,
      response: crossSchema,
      run: async ({ params, query }) => crossAsJson(await reports.cross(query, params.field)),
    }),
  ];
}

type Named = Pick<LeavingReport, 'names'>;

function withNames<T extends Pick<LeavingReport, 'reasons'>>(figures: T, { names }: Named) {
  const name = (codeId: string) => names.get(codeId) ?? {};
  const reasons = figures.reasons.map((row) => ({
    ...row,
    name: name(row.codeId),
    parts: row.parts.map((part) => ({ ...part, name: name(part.codeId) })),
  }));
  return { ...figures, reasons };
}

function asJson(report: WholeReport): z.input<typeof leavingSchema> {
  const { compared, changed, trend, weighted } = report;
  const keys = new Map(report.reasons.map(({ codeId, key }) => [codeId, key]));
  const byKey = <T>(values: Iterable<[string, T]>): Record<string, T> =>
    Object.fromEntries([...values].flatMap(([codeId, value]) => (keys.has(codeId) ? [[keys.get(codeId), value]] : [])));
  return {
    ...withNames(report, report),
    changes: changed.changes.map(({ about, direction, reason, values: { before, now, ...difference } }) => ({
      about,
      direction,
      before,
      now,
      difference,
      reason: reason?.key ?? null,
    })),
    compared: compared && {
      ...compared.figures,
      period: compared.period,
      differences: byKey(compared.differences),
    },
    weighted: weighted && { effective: weighted.effective, shares: byKey(weighted.shares) },
    trend: {
      grain: trend.grain,
      steps: trend.steps.map(({ reasons, ...step }, i) => ({
        ...step,
        changed: trend.marks.find(({ at }) => at === i)?.days ?? [],
        shares: byKey(reasons),
      })),
    },
  };
}

function crossAsJson(report: CrossReport): z.input<typeof crossSchema> {
  const { crossed, called, period, currency } = report;
  return {
    period,
    currency,
    field: crossed.field,
    values: crossed.values,
    columns: crossed.columns.map(({ value, figures }) => ({
      ...withNames(figures, report),
      value,
      called: called.get(value ?? '') ?? null,
    })),
    total: withNames(crossed.total, report),
  };
}
