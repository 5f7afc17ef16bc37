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
export function createMeasuring(reading: Reading, survival: Pick<Survival, 'retentions'>) {
  /** Of all customers: who stays is known without asking anybody. */
  async function retention(period: Period, previous: Period | null): Promise<MeasureReport> {
    const quarters = quartersUpTo(period.to);
    const periods = [period, ...quarters, ...(previous ? [previous] : [])];
    const [now, ...others] = (await survival.retentions(periods)).map(asShare);
    const points = quarters.map(({ from }, i) => ({ month: from.slice(0, 7), ...(others[i] ?? NOBODY) }));
    return reported('retention', now ?? NOBODY, others[quarters.length] ?? null, { grain: 'quarter', points });
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
      const { base, share } = goodShare(await reading.scores({ period, of: {} }), part);
      return { value: share?.share ?? null, low: share?.low ?? null, high: share?.high ?? null, base, unit: 'share' };
    },
  };
}

const NOBODY: GoodShare = { base: 0, good: 0, share: null };

/** The quarters that a trend up to this day shows, the last one as far as it has come. */
const quartersUpTo = (day: string): Period[] =>
  monthsUpTo(day)
    .filter((_, i) => i % 3 === 0)
    .map((month) => {
      const end = addDays(addMonths(`${month}-01`, 3), -1);
      return { from: `${month}-01`, to: end < day ? end : day };
    });

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
