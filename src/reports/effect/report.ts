import { dayIn } from '../../shared/dates.ts';
import type { InsightDeps } from '../deps.ts';
import { chosenPeriod } from '../period-views.ts';
import type { Rollup } from '../rollups.ts';
import { periodOf, type Period, type PeriodName } from '../rules.ts';
import type { Value } from '../value/service.ts';
import { describe, type Described } from './described.ts';
import { durabilityOf, type Durability } from './durability.ts';
import { programmesOf, type ProgrammeEffect } from './programmes.ts';
import { countsIn, type Rates } from './rates.ts';
import { countReturns } from './returns-store.ts';
import { countLeft } from './winback-store.ts';

export interface EffectDeps extends InsightDeps {
  value: Pick<Value, 'typedMargin'>;
}

export interface EffectQuery {
  period?: PeriodName | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** The same figures for the page and the CSV file. Money in minor units. */
export interface EffectReport extends Described {
  period: Period;
  currency: string;
  /** Null before the draws were counted for the first time. */
  countedOn: string | null;
  countedAt: string | null;
  programmes: ProgrammeEffect[];
  /** Who left in the last twelve months: whether a holdout is worth its while. */
  leavers: number;
  rates: Rates;
  durability: { wonBack: Durability; alone: Durability };
  cost: { usedMinor: number; openMinor: number };
  /** What is left of what the won-back have spent since, after the cost of goods; null while nobody has typed the margin. */
  marginMinor: number | null;
  /** That margin less the offers used; where nobody has typed it, all that they spent less the offers. */
  netMinor: number;
}

/** Of those who left in the period that is asked for, the last twelve months where none is. */
export async function effectReport(deps: EffectDeps, rollup: Rollup, query: EffectQuery): Promise<EffectReport> {
  const { storage, clock, accounts } = deps;
  const { read } = storage;
  const { timeZone, currency } = await accounts.company();
  const today = dayIn(timeZone, clock.now());
  const period = periodOf(chosenPeriod(query).period ?? '12m', today, { from: query.from, to: query.to });
  const { reasons, rates } = await countsIn(read, period);
  const described = await describe(deps, read, period, reasons);
  const returns = await countReturns(read, period.from, period.to);
  const wonBack = durabilityOf(returns.filter(({ attempted }) => attempted));
  const state = await rollup.state();
  return {
    period,
    currency,
    countedOn: state?.day ?? null,
    countedAt: state?.computed_at ?? null,
    programmes: await programmesOf(deps, read),
    leavers: await countLeft(read, periodOf('12m', today, {})),
    rates,
    ...described,
    durability: { wonBack, alone: durabilityOf(returns.filter(({ attempted }) => !attempted)) },
    ...worthOf(wonBack, described.offers, await deps.value.typedMargin()),
  };
}

/** What the won-back have brought since, less what the offers cost. */
function worthOf(
  { spentMinor }: Durability,
  offers: Described['offers'],
  margin: number | null,
): Pick<EffectReport, 'cost' | 'marginMinor' | 'netMinor'> {
  const cost = {
    usedMinor: offers.reduce((sum, { usedMinor }) => sum + usedMinor, 0),
    openMinor: offers.reduce((sum, { openMinor }) => sum + openMinor, 0),
  };
  const marginMinor = margin === null ? null : Math.round(spentMinor * margin);
  return { cost, marginMinor, netMinor: (marginMinor ?? spentMinor) - cost.usedMinor };
}
