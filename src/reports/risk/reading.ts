import type { Customer } from '../../customers/index.ts';
import { addDays, addMonths } from '../../shared/dates.ts';
import { page, type Db } from '../../storage/index.ts';
import { bandsOf, HORIZON_DAYS, type Band } from './calibration-rules.ts';
import type { RiskDeps } from './deps.ts';
import { countByMonth, countFlags, countNewFlags } from './flag-store.ts';
import type { Outcomes } from './outcomes.ts';
import { readReasons } from './reasons.ts';
import { UNFITTED, type Reason } from './rules.ts';
import * as store from './risk-store.ts';
import type { RiskFilter, RiskRow } from './risk-store.ts';
import { leftLately, type LeftRow } from './sources-store.ts';

const A_PAGE = 20;
const LATELY_DAYS = 90;
const MOST_LEFT = 10;
const RECORD_MONTHS = 36;

export interface AtRisk {
  customerId: string;
  /** The chance to lose them within half a year, between 0 and 1. */
  score: number;
  reasons: Reason[];
  /** In minor units a year. */
  worthMinor: number;
  /** score x worth. */
  worthAtRiskMinor: number;
  flaggedAt: string | null;
  contactAccountId: string | null;
  standing: RiskRow['standing'];
}

export interface RiskCounts {
  customers: number;
  worthMinor: number;
  atRiskMinor: number;
}

export interface RiskList {
  rows: AtRisk[];
  next: string | null;
  people: Map<string, Customer>;
}

export interface RiskRecord {
  /** Flags of the last three years whose half year is over: said beside happened. */
  bands: Band[];
  /** The same together: customers flagged, and what became of them; each rise of a flag is not counted again. */
  total: { flags: number; left: number; bought: number; silent: number };
  /** Flags whose half year still runs. */
  open: number;
  /** By the day on which they were raised, or the month. */
  months: { month: string; flags: number; left: number; bought: number; silent: number; lookedBack: boolean }[];
  lookedBack: boolean;
  /** The chances are corrected by this record. */
  fitted: boolean;
}

type Deps = Pick<RiskDeps, 'storage' | 'customers'> & { outcomes: Outcomes; today: () => Promise<string> };

/** What is shown of it: one function each for page, file, interface and mail. */
export function createReading({ storage, customers, outcomes, today }: Deps) {
  const { read } = storage;

  async function list(filter: RiskFilter, cursor: string | null, limit = A_PAGE): Promise<RiskList> {
    const parts = /^(\d{1,15}) ([0-9a-f-]{36})$/.exec(cursor ?? '');
    const after = parts ? { atRisk: Number(parts[1]), id: parts[2] ?? '' } : null;
    const rows = await store.listRisks(read, filter, after, limit + 1);
    const part = page(rows, limit, (row) => `${row.worth_at_risk_minor} ${row.customer_id}`);
    const people = await customers.findMany(
      read,
      part.rows.map((row) => row.customer_id),
    );
    const known = part.rows.filter((row) => people.get(row.customer_id)?.erasedAt === null);
    return { rows: known.map(atRiskOf), next: part.next, people };
  }

  /** Whether the chances are corrected by the business's own record. */
  async function isFitted(): Promise<boolean> {
    const { slope, offset } = await outcomes.fit(read);
    return slope !== UNFITTED.slope || offset !== UNFITTED.offset;
  }

  return {
    list,
    /** The flagged customers with the most money at risk. */
    async top(limit: number): Promise<(AtRisk & { customer: Customer })[]> {
      const { rows, people } = await list({}, null, limit);
      return rows.flatMap((row) => {
        const customer = people.get(row.customerId);
        return customer ? [{ ...row, customer }] : [];
      });
    },
    /** How many are flagged, what they are worth a year, and how much of that is at risk. */
    counts: (filter: RiskFilter = {}): Promise<RiskCounts> => store.countRisks(read, filter),
    /** Of up to 500 customers, by id; nothing for those without a sign. */
    async of(db: Db, ids: string[]): Promise<Map<string, AtRisk>> {
      return new Map([...(await store.risksOf(db, ids))].map(([id, row]) => [id, atRiskOf(row)]));
    },
    /** The last ones of whom a person or an import said that they left. */
    async left(): Promise<{ rows: LeftRow[]; people: Map<string, Customer> }> {
      const rows = await leftLately(read, addDays(await today(), -LATELY_DAYS), MOST_LEFT);
      return {
        rows,
        people: await customers.findMany(
          read,
          rows.map(({ id }) => id),
        ),
      };
    },
    isFitted,
    async record(): Promise<RiskRecord> {
      const day = await today();
      const from = addMonths(day, -RECORD_MONTHS);
      const over = addDays(day, -HORIZON_DAYS - 1);
      const counts = await countFlags(read, { from, to: over });
      const firsts = counts.filter((row) => row.first === 1);
      return {
        bands: bandsOf(counts),
        total: tally(firsts),
        open: await countNewFlags(read, { from: addDays(over, 1), to: day }),
        months: monthsOf(await countByMonth(read, { from, to: over })),
        lookedBack: counts.some((row) => row.looked_back === 1),
        fitted: await isFitted(),
      };
    },
  };
}

interface Counted {
  outcome: string;
  flags: number;
}

const sum = (rows: readonly Counted[]): number => rows.reduce((total, row) => total + row.flags, 0);

function tally(rows: readonly Counted[]): RiskRecord['total'] {
  const of = (outcome: string) => sum(rows.filter((row) => row.outcome === outcome));
  return { flags: sum(rows), left: of('left'), bought: of('bought'), silent: of('silent') };
}

function monthsOf(rows: Awaited<ReturnType<typeof countByMonth>>): RiskRecord['months'] {
  const groups = Map.groupBy(rows, (row) => `${row.flagged_on.slice(0, 7)} ${row.looked_back}`);
  return [...groups].map(([key, theirs]) => ({
    month: key.slice(0, 7),
    lookedBack: key.endsWith('1'),
    ...tally(theirs),
  }));
}

function atRiskOf(row: RiskRow): AtRisk {
  return {
    customerId: row.customer_id,
    score: row.score,
    reasons: readReasons(row.reasons),
    worthMinor: row.worth_minor,
    worthAtRiskMinor: row.worth_at_risk_minor,
    flaggedAt: row.flagged_at,
    contactAccountId: row.contact_account_id,
    standing: row.standing,
  };
}
