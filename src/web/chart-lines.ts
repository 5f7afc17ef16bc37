/** Where the lines of charts run. A trend is drawn on 320 by 136, a curve on 400 wide, as the pages show them on a phone. */
/** One moment of a trend: a month, a quarter, a wave. Shares are 0 to 1, or as the options' formats say. */
export interface TrendPoint {
  label: string;
  /** Null where there is nothing to divide by. */
  share: number | null;
  low: number | null;
  high: number | null;
  /** How many it is a share of: under 10 it is not shown, under 30 it is a grey dot that no line joins. */
  n: number;
}

export interface CurveAt {
  share: number;
  low: number;
  high: number;
  atRisk: number;
}

/** A curve that steps down: who is still there after so long. */
export interface Curve {
  name: string;
  /** Where it begins, at 1. */
  from: number;
  /** Each step in order of time: from then on the share is that. */
  steps: readonly { at: number; share: number; low: number; high: number }[];
  /** Where too few remain to say more. */
  until: number;
  /** The figures at each tick; null outside the curve. */
  ticks: readonly (CurveAt | null)[];
}

export interface Plot {
  grid: string;
  levels: { y: number; text: string }[];
  band: string;
  line: string;
  marks: string;
  /** Points that no line joins. */
  dots: { x: string; y: string; fill: string }[];
  /** Their intervals. */
  whiskers: string;
  last: { x: number; y: number; text: string } | null;
}

const LEFT = 30;
const RIGHT = 268;
const TOP = 12;
const BOTTOM = 112;

const TOPS = [0.05, 0.1, 0.2, 0.4, 0.5, 0.6, 0.8, 1];

/** The end of an axis: a round share above the highest, at most 1; beyond that the highest itself. */
export function niceTop(highest: number): number {
  return TOPS.find((top) => highest <= top) ?? highest;
}

interface Scale {
  bottom: number;
  top: number;
  marks: readonly { at: number }[];
  format: (value: number) => string;
  axis: (value: number) => string;
}

const short = (value: number): string => String(Math.round(value * 10) / 10);

/** The lines of one small multiple: a band and a line through what has a base of 30, dots for what has less. */
export function trendLines(points: readonly TrendPoint[], scale: Scale): Plot {
  const step = points.length > 1 ? (RIGHT - LEFT) / (points.length - 1) : 0;
  const x = (i: number) => (step > 0 ? LEFT + i * step : RIGHT);
  const y = (value: number) => {
    const part = (value - scale.bottom) / (scale.top - scale.bottom || 1);
    return BOTTOM - Math.min(1, Math.max(0, part)) * (BOTTOM - TOP);
  };
  const at = (value: number, i: number) => `${short(x(i))} ${short(y(value))}`;
  const joined = runs(points);
  const alone = points.flatMap((point, i) =>
    point.share !== null && point.n >= 10 && !joined.some((run) => run.includes(i)) ? [i] : [],
  );
  const share = (i: number) => points[i]?.share ?? 0;
  const low = (i: number) => points[i]?.low ?? share(i);
  const high = (i: number) => points[i]?.high ?? share(i);
  const levels = [scale.bottom, (scale.bottom + scale.top) / 2, scale.top];
  return {
    grid: levels.map((value) => `M${LEFT} ${short(y(value))}H${RIGHT}`).join(''),
    levels: levels.map((value) => ({ y: Math.round(y(value)) + 4, text: scale.axis(value) })),
    band: joined
      .map((run) => `M${[...run.map((i) => at(high(i), i)), ...run.toReversed().map((i) => at(low(i), i))].join('L')}Z`)
      .join(''),
    line: joined.map((run) => `M${run.map((i) => at(share(i), i)).join('L')}`).join(''),
    marks: scale.marks.map((mark) => `M${short(x(mark.at) - step / 2)} 8V${BOTTOM}`).join(''),
    dots: alone.map((i) => ({ x: short(x(i)), y: short(y(share(i))), fill: (points[i]?.n ?? 0) < 30 ? 'f0' : 'f1' })),
    whiskers: alone.map((i) => `M${at(low(i), i)}V${short(y(high(i)))}`).join(''),
    last: lastOf(points, x, y, scale.format),
  };
}

/** Neighbours that both have a base of 30: only between these a line tells something. */
function runs(points: readonly TrendPoint[]): number[][] {
  const all: number[][] = [];
  let run: number[] = [];
  points.forEach((point, i) => {
    if (point.share !== null && point.n >= 30) {
      if (run.length === 0) all.push(run);
      run.push(i);
    } else run = [];
  });
  return all.filter((each) => each.length > 1);
}

function lastOf(
  points: readonly TrendPoint[],
  x: (i: number) => number,
  y: (value: number) => number,
  format: (value: number) => string,
): Plot['last'] {
  const i = points.findLastIndex((point) => point.share !== null && point.n >= 10);
  const share = points[i]?.share;
  if (share === null || share === undefined) return null;
  return { x: Math.round(x(i)) + 8, y: Math.round(y(share)) + 4, text: format(share) };
}

export interface CurveLine {
  name: string;
  /** Classes of its line: colours also differ in dashes, for those who print in black. */
  line: string;
  dashes: string;
  path: string;
  band: string;
  /** The line that stands for it before its numbers at risk, and how high these stand. */
  sample: string;
  y: number;
  last: { x: number; y: number; text: string } | null;
  ticks: { x: string; label: string; atRisk: string; share: string; interval: string }[];
}

const CURVE = { left: 46, right: 354, top: 12, bottom: 172, width: 400 };
const LOOKS = [
  { line: 'trend', dashes: 'none' },
  { line: 'trend t2', dashes: '7 4' },
  { line: 'trend t3', dashes: '2 3' },
];

/** The path of a step curve from its beginning to its end. */
function steps(
  points: readonly { at: number; value: number }[],
  { from, until }: { from: number; until: number },
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  let path = `M${short(x(from))} ${short(y(1))}`;
  for (const { at, value } of points) if (at <= until) path += `H${short(x(at))}V${short(y(value))}`;
  return `${path}H${short(x(until))}`;
}

export function curveLines(
  curves: readonly Curve[],
  ticks: readonly { at: number; label: string }[],
  axis: (value: number) => string,
  written: (at: CurveAt) => { share: string; interval: string; atRisk: string },
) {
  const { left, right, top, bottom, width } = CURVE;
  const end = Math.max(1, ...ticks.map((tick) => tick.at));
  const x = (at: number) => left + (Math.min(at, end) / end) * (right - left);
  const y = (value: number) => bottom - value * (bottom - top);
  const levels = [0, 0.25, 0.5, 0.75, 1];
  const drawn = curves.slice(0, LOOKS.length);
  return {
    viewBox: `0 0 ${width} ${bottom + 30 + drawn.length * 18}`,
    grid: levels.map((value) => `M${left} ${short(y(value))}H${right}`).join(''),
    levels: levels.map((value) => ({ x: left - 6, y: Math.round(y(value)) + 4, text: axis(value) })),
    times: ticks.map((tick) => ({ x: short(x(tick.at)), text: tick.label })),
    curves: drawn.map((curve, i): CurveLine => ({
      name: curve.name,
      ...(LOOKS[i] ?? { line: 'trend', dashes: 'none' }),
      path: curve.until > 0 ? pathOf(curve, 'share', x, y) : '',
      // Three bands over one another tell nothing.
      band: curve.until > 0 && drawn.length < 3 ? bandOf(curve, x, y) : '',
      sample: `M0 ${bottom + 35 + i * 18}H16`,
      y: bottom + 39 + i * 18,
      last: endOf(curve, drawn, x, y, written),
      ticks: curve.ticks.flatMap((at, j) => {
        const tick = ticks[j];
        return at && tick ? [{ x: short(x(tick.at)), label: tick.label, ...written(at) }] : [];
      }),
    })),
  };
}

type Across = (at: number) => number;

const pathOf = (curve: Curve, which: 'share' | 'low' | 'high', x: Across, y: Across): string =>
  steps(
    curve.steps.map((step) => ({ at: step.at, value: step[which] })),
    curve,
    x,
    y,
  );

/** Above forwards, below backwards. */
function bandOf(curve: Curve, x: Across, y: Across): string {
  const within = curve.steps.filter((step) => step.at <= curve.until);
  let back = '';
  within.toReversed().forEach((step) => (back += `V${short(y(step.low))}H${short(x(step.at))}`));
  return `${pathOf(curve, 'high', x, y)}${back}V${short(y(1))}Z`;
}

/** Up or down from where a curve ends, until its figure lies on no other curve. */
const ASIDE = [0, -12, 12, -22, 22, -32, 32];
const FIGURE = { width: 34, above: 10, below: 3, aside: 6 };

/** Whether another curve runs through a figure that stands right of that x, on that line. */
function crosses(other: Curve, [left, base]: [number, number], x: Across, y: Across): boolean {
  if (x(other.until) <= left || x(other.from) >= left + FIGURE.width) return false;
  const before = other.steps.findLast((step) => x(step.at) <= left)?.share ?? 1;
  const within = other.steps.filter((step) => x(step.at) > left && x(step.at) < left + FIGURE.width);
  const heights = [before, ...within.map(({ share }) => share)].map(y);
  return Math.max(...heights) >= base - FIGURE.above && Math.min(...heights) <= base + FIGURE.below;
}

function endOf(
  curve: Curve,
  all: readonly Curve[],
  x: Across,
  y: Across,
  written: (at: CurveAt) => { share: string },
): { x: number; y: number; text: string } | null {
  const share = curve.steps.findLast((step) => step.at <= curve.until)?.share ?? (curve.until > 0 ? 1 : null);
  if (share === null) return null;
  const text = written({ share, low: share, high: share, atRisk: 0 }).share;
  const [left, base] = [Math.round(x(curve.until)) + FIGURE.aside, Math.round(y(share)) + 4];
  const others = all.filter((each) => each !== curve && each.until > 0);
  const aside = ASIDE.find((by) => !others.some((other) => crosses(other, [left, base + by], x, y))) ?? 0;
  return { x: left, y: base + aside, text };
}
