const WEEKS_A_MONTH = 52 / 12;
/** Months between two marks on the axis of time. */
const STEPS = [1, 3, 6, 12, 24, 36, 60];
const MOST = 7;
/** Where a curve would lie between two marks there may be more. */
const MOST_FOR_ALL = 13;

interface Span {
  from: number;
  until: number;
}

/**
 * Marks on the axis of time for curves between so many weeks: at most seven, or as many as it takes for each curve to have
 * one; in months, or in years where they are whole ones.
 */
export function ticksFor(curves: readonly Span[]): { ticks: { at: number; label: string }[]; inYears: boolean } {
  const until = Math.max(...curves.map((curve) => curve.until));
  const step = stepFor(curves, until);
  const inYears = step >= 12;
  const count = Math.max(1, Math.ceil(until / (step * WEEKS_A_MONTH)));
  const ticks = Array.from({ length: count + 1 }, (_, i) => ({
    at: weekOf(i, step),
    label: String(inYears ? (i * step) / 12 : i * step),
  }));
  return { ticks, inYears };
}

const weekOf = (mark: number, step: number): number => Math.round(mark * step * WEEKS_A_MONTH);

function stepFor(curves: readonly Span[], until: number): number {
  const fitting = (most: number) => STEPS.filter((months) => until / (months * WEEKS_A_MONTH) <= most - 1);
  const [usual = 60] = fitting(MOST);
  const marked = (step: number) =>
    curves.every(({ from, until: end }) => weekOf(Math.ceil(from / (step * WEEKS_A_MONTH)), step) <= end);
  return marked(usual) ? usual : (fitting(MOST_FOR_ALL)[0] ?? usual);
}
