import { addDays, addMonths } from '../../shared/dates.ts';
import type { Figure } from '../../retention/index.ts';
import type { Period } from '../rules.ts';
import type { Survival } from '../survival/service.ts';
import { changeOf, goodShare, type GoodShare } from './figures-rules.ts';
import type { Filter } from './filter.ts';
import type { Part } from './parts.ts';
import type { Reading } from './reading.ts';
import type { MeasureReport } from './report.ts';
import type { Sum } from './sums.ts';
import { monthsUpTo, trendOf, type Trend } from './trend-rules.ts';

/** Under so many on either side no change is spoken of. */
export const FEWEST_COMPARED = 30;

interface Scores {
  now: Sum[];
  before: Sum[] | null;
}

/** Service, satisfaction and retention, each on its own. */
export function createMeasuring(reading: Reading, survival: Pick<Survival, 'retention'>) {
  /** Of all customers: who stays is known without asking anybody. */
  async function retention(period: Period, previous: Period | null): Promise<MeasureReport> {
    const now = asShare(await survival.retention(period));
    const before = previous && asShare(await survival.retention(previous));
    return reported('retention', now, before, await stays(period.to));
  }

  async function stays(day: string): Promise<Trend> {
    const points: Trend['points'] = [];
    for (const month of monthsUpTo(day).filter((_, i) => i % 3 === 0)) {
      const end = addDays(addMonths(`${month}-01`, 3), -1);
      const figure = await survival.retention({ from: `${month}-01`, to: end < day ? end : day });
      points.push({ month, ...asShare(figure) });
    }
    return { grain: 'quarter', points };
  }

  return {
    /** All three, in the order in which they are shown. */
    async measures({ period, of }: Filter, previous: Period | null, scores: Scores): Promise<MeasureReport[]> {
      const months = { from: monthsUpTo(period.to)[0] ?? '', to: period.to.slice(0, 7) };
      const byMonth = await reading.scoresByMonth(months, of);
      const asked = (measure: 'service' | 'satisfaction', part: Part) => {
        const before = scores.before && goodShare(scores.before, part);
        return reported(measure, goodShare(scores.now, part), before, trendOf(byMonth, part, period.to));
      };
      return [asked('service', 'after'), asked('satisfaction', 'satisfaction'), await retention(period, previous)];
    },

    /** The share of 4 and 5 in a part, of all customers. */
    async figureOf(part: Part, period: Period): Promise<Figure> {
      const { base, share } = goodShare(await reading.sums('score', { period, of: {} }), part);
      return { value: share?.share ?? null, low: share?.low ?? null, high: share?.high ?? null, base, unit: 'share' };
    },
  };
}

function reported(
  measure: MeasureReport['measure'],
  now: GoodShare,
  before: GoodShare | null,
  trend: Trend,
): MeasureReport {
  return {
    measure,
    ...plainly(now),
    before: before && plainly(before),
    change: changeOf(now, before, FEWEST_COMPARED),
    trend,
  };
}

function asShare({ value, low, high, base }: Figure): GoodShare {
  const share = value === null ? null : { share: value, low: low ?? value, high: high ?? value };
  return { base, good: 0, share };
}

const plainly = ({ base, share }: GoodShare) => ({ base, share });
