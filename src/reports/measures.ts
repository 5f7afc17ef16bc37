import type { Figure, Measure } from '../retention/index.ts';
import { addDays, addMonths } from '../shared/dates.ts';
import { wilson, type Share } from '../shared/statistics.ts';
import { momentAt } from '../shared/zones.ts';
import type { InsightDeps } from './deps.ts';
import type { Effect } from './effect/service.ts';
import { countAnswered } from './measures-store.ts';
import type { Period } from './rules.ts';
import type { Satisfaction } from './satisfaction/service.ts';
import type { Survival } from './survival/service.ts';
import type { Value } from './value/service.ts';

export interface MeasuresDeps extends InsightDeps {
  value: Value;
  effect: Effect;
  survival: Survival;
  satisfaction: Satisfaction;
}

type Measuring = (period: Period) => Promise<Figure>;

/** The measures that a goal can be about, each from the part that works it out. */
export function createMeasures(deps: MeasuresDeps) {
  const { storage, accounts, reports, value, effect, survival, satisfaction } = deps;

  /** Confirmed by the customer / closed. */
  async function recoveryRate(period: Period): Promise<Figure> {
    const { rate, closed } = await reports.recovery(period);
    return asFigure(rate, closed);
  }

  /** Completed / delivered, of the waves that began in the period and whose answers are in. */
  async function responseRate({ from, to }: Period): Promise<Figure> {
    const { timeZone } = await accounts.company();
    const startOf = (day: string) => momentAt(timeZone, { day, minutes: 0 });
    const { delivered, completed } = await countAnswered(storage.read, startOf(from), startOf(addDays(to, 1)));
    return asFigure(delivered > 0 ? wilson(Math.min(completed, delivered), delivered) : null, delivered);
  }

  const measuring: Record<Measure, Measuring> = {
    service: satisfaction.service,
    satisfaction: satisfaction.satisfaction,
    retention: survival.retention,
    money_lost: value.moneyLost,
    winback_rate: effect.winbackRate,
    recovery_rate: recoveryRate,
    response_rate: responseRate,
  };

  /** In the twelve months up to a day ('YYYY-MM-DD'), which is included. */
  return (name: Measure, upTo: string): Promise<Figure> =>
    measuring[name]({ from: addDays(addMonths(upTo, -12), 1), to: upTo });
}

function asFigure(share: Share | null, base: number): Figure {
  const { share: value = null, low = null, high = null } = share ?? {};
  return { value, low, high, base, unit: 'share' };
}
