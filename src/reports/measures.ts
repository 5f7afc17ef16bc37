import type { Figure, Measure } from '../retention/index.ts';
import type { InsightDeps } from './deps.ts';
import type { Effect } from './effect/service.ts';
import type { Satisfaction } from './satisfaction/service.ts';
import type { Survival } from './survival/service.ts';
import type { Value } from './value/service.ts';

export interface MeasuresDeps extends InsightDeps {
  value: Value;
  effect: Effect;
  survival: Survival;
  satisfaction: Satisfaction;
}

/** The measures that a goal can be about, each from the part that works it out. */
export function createMeasures(_deps: MeasuresDeps) {
  /** In the twelve months up to a day ('YYYY-MM-DD'), which is included. */
  return async function measure(name: Measure, _upTo: string): Promise<Figure> {
    const unit = name === 'money_lost' ? 'money' : 'share';
    return await Promise.resolve({ value: null, low: null, high: null, base: 0, unit });
  };
}
