import { z } from 'zod';
import type { Figure } from '../../retention/index.ts';
import type { Job } from '../../scheduler/index.ts';
import { createKeptSetting } from '../../accounts/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { dayIn } from '../../shared/dates.ts';
import { wilson, type Share } from '../../shared/statistics.ts';
import type { Db, Page } from '../../storage/index.ts';
import type { InsightDeps } from '../deps.ts';
import { periodOf, type Period } from '../rules.ts';
import { type LeavingReport } from '../service.ts';
import { workOut, type Given, type Worked } from './calculator.ts';
import { factsSchema, type Facts } from './facts.ts';
import { REASONS, type Reason } from './method-rules.ts';
import { createNightly } from './nightly.ts';
import { settingSchema, USUAL, type ValueSetting } from './settings.ts';
import * as store from './value-store.ts';
import type { CustomerValue, ValuableCustomer } from './value-store.ts';

export type Value = ReturnType<typeof createValue>;

const A_PAGE = 50;

const error = z.number().nullable();

const parametersSchema = z
  .object({
    buying: z.object({
      ...{ r: z.number(), alpha: z.number(), a: z.number(), b: z.number() },
      standardErrors: z.object({ r: error, alpha: error, a: error, b: error }),
      logLikelihood: z.number(),
    }),
    spending: z.object({
      ...{ p: z.number(), q: z.number(), gamma: z.number() },
      standardErrors: z.object({ p: error, q: error, gamma: error }),
      logLikelihood: z.number(),
    }),
    fitSeconds: z.number(),
  })
  .nullable();

/** What the last night found. */
export interface Night {
  fittedAt: string;
  method: 'model' | 'formula';
  reason: Reason | null;
  parameters: z.infer<typeof parametersSchema>;
  facts: Facts;
}

/** The same figures for the page, the CSV file and the interface. Money in minor units. */
export interface ValueReport {
  currency: string;
  period: Period;
  setting: ValueSetting;
  /** False as long as nobody has typed the margin: then turnover stands for it. */
  settingTyped: boolean;
  /** Null until the first night. */
  night: Night | null;
  /** Of `facts.base`; null until the first night and where the base is 0. */
  shareLost: Share | null;
  given: Given;
  worked: Worked;
  lost: { leavers: number; minor: number; segments: { segment: string; count: number; lostMinor: number }[] };
  leaving: LeavingReport;
}

/** What each customer is worth, and what is being lost. */
export function createValue(deps: InsightDeps) {
  const { storage, clock, accounts, reports } = deps;
  const kept = createKeptSetting<ValueSetting>(
    { storage, clock, audit: accounts.audit },
    {
      schema: settingSchema,
      usual: USUAL,
      find: store.findSetting,
      insert: store.insertSetting,
      action: 'value.setting',
      told: (setting) => ({ ...setting }),
    },
  );
  const setting = () => kept.read(storage.read);
  const jobs: Job[] = [createNightly({ ...deps, setting })];

  async function twelveMonths(): Promise<Period> {
    return periodOf('12m', dayIn((await accounts.company()).timeZone, clock.now()), {});
  }

  async function night(): Promise<Night | null> {
    const found = await store.latestModel(storage.read);
    if (!found) return null;
    return {
      fittedAt: found.fitted_at,
      method: found.method,
      reason: REASONS.find((each) => each === found.reason) ?? null,
      parameters: parametersSchema.parse(JSON.parse(found.parameters)),
      facts: factsSchema.parse(JSON.parse(found.facts)),
    };
  }

  /** What left with the customers of a period, both days included; there is no interval, for they have all been counted. */
  async function moneyLost(period: Period): Promise<Figure> {
    const segments = await store.lostBySegment(storage.read, period);
    const base = segments.reduce((sum, { count }) => sum + count, 0);
    const value = segments.reduce((sum, { lostMinor }) => sum + lostMinor, 0);
    return { value: base === 0 ? null : value, low: null, high: null, base, unit: 'money' };
  }

  /** @param trying figures to try in place of the business's own */
  async function report(trying: Partial<Given> = {}): Promise<ValueReport> {
    const [period, own, typed, last, { currency }] = [
      await twelveMonths(),
      await setting(),
      await kept.changed(),
      await night(),
      await accounts.company(),
    ];
    const segments = await store.lostBySegment(storage.read, period);
    const given = { ...ownFigures(last?.facts, own), ...trying };
    return {
      currency,
      period,
      setting: own,
      settingTyped: typed !== null,
      night: last,
      shareLost: last && last.facts.base > 0 ? wilson(last.facts.lost, last.facts.base) : null,
      given,
      worked: workOut(given),
      lost: {
        leavers: segments.reduce((sum, { count }) => sum + count, 0),
        minor: segments.reduce((sum, { lostMinor }) => sum + lostMinor, 0),
        segments,
      },
      leaving: await reports.leaving({ period: '12m' }),
    };
  }

  return {
    jobs,
    report,
    moneyLost,
    setting,
    /** The share of a sale that is left after the cost of goods; null while nobody has typed it. */
    typedMargin: async (): Promise<number | null> =>
      (await kept.changed()) === null ? null : (await setting()).margin,
    /** What these customers are worth, by id; whoever is not in it has not been worked out yet. At most 500 ids. */
    of: (db: Db, customerIds: string[]): Promise<Map<string, CustomerValue>> => store.valuesOf(db, customerIds),
    /** Customers of today, the most valuable first. */
    mostValuable: (cursor: string | null): Promise<Page<ValuableCustomer>> =>
      store.mostValuable(storage.read, cursor, A_PAGE),
    last: night,
    /** For the month on one page. */
    async summary() {
      const { currency, period, lost, night: last, worked, given } = await report();
      return {
        currency,
        period,
        leavers: lost.leavers,
        lostMinor: lost.minor,
        /** Customers of today and what they are worth; null until the first night. */
        active: last?.facts.active ?? null,
        method: last?.method ?? null,
        /** What a point more of retention brings: spend in the first year, and lifetime value, in minor units. */
        point: { yearlyMinor: Math.round(worked.point.yearlySpend), lifetimeMinor: whole(worked.point.lifetime) },
        given,
      };
    },
    save: (actor: Actor, next: ValueSetting): Promise<void> => kept.save(actor, next),
  };
}

const whole = (minor: number): number | null => (Number.isFinite(minor) ? Math.round(minor) : null);

/** The business's own figures, for the calculator. */
function ownFigures(facts: Facts | undefined, { margin, discount }: ValueSetting): Given {
  const { base = 0, lost = 0, baseSpendMinor = 0 } = facts ?? {};
  const each = (of: number) => (base === 0 ? 0 : of / base);
  return { customers: base, shareLost: each(lost), spendMinor: Math.round(each(baseSpendMinor)), margin, discount };
}
