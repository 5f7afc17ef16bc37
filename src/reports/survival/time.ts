const WEEKS_A_MONTH = 52 / 12;
/** Months between two marks on the axis of time. */
const STEPS = [1, 3, 6, 12, 24, 36, 60];
const MOST = 7;

/** Marks on the axis of time up to so many weeks: at most seven, in months, or in years where they are whole ones. */
export function ticksFor(untilWeeks: number): { ticks: { at: number; label: string }[]; inYears: boolean } {
  const step = STEPS.find((months) => untilWeeks / (months * WEEKS_A_MONTH) <= MOST - 1) ?? 60;
  const inYears = step >= 12;
  const count = Math.max(1, Math.ceil(untilWeeks / (step * WEEKS_A_MONTH)));
  const ticks = Array.from({ length: count + 1 }, (_, i) => ({
    at: Math.round(i * step * WEEKS_A_MONTH),
    label: String(inYears ? (i * step) / 12 : i * step),
  }));
  return { ticks, inYears };
}
