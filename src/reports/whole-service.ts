import { dayIn } from '../shared/dates.ts';
import type { Difference } from '../shared/statistics.ts';
import type { Storage } from '../storage/index.ts';
import type { Change } from './changes/change.ts';
import { codebookChanges } from './changes/codebook-marks-store.ts';
import { comparedWith, daysIn, type Comparison } from './changes/periods.ts';
import {
  byChance,
  changesBetween,
  differenceOf,
  forComparing,
  isComparable,
  type Changed,
  type Side,
} from './changes/rules.ts';
import type { LeaverFilter } from './covers-rules.ts';
import type { DrawnIn } from './drawn.ts';
import type { Code, Drawn } from './estimate.ts';
import type { CodedShare, LeavingFigures } from './leaving-rules.ts';
import type { Period } from './rules.ts';
import { figuresOf, NOTHING_DRAWN, type Grounds } from './sums/figures.ts';
import type { SumsService } from './sums/service.ts';
import { addSums, countIn, lostIn, noSums, type Sums } from './sums/sums.ts';
import { grainFor, marksIn, stepsUpTo, type Grain, type Mark } from './trend/rules.ts';
import { weightedShares, type Weighted } from './weights/rules.ts';

/** A period's figures beside those of the one that it is compared with. */
interface Compared {
  comparison: Comparison;
  period: Period;
  figures: LeavingFigures;
  /** By the id of a reason's code; empty where a base is under 30 or an estimate is not sound. */
  differences: Map<string, Difference>;
  /** Days on which the codebook changed between the two. */
  codebookChanged: string[];
}

export interface TrendStep extends Period {
  base: number;
  basis: LeavingFigures['basis'];
  /** By the id of a reason's code, with intervals by which times can be compared. */
  reasons: Map<string, CodedShare & { count: number }>;
}

interface Trend {
  grain: Grain;
  steps: TrendStep[];
  marks: Mark[];
}

/** What stands on the page beside the table of reasons. */
export interface Beside {
  /** Left in the period too, and have come back since: nothing else on the page counts them. */
  returned: number;
  /** Null where there is no period before. */
  compared: Compared | null;
  changed: Changed;
  trend: Trend;
  weighted: Weighted | null;
}

interface Deps {
  storage: Storage;
  programmeKey: string;
  sums: SumsService;
  drawnIn: DrawnIn;
  company(): Promise<{ timeZone: string }>;
}

interface Asked {
  filter: LeaverFilter;
  comparison: Comparison;
  codes: (Code & { name: Record<string, string> })[];
  currency: string;
}

/** Everything that the page says about a filter, from sums that are read once. */
export function createWhole({ storage, programmeKey, sums, drawnIn, company }: Deps) {
  async function drawnFor(filter: LeaverFilter, periods: Period[], all: Sums[]): Promise<Drawn> {
    if (all.every(({ uncoded }) => uncoded === 0)) return NOTHING_DRAWN;
    const from = periods.reduce((least, each) => (each.from < least ? each.from : least), filter.from);
    return await drawnIn({ ...filter, from });
  }

  async function codebookDays(from: string): Promise<string[]> {
    const { timeZone } = await company();
    const moments = await codebookChanges(storage.read, programmeKey, from);
    return [...new Set(moments.map((at) => dayIn(timeZone, new Date(at))))];
  }

  /** The figures of the period alone, and of what it is compared with. */
  async function compared(asked: Asked): Promise<Changed> {
    const { filter, comparison, codes, currency } = asked;
    const before = comparedWith(filter, comparison);
    if (!before) return { changes: [], tested: 0 };
    const [own = noSums(), earlier = noSums()] = await sums.of(filter, [filter, before]);
    const drawn = await drawnFor(filter, [before], [own, earlier]);
    const [back = noSums(), backBefore = noSums()] = await sums.returned(filter, [filter, before], currency);
    const sideOf = (period: Period, each: Sums, returned: Sums): Side => {
      const figures = figuresOf({ sums: each, drawn: within(drawn, period), codes, currency });
      return side(period, figures, each, returned);
    };
    return changesBetween(sideOf(filter, own, back), sideOf(before, earlier, backBefore), namesOf(codes));
  }

  async function whole(asked: Asked): Promise<LeavingFigures & Beside> {
    const { filter, comparison, codes, currency } = asked;
    const before = comparedWith(filter, comparison);
    const months = stepsUpTo(filter.to, 'month');
    const periods = [filter, ...months, ...(before ? [before] : [])];
    const all = await sums.of(filter, periods, 'strata');
    const drawn = await drawnFor(filter, periods, all);
    const groundsAt = (i: number): Grounds => {
      return { sums: all[i] ?? noSums(), drawn: within(drawn, periods[i] ?? filter), codes, currency };
    };
    const figures = figuresOf(groundsAt(0));
    const byMonth = months.map((_, i) => figuresOf(groundsAt(i + 1)));
    const grain = grainFor(byMonth);
    const steps = grain === 'month' ? months : stepsUpTo(filter.to, 'quarter');
    const quarterly = (quarter: Period): Grounds => {
      const own = all.slice(1, months.length + 1).filter((_, i) => isWithin(quarter, months[i]));
      return { sums: own.reduce(addSums, noSums()), drawn: within(drawn, quarter), codes, currency };
    };
    const ofSteps = grain === 'month' ? byMonth : steps.map((step) => figuresOf(quarterly(step)));
    const last = periods.length - 1;
    const earlier = before ? figuresOf(groundsAt(last)) : null;
    const compared = before ? [filter, before] : [filter];
    const [back = noSums(), backBefore = noSums()] = await sums.returned(filter, compared, currency);
    const days = await codebookDays(periods.reduce((least, { from }) => (from < least ? from : least), filter.to));
    return {
      ...figures,
      returned: countIn(back),
      compared: before && earlier ? besideEarlier(figures, filter, earlier, before, comparison, days) : null,
      changed:
        before && earlier
          ? changesBetween(
              side(filter, figures, all[0] ?? noSums(), back),
              side(before, earlier, all[last] ?? noSums(), backBefore),
              namesOf(codes),
            )
          : { changes: [], tested: 0 },
      trend: { grain, steps: steps.map((step, i) => stepOf(step, ofSteps[i]!)), marks: marksIn(steps, days) },
      weighted: weightedShares(groundsAt(0), figures),
    };
  }

  return {
    whole,
    changes: async (asked: Asked): Promise<Change[]> => (await compared(asked)).changes,
  };
}

const isWithin = ({ from, to }: Period, month?: Period): boolean =>
  month !== undefined && from <= month.from && month.to <= to;

function side(period: Period, figures: LeavingFigures, sums: Sums, returned: Sums): Side {
  const departures = {
    count: figures.leavers + countIn(returned),
    lostMinor: figures.lostMinor + lostIn(returned),
    squares: sums.squares + returned.squares,
  };
  return { figures, departures, days: daysIn(period) };
}

const namesOf = (codes: Asked['codes']) => new Map(codes.map(({ id, name }) => [id, name]));

/** What was drawn among those who left in a period. */
function within({ audited, waiting }: Drawn, { from, to }: Period): Drawn {
  const isIn = ({ leftOn }: { leftOn: string }) => from <= leftOn && leftOn <= to;
  return { audited: audited.filter(isIn), waiting: waiting.filter(isIn) };
}

function besideEarlier(
  figures: LeavingFigures,
  filter: Period,
  earlier: LeavingFigures,
  period: Period,
  comparison: Comparison,
  days: string[],
): Compared {
  const before = new Map(earlier.reasons.map((row) => [row.codeId, row.coded]));
  const differences = isComparable(figures, earlier)
    ? figures.reasons.flatMap(({ codeId, coded }): [string, Difference][] => {
        const other = before.get(codeId);
        const difference = other && differenceOf(byChance(coded, figures), byChance(other, earlier));
        return difference ? [[codeId, difference]] : [];
      })
    : [];
  const codebookChanged = days.filter((day) => period.from <= day && day <= filter.to);
  return { comparison, period, figures: earlier, differences: new Map(differences), codebookChanged };
}

function stepOf({ from, to }: Period, figures: LeavingFigures): TrendStep {
  const { base, basis, reasons } = forComparing(figures);
  return {
    from,
    to,
    base,
    basis,
    reasons: new Map(reasons.map(({ codeId, coded, count }) => [codeId, { ...coded, count }])),
  };
}
