import type { Translate } from '../../i18n/index.ts';
import { curveChart, type Curve as DrawnCurve, type CurveChart } from '../../web/charts.ts';
import type { Group } from './counting.ts';
import { atRiskAt, shareAt, type Curve } from './rules.ts';
import { ticksFor } from './time.ts';

interface Named {
  name: string;
  curve: Curve;
  group: Group;
}

/** Curves on one pair of axes, with the numbers still followed beneath each tick. */
export function chartOf(curves: Named[], title: string, t: Translate): CurveChart {
  const { ticks, inYears } = ticksFor(curves.map(({ curve }) => curve));
  const drawn = curves.map(({ name, curve, group }): DrawnCurve => ({
    name,
    steps: curve.steps.map(({ t: at, share, low, high }) => ({ at, share, low, high })),
    from: curve.from,
    until: curve.until,
    ticks: ticks.map(({ at }) => {
      const atRisk = atRiskAt(group.ticks, Math.max(1, at));
      const share = at === 0 && curve.from === 0 ? { share: 1, low: 1, high: 1 } : shareAt(curve, at, atRisk);
      return share && { ...share, atRisk };
    }),
  }));
  return curveChart(drawn, { title, t, ticks, timeName: t(inYears ? 'survival.time.years' : 'survival.time.months') });
}
