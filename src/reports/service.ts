import type { Actor } from '../shared/actor.ts';
import { timestamp, type Clock } from '../shared/clock.ts';
import { dayIn } from '../shared/dates.ts';
import { NotFound } from '../shared/errors.ts';
import type { Storage } from '../storage/index.ts';
import type { Change } from './changes/change.ts';
import type { Comparison } from './changes/periods.ts';
import { createCodeShare } from './changes/code-share.ts';
import { createCodes } from './codes.ts';
import { comingInUntil } from './coming-in-store.ts';
import type { CompetitorsNamed } from '../coding/index.ts';
import { createCrosses, type Crossed, type CrossedField } from './crosses/service.ts';
import { createLeavers } from './leavers.ts';
import type { LeaverFilter } from './covers-rules.ts';
import { createDrawnIn } from './drawn.ts';
import { createEstimates, type Audits } from './estimate-service.ts';
import type { LeavingFigures } from './leaving-rules.ts';
import * as store from './leaving-store.ts';
import { createRecoveryReport } from './recovery.ts';
import { periodOf, type Period, type PeriodName, type TenureBand, type ValueBand } from './rules.ts';
import { figuresOf, NOTHING_DRAWN } from './sums/figures.ts';
import { createSums } from './sums/service.ts';
import { noSums } from './sums/sums.ts';
import { verbatimsOf, type Place } from './verbatims-service.ts';
import { createWhole, type Beside } from './whole-service.ts';

/** The programme whose answers say why customers leave. */
export const LEAVING = 'leaving';

export interface LeavingQuery {
  period?: PeriodName;
  from?: string;
  to?: string;
  segment?: string;
  country?: string;
  language?: string;
  tenure?: TenureBand;
  value?: ValueBand;
  compare?: Comparison;
}

/** Why customers left: the same figures for the page, the CSV file and the interface. */
export interface LeavingReport extends LeavingFigures {
  period: Period;
  currency: string;
  names: Map<string, Record<string, string>>;
}

/** The same with what has changed, the trend, and shares weighted for who did not answer. */
export interface WholeReport extends LeavingReport, Beside {
  /** Until that day answers of those who were asked are still coming in; null where they are in. */
  comingInUntil: string | null;
}

/** Reasons by the values of a field. */
export interface CrossReport {
  crossed: Crossed;
  /** What people call a value, where the value itself is an id: contact persons. */
  called: Map<string, string>;
  period: Period;
  currency: string;
  names: Map<string, Record<string, string>>;
}

interface Deps {
  storage: Storage;
  clock: Clock;
  company(): Promise<{ currency: string; timeZone: string }>;
  facets(): Promise<{ segments: string[]; countries: string[]; languages: string[] }>;
  audits: Audits;
  competitors: { named(programmeId: string): Promise<CompetitorsNamed> };
  colleagues(): Promise<{ id: string; name: string }[]>;
}

export type Reports = ReturnType<typeof createReports>;

export function createReports(deps: Deps) {
  const { storage, clock, company, audits } = deps;
  const estimates = createEstimates({ storage, audits, programmeKey: LEAVING });
  const sums = createSums({ storage, clock, company });
  const codesNow = createCodes(storage.read, LEAVING);
  const drawnIn = createDrawnIn({ read: storage.read, programmeId: estimates.programmeId, sums });
  const whole = createWhole({ storage, programmeKey: LEAVING, sums, drawnIn, company });
  const crosses = createCrosses({ storage, sums, drawnIn });
  const leavers = createLeavers({ storage, programmeKey: LEAVING, sums, estimates, company });

  async function filterOf(query: LeavingQuery): Promise<LeaverFilter> {
    const { timeZone } = await company();
    const today = dayIn(timeZone, clock.now());
    const { segment, country, language, tenure: tenureBand, value: valueBand } = query;
    const period = periodOf(query.period ?? '12m', today, { from: query.from, to: query.to });
    return { ...period, segment, country, language, tenureBand, valueBand };
  }

  async function asked(query: LeavingQuery) {
    const filter = await filterOf(query);
    const codes = await codesNow();
    const currency = await leavers.learnCurrency();
    return { filter, codes, currency, comparison: query.compare ?? 'before' };
  }

  /** Until that day answers of those who were asked are still coming in; null where they are in. */
  async function comingIn(): Promise<string | null> {
    const until = await comingInUntil(storage.read, LEAVING, timestamp(clock));
    return until === null ? null : dayIn((await company()).timeZone, new Date(until));
  }

  /** Everything on the page: the table of reasons with what stands beside it. */
  async function wholeReport(query: LeavingQuery): Promise<WholeReport> {
    const about = await asked(query);
    const { from, to } = about.filter;
    const names = new Map(about.codes.map((code) => [code.id, code.name]));
    return {
      ...(await whole.whole(about)),
      comingInUntil: await comingIn(),
      period: { from, to },
      currency: about.currency,
      names,
    };
  }

  async function cross(query: LeavingQuery, field: CrossedField): Promise<CrossReport> {
    const about = await asked(query);
    const { from, to } = about.filter;
    const names = new Map(about.codes.map((code) => [code.id, code.name]));
    const colleagues = field === 'contact' ? await deps.colleagues() : [];
    const called = new Map(colleagues.map(({ id, name }) => [id, name]));
    return { crossed: await crosses(field, about), called, period: { from, to }, currency: about.currency, names };
  }

  async function leaving(query: LeavingQuery): Promise<LeavingReport> {
    const filter = await filterOf(query);
    const [own = noSums()] = await sums.of(filter, [filter]);
    const codes = await codesNow();
    const currency = await leavers.learnCurrency();
    const drawn = own.uncoded > 0 ? await drawnIn(filter) : NOTHING_DRAWN;
    return {
      ...figuresOf({ sums: own, drawn, codes, currency }),
      period: { from: filter.from, to: filter.to },
      currency,
      names: new Map(codes.map((code) => [code.id, code.name])),
    };
  }

  /** Draws for the audit what the shares of this filter still need. False where they need nothing. */
  async function drawAudit(actor: Actor, query: LeavingQuery): Promise<boolean> {
    const { audit, leavers: among } = await leaving(query);
    if (!audit || audit.needed === 0) return false;
    await estimates.draw(actor, await filterOf(query), audit.audited + audit.needed, among);
    return true;
  }

  return {
    refreshLeavers: leavers.refresh,
    noteRead: leavers.noteRead,
    rebuildLeavers: leavers.rebuild,
    sumUp: sums.work,
    leaving,
    drawAudit,
    /** The answers behind one reason, second-level codes included, in random order. */
    verbatims: async (query: LeavingQuery, codeKey: string, place: Place) =>
      await verbatimsOf(storage.read, LEAVING, await filterOf(query), codeKey, place),
    codeShare: createCodeShare({ storage, clock, company }),
    /** What has changed against the period before, at most five changes and only what is more than chance. */
    changes: async (query: LeavingQuery): Promise<Change[]> => await whole.changes(await asked(query)),
    wholeReport,
    comingIn,
    cross,
    /** The competitors whom customers name, as far as colleagues have confirmed them, in all their answers on leaving. */
    async competitors(): Promise<CompetitorsNamed | null> {
      const id = await estimates.programmeId();
      return id === undefined ? null : await deps.competitors.named(id);
    },
    recovery: createRecoveryReport({ storage, clock, company }),
    /** What the filters offer: the values that any customer has. */
    filterValues: deps.facets,
    /** Throws NotFound unless this customer is among those whom the report is about. */
    async mayOpen(customerId: string): Promise<void> {
      if (!(await store.leaverExists(storage.read, customerId))) throw new NotFound();
    },
    /** The currency is needed inside transactions, where nothing else may be asked: it is read at start and at each report. */
    prepare: leavers.learnCurrency,
  };
}
