/**
 * A random audit by permanent random numbers (Ohlsson 1995): every answer has drawn a number, uniform in 0 to 1, when it
 * arrived, and an audit of a filter and period takes those under its threshold. What one audit has drawn the next one of the
 * same answers draws again, so that no one codes anything for nothing; an answer that arrives late is in if its number is.
 *
 * The threshold under which the so many lowest numbers lie, being the next number itself: one over it is then right on average
 * as a weight (Duffield, Lund and Thorup 2007). 1 where there are not more answers.
 */
export function thresholdFor(numbers: Iterable<number>, wanted: number): number {
  const sorted = Float64Array.from(numbers).sort();
  return wanted < sorted.length ? sorted[Math.max(0, wanted)]! : 1;
}
