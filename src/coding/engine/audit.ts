/**
 * A random audit by permanent random numbers (Ohlsson 1995): every answer has drawn a number, uniform in 0 to 1, when it
 * arrived, and an audit of a filter and period takes those under its threshold. What one audit has drawn the next one of the
 * same answers draws again, so that no one codes anything for nothing; an answer that arrives late is in if its number is.
 */
export interface Audit<Answer> {
  /** Whether an answer belongs to its filter and period; must not depend on what people or the engine said of it. */
  covers: (answer: Answer) => boolean;
  /** Above 0, at most 1. */
  threshold: number;
}

export interface Numbered {
  /** Permanent, uniform in 0 to 1, independent of everything known about the answer. */
  randomNumber: number;
}

/** An answer that some audit has drawn, and how probable that was. */
export interface Drawn<Answer> {
  answer: Answer;
  inclusion: number;
}

/**
 * The threshold under which the so many lowest numbers lie, being the next number itself: one over it is then right on average
 * as a weight (Duffield, Lund and Thorup 2007). 1 where there are not more answers.
 */
export function thresholdFor(numbers: Iterable<number>, wanted: number): number {
  const sorted = Float64Array.from(numbers).sort();
  return wanted < sorted.length ? sorted[Math.max(0, wanted)]! : 1;
}

/** The highest threshold of an audit that covers the answer; 0 if none does. */
export function inclusionOf<Answer>(answer: Answer, audits: readonly Audit<Answer>[]): number {
  return audits.reduce(
    (highest, { covers, threshold }) => (threshold > highest && covers(answer) ? threshold : highest),
    0,
  );
}

/** All that any of the audits has drawn, lowest number first: the order in which they should be coded. */
export function drawnBy<Answer extends Numbered>(
  answers: readonly Answer[],
  audits: readonly Audit<Answer>[],
): Drawn<Answer>[] {
  return answers
    .map((answer) => ({ answer, inclusion: inclusionOf(answer, audits) }))
    .filter(({ answer, inclusion }) => answer.randomNumber < inclusion || inclusion === 1)
    .sort((a, b) => a.answer.randomNumber - b.answer.randomNumber);
}
