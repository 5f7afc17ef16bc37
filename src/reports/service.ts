import type { Actor } from '../shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import { dayIn } from '../shared/dates.ts';
import { NotFound } from '../shared/errors.ts';
import type { Schema, Storage, Tx } from '../storage/index.ts';
import type { Change } from './changes/change.ts';
import type { Comparison } from './changes/periods.ts';
import { createCodeShare } from './changes/code-share.ts';
import type { CompetitorsNamed } from '../coding/index.ts';
import { createCrosses, type Crossed, type CrossedField } from './crosses/service.ts';
import { customersWhoLeft, leaverSources, replaceLeavers } from './leaver-store.ts';
import type { LeaverFilter } from './covers-rules.ts';
import { createEstimates, type Audits } from './estimate-service.ts';
import type { LeavingFigures } from './leaving-rules.ts';
import * as store from './leaving-store.ts';
import { createRecoveryReport } from './recovery.ts';
import {
  knowledgeOf,
  periodOf,
  tenureBand,
  valueBand,
  type Period,
  type PeriodName,
  type TenureBand,
  type ValueBand,
} from './rules.ts';
import { figuresOf, NOTHING_DRAWN } from './sums/figures.ts';
import { createSums } from './sums/service.ts';
import { noSums } from './sums/sums.ts';
import { createWhole, type Beside } from './whole-service.ts';

/** The programme whose answers say why customers leave. */
export const LEAVING = 'leaving';
const CHUNK = 200;
const VERBATIMS_A_PAGE = 12;

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
export type WholeReport = LeavingReport & Beside;

/** Reasons by the values of a field. */
export interface CrossReport {
  crossed: Crossed;
  period: Period;
  currency: string;
  names: Map<string, Record<string, string>>;
}

export interface Verbatim {
  customerId: string;
  responseId: string;
  /** The open answers in the order in which they were given. */
  texts: { text: string; language: string }[];
  submittedAt: string;
  mode: string;
  customerSince: string | null;
  worthMinor: number;
  codes: { codeId: string; main: boolean }[];
  coders: string[];
  /** Where the engine gave the main reason: how sure it was. */
  byEngine: { codeId: string; chance: number } | null;
  statedCodeId: string | null;
}

interface Deps {
  storage: Storage;
  clock: Clock;
  company(): Promise<{ currency: string; timeZone: string }>;
  facets(): Promise<{ segments: string[]; countries: string[]; languages: string[] }>;
  audits: Audits;
  competitors: { named(programmeId: string): Promise<CompetitorsNamed> };
}

export type Reports = ReturnType<typeof createReports>;

export function createReports({ storage, clock, company, facets, audits, competitors: { named } }: Deps) {
  const estimates = createEstimates({ storage, audits, programmeKey: LEAVING });
  const sums = createSums({ storage, clock });
  const whole = createWhole({ storage, programmeKey: LEAVING, sums, estimates, company });
  const crosses = createCrosses({ storage, sums, estimates });
  let currency = 'EUR';

  /** Brings the leavers among these customers up to date, in the transaction that changed something about them. */
  async function refreshLeavers(tx: Tx, customerIds: string[]): Promise<void> {
    const ids = [...new Set(customerIds)];
    for (let start = 0; start < ids.length; start += CHUNK) {
      const chunk = ids.slice(start, start + CHUNK);
      const before = await sums.daysLeft(tx, chunk);
      const sources = await leaverSources(tx, chunk, LEAVING);
      const rows = sources.map((source) => leaverRow(source, currency));
      await replaceLeavers(tx, chunk, rows);
      await sums.note(
        tx,
        before,
        rows.map((row) => row.left_on),
      );
      await estimates.include(tx, rows);
    }
  }

  /** The engine's chances of these customers' reasons are others now. */
  async function noteRead(tx: Tx, customerIds: string[]): Promise<void> {
    await sums.note(tx, await sums.daysLeft(tx, customerIds), []);
  }

  /** Builds the table anew from nothing, a part at a time, so that nobody waits for it. */
  async function rebuildLeavers(): Promise<number> {
    await learnCurrency();
    let after = '';
    let count = 0;
    for (;;) {
      const ids = await customersWhoLeft(storage.read, after, CHUNK);
      if (ids.length === 0) break;
      await storage.transaction((tx) => refreshLeavers(tx, ids));
      count += ids.length;
      after = ids.at(-1) ?? after;
      await new Promise(setImmediate);
    }
    await sums.rebuild();
    return count;
  }

  async function learnCurrency(): Promise<void> {
    ({ currency } = await company());
  }

  async function filterOf(query: LeavingQuery): Promise<LeaverFilter> {
    const { timeZone } = await company();
    const today = dayIn(timeZone, clock.now());
    const { segment, country, language, tenure: tenureBand, value: valueBand } = query;
    const period = periodOf(query.period ?? '12m', today, { from: query.from, to: query.to });
    return { ...period, segment, country, language, tenureBand, valueBand };
  }

  async function asked(query: LeavingQuery) {
    const filter = await filterOf(query);
    const codes = await store.codesOf(storage.read, LEAVING);
    await learnCurrency();
    return { filter, codes, currency, comparison: query.compare ?? 'before' };
  }

  /** Everything on the page: the table of reasons with what stands beside it. */
  async function wholeReport(query: LeavingQuery): Promise<WholeReport> {
    const about = await asked(query);
    const { from, to } = about.filter;
    const names = new Map(about.codes.map((code) => [code.id, code.name]));
    return { ...(await whole.whole(about)), period: { from, to }, currency, names };
  }

  async function cross(query: LeavingQuery, field: CrossedField): Promise<CrossReport> {
    const about = await asked(query);
    const { from, to } = about.filter;
    const names = new Map(about.codes.map((code) => [code.id, code.name]));
    return { crossed: await crosses(field, about), period: { from, to }, currency, names };
  }

  async function leaving(query: LeavingQuery): Promise<LeavingReport> {
    const filter = await filterOf(query);
    const [own = noSums()] = await sums.of(filter, [filter]);
    const codes = await store.codesOf(storage.read, LEAVING);
    await learnCurrency();
    const drawn = own.uncoded > 0 ? await estimates.drawnIn(filter) : NOTHING_DRAWN;
    return {
      ...figuresOf({ sums: own, drawn, codes, currency }),
      period: { from: filter.from, to: filter.to },
      currency,
      names: new Map(codes.map((code) => [code.id, code.name])),
    };
  }

  /** Draws for the audit what the shares of this filter still need. False where they need nothing. */
  async function drawAudit(actor: Actor, query: LeavingQuery): Promise<boolean> {
    const { audit, leavers } = await leaving(query);
    if (!audit || audit.needed === 0) return false;
    await estimates.draw(actor, await filterOf(query), audit.audited + audit.needed, leavers);
    return true;
  }

  /** The answers behind one reason, second-level codes included, in random order from a point between 0 and 1. */
  async function verbatims(query: LeavingQuery, codeKey: string, after: number) {
    const codes = await store.codesOf(storage.read, LEAVING);
    const code = codes.find((each) => each.key === codeKey);
    if (!code) throw new NotFound();
    const family = codes.filter((each) => each.id === code.id || each.parentId === code.id).map((each) => each.id);
    const found = await store.verbatims(storage.read, await filterOf(query), family, after, VERBATIMS_A_PAGE);
    return { code, codes, rows: await withWords(found.rows), next: found.next };
  }

  async function withWords(rows: store.VerbatimRow[]): Promise<Verbatim[]> {
    const ids = rows.map((row) => row.response_id);
    const answers = await store.openAnswers(storage.read, ids);
    const codings = await store.codingsBehind(storage.read, ids);
    return rows.map((row) => {
      const own = codings.filter((each) => each.response_id === row.response_id && each.coder_kind !== 'respondent');
      return {
        customerId: row.customer_id,
        responseId: row.response_id,
        texts: answers
          .filter((each) => each.response_id === row.response_id && each.verbatim)
          .map((each) => ({ text: each.verbatim ?? '', language: each.language })),
        submittedAt: row.submitted_at,
        mode: row.mode,
        customerSince: row.customer_since,
        worthMinor: row.lost_minor,
        codes: own.map((each) => ({ codeId: each.code_id, main: each.is_main === 1 })),
        coders: [...new Set(own.flatMap((each) => (each.coder ? [each.coder] : [])))],
        byEngine:
          row.main_source === 'engine' && row.main_code_id !== null
            ? { codeId: row.main_code_id, chance: row.chance ?? 0 }
            : null,
        statedCodeId: row.stated_code_id,
      };
    });
  }

  return {
    refreshLeavers,
    noteRead,
    rebuildLeavers,
    sumUp: sums.work,
    leaving,
    drawAudit,
    verbatims,
    codeShare: createCodeShare({ storage, clock, company }),
    /** What has changed against the period before, at most five changes and only what is more than chance. */
    changes: async (query: LeavingQuery): Promise<Change[]> => await whole.changes(await asked(query)),
    wholeReport,
    cross,
    /** The competitors whom customers name, as far as colleagues have confirmed them, in all their answers on leaving. */
    async competitors(): Promise<CompetitorsNamed | null> {
      const id = await estimates.programmeId();
      return id === undefined ? null : await named(id);
    },
    recovery: createRecoveryReport({ storage, clock, company }),
    /** What the filters offer: the values that any customer has. */
    filterValues: facets,
    /** Throws NotFound unless this customer is among those whom the report is about. */
    async mayOpen(customerId: string): Promise<void> {
      if (!(await store.leaverExists(storage.read, customerId))) throw new NotFound();
    },
    /** The currency is needed inside transactions, where nothing else may be asked: it is read at start and at each report. */
    prepare: learnCurrency,
  };
}

type LeaverSource = Awaited<ReturnType<typeof leaverSources>>[number];

function leaverRow(source: LeaverSource, currency: string): Schema['leaver'] {
  const leftOn = source.left_on ?? '';
  const reached = Number(source.reached ?? 0);
  const knowledge = knowledgeOf({
    mainKind: source.main_kind,
    answered: source.response_id !== null,
    withheld: reached === 2,
    asked: reached === 1,
  });
  const decided = source.main_kind !== null;
  return {
    customer_id: source.id,
    left_on: leftOn,
    lost_minor: source.worth_minor,
    knowledge,
    main_code_id: decided ? source.code_id : null,
    main_source: decided ? source.source : null,
    stated_code_id: source.stated_code_id,
    response_id: source.response_id,
    submitted_at: source.submitted_at,
    segment: source.segment,
    country: source.country,
    language: source.language,
    tenure_band: tenureBand(source.customer_since, leftOn),
    value_band: valueBand(source.worth_minor, currency),
  };
}
