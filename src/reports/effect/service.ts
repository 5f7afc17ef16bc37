import { dayIn } from '../../shared/dates.ts';
import { wilson, type Share } from '../../shared/statistics.ts';
import type { Figure } from '../../retention/index.ts';
import type { Job } from '../../scheduler/index.ts';
import type { InsightDeps } from '../deps.ts';
import { chosenPeriod } from '../period-views.ts';
import { periodOf, type Period, type PeriodName } from '../rules.ts';
import { createRollup } from '../rollups.ts';
import { LEAVING } from '../service.ts';
import { listCohorts, replaceCohorts, sharesInForce, type CohortRow } from './cohort-store.ts';
import { countDraws } from './cohorts.ts';
import { durabilityOf, type Durability } from './durability.ts';
import { followReturns } from './returns.ts';
import { countReturns, noteReturns } from './returns-store.ts';
import { effectOf, LEAST, WINDOWS, type Effect as Comparison, type Window } from './rules.ts';
import type { Value } from '../value/service.ts';
import * as store from './winback-store.ts';
import type { Counts, OfferCounts } from './winback-store.ts';

export type Effect = ReturnType<typeof createEffect>;

export interface EffectQuery {
  period?: PeriodName | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export interface Compared extends Comparison {
  days: Window;
  /** Drawn, but the days have not all passed. */
  open: number;
}

/** One programme against those who were kept out of it. */
export interface ProgrammeEffect {
  id: string;
  key: string;
  name: string;
  /** In percent, as in force; 0 is off. */
  share: number;
  drawn: number;
  heldOut: number;
  compared: Compared[];
  cohorts: CohortRow[];
}

export interface Rates extends Counts {
  /** Won back / attempted, and won back / lost; null without a base. */
  ofAttempted: Share | null;
  ofLost: Share | null;
}

export interface EffectReport {
  period: Period;
  currency: string;
  /** Null before the draws were counted for the first time. */
  countedOn: string | null;
  countedAt: string | null;
  programmes: ProgrammeEffect[];
  /** Who left in the last twelve months: whether a holdout is worth its while. */
  leavers: number;
  rates: Rates;
  /** Described, not compared: whom we speak to is no chance. The reasons' key '' is unknown. */
  reasons: (Counts & { key: string; name: Record<string, string> })[];
  offers: (OfferCounts & { name: Record<string, string>; kind: string })[];
  /** '' for letters alone. */
  colleagues: (Counts & { id: string; name: string })[];
  durability: { wonBack: Durability; alone: Durability };
  cost: { usedMinor: number; openMinor: number };
  /** What is left of what the won-back have spent since, after the cost of goods; null while nobody has typed the margin. */
  marginMinor: number | null;
  /** That margin less the offers used; where nobody has typed it, all that they spent less the offers. */
  netMinor: number;
}

/** Whether winning back works. */
export function createEffect(deps: InsightDeps & { value: Pick<Value, 'typedMargin'> }) {
  const { storage, clock, accounts, customers, questionnaires, coding, value } = deps;
  const { read } = storage;
  // After the conversation has noted that they are back.
  customers.onChanged(noteReturns);
  const rollup = createRollup(deps, 'effect', async (today, goesOn) => {
    if (!(await followReturns(storage, today, goesOn))) return undefined;
    const cohorts = await countDraws(read, today, goesOn);
    return cohorts && { save: (tx) => replaceCohorts(tx, cohorts), content: '{}' };
  });

  async function counts(period: Period): Promise<{ reasons: Map<string, Counts>; rates: Rates }> {
    const reasons = await store.countByReason(read, period);
    const sum = (what: keyof Counts) => [...reasons.values()].reduce((total, row) => total + row[what], 0);
    const all = { lost: sum('lost'), attempted: sum('attempted'), wonBack: sum('wonBack'), cameBack: sum('cameBack') };
    const of = (base: number) => (base === 0 ? null : wilson(all.wonBack, base));
    return { reasons, rates: { ...all, ofAttempted: of(all.attempted), ofLost: of(all.lost) } };
  }

  async function programmes(): Promise<ProgrammeEffect[]> {
    const cohorts = Map.groupBy(await listCohorts(read), (row) => row.programme_id);
    const shares = await sharesInForce(read);
    return (await questionnaires.programmes())
      .map(({ id, key, name }) => programmeOf({ id, key, name }, shares.get(id) ?? 0, cohorts.get(id) ?? []))
      .filter(({ key, share, drawn }) => key === LEAVING || share > 0 || drawn > 0);
  }

  async function reasonNames(): Promise<Map<string, Record<string, string>>> {
    const leaving = (await questionnaires.programmes()).find(({ key }) => key === LEAVING);
    const book = leaving && (await coding.codebook(leaving.id));
    return new Map((book?.codes ?? []).map((code) => [code.key, code.name]));
  }

  async function described(period: Period, reasons: Map<string, Counts>) {
    const [names, offers, people] = [await reasonNames(), await store.offersNamed(read), await accounts.colleagues()];
    const byColleague = await store.countByColleague(read, period);
    const nameOf = (id: string | null) => people.find((each) => each.id === id)?.name ?? '';
    return {
      reasons: [...reasons]
        .map(([key, row]) => ({ key, name: names.get(key) ?? {}, ...row }))
        .sort((a, b) => Number(a.key === '') - Number(b.key === '') || b.attempted - a.attempted || b.lost - a.lost),
      offers: (await store.countByOffer(read, period))
        .map((row) => ({
          ...row,
          name: offers.get(row.offerId)?.name ?? {},
          kind: offers.get(row.offerId)?.kind ?? '',
        }))
        .sort((a, b) => b.given - a.given),
      colleagues: [...byColleague]
        .map(([id, row]) => ({ id: id ?? '', name: nameOf(id), ...row }))
        .sort((a, b) => Number(a.id === '') - Number(b.id === '') || b.attempted - a.attempted),
    };
  }

  async function report(query: EffectQuery): Promise<EffectReport> {
    const { timeZone, currency } = await accounts.company();
    const today = dayIn(timeZone, clock.now());
    const period = periodOf(chosenPeriod(query).period ?? '12m', today, { from: query.from, to: query.to });
    const { reasons, rates } = await counts(period);
    const known = await described(period, reasons);
    const returns = await countReturns(read, period.from, period.to);
    const wonBack = durabilityOf(returns.filter(({ attempted }) => attempted));
    const cost = {
      usedMinor: known.offers.reduce((sum, { usedMinor }) => sum + usedMinor, 0),
      openMinor: known.offers.reduce((sum, { openMinor }) => sum + openMinor, 0),
    };
    const margin = await value.typedMargin();
    const marginMinor = margin === null ? null : Math.round(wonBack.spentMinor * margin);
    const state = await rollup.state();
    return {
      period,
      currency,
      countedOn: state?.day ?? null,
      countedAt: state?.computed_at ?? null,
      programmes: await programmes(),
      leavers: (await counts(periodOf('12m', today, {}))).rates.lost,
      rates,
      ...known,
      durability: { wonBack, alone: durabilityOf(returns.filter(({ attempted }) => !attempted)) },
      cost,
      marginMinor,
      netMinor: (marginMinor ?? wonBack.spentMinor) - cost.usedMinor,
    };
  }

  const jobs: Job[] = [rollup.job];
  return {
    jobs,
    refresh: rollup.refresh,
    report,
    /** Won back / attempted, of those who left in the period; both days included. */
    async winbackRate(period: Period): Promise<Figure> {
      const { attempted, ofAttempted } = (await counts(period)).rates;
      const { share = null, low = null, high = null } = ofAttempted ?? {};
      return { value: share, low, high, base: attempted, unit: 'share' };
    },
  };
}

function programmeOf(
  programme: { id: string; key: string; name: string },
  share: number,
  cohorts: CohortRow[],
): ProgrammeEffect {
  const sum = (rows: CohortRow[]) => rows.reduce((total, { drawn }) => total + drawn, 0);
  const drawn = sum(cohorts);
  const heldOut = sum(cohorts.filter(({ held_out }) => held_out === 1));
  return {
    ...programme,
    share,
    drawn,
    heldOut,
    cohorts,
    compared: comparisons(cohorts, { drawn, part: share > 0 ? share / 100 : partOf(heldOut, drawn) }),
  };
}

const partOf = (heldOut: number, drawn: number): number | undefined =>
  heldOut === 0 || heldOut === drawn ? undefined : heldOut / drawn;

function comparisons(cohorts: CohortRow[], { drawn, part }: { drawn: number; part: number | undefined }): Compared[] {
  let usual: number | undefined;
  return WINDOWS.map((days) => {
    const groups = cohorts.map((row) => ({
      share: row.share,
      heldOut: row.held_out === 1,
      base: days === 90 ? row.due_90 : row.due_180,
      back: days === 90 ? row.back_90 : row.back_180,
    }));
    const open = drawn - groups.reduce((total, { base }) => total + base, 0);
    const effect = effectOf(groups, { open, part, usual });
    // Whoever is back in 90 days is back in 180.
    if (effect.held.base >= LEAST) usual = effect.held.share;
    return { days, open, ...effect };
  });
}
