import { daysBetween } from '../../shared/dates.ts';

/** What a flag can rest on. */
export const KINDS = ['silence', 'alive', 'complaint', 'answer', 'overdue', 'alert'] as const;
export type Kind = (typeof KINDS)[number];

/** Keys and values of what is said in the reader's language; days are plain dates, so that "silent for 97" is true on any day. */
export type Reason =
  /** `usual` is the median gap, `limit` the silence from which on they are at risk; `own` or the segment's rhythm. */
  | { kind: 'silence'; since: string; usual: number; limit: number; own: boolean }
  | { kind: 'alive'; chance: number }
  | { kind: 'complaint'; since: string; caseId: string | null }
  | { kind: 'answer'; score: number; of: number; on: string; responseId: string }
  | { kind: 'overdue'; count: number; since: string }
  | { kind: 'alert'; count: number; on: string; caseId: string };

/** What is known of one customer on a day. */
export interface Signs {
  today: string;
  rhythm: Rhythm | undefined;
  /** The chance that they still buy, from their purchases alone. */
  alive: number | null;
  /** Since when their oldest open complaint is open. */
  complaint: { since: string; caseId: string | null } | undefined;
  /** Their last answer on a scale. Undefined too where they want no more letters: then what they said is left alone. */
  answer: { score: number; min: number; max: number; on: string; responseId: string } | undefined;
  /** Invoices past their day. */
  overdue: { count: number; since: string } | undefined;
  /** Reports by colleagues that have not led anywhere good yet. */
  alert: { count: number; on: string; caseId: string } | undefined;
}

export interface Rhythm {
  lastOn: string;
  /** Median gap in days, for saying it. */
  usual: number;
  /** The 80th percentile of the gaps. */
  long: number;
  own: boolean;
}

/**
 * The points with which everybody begins, as log-odds: without any sign, 5 of 100 leave within half a year. To be
 * corrected by the business's own record (calibration-rules.ts).
 */
const START = Math.log(0.05 / 0.95);
/** Points from which on a customer is flagged; silence reaches them exactly at its limit. */
const FLAG_POINTS = 2;
/** Less than this is no reason to speak of. */
const LEAST = 0.5;

/**
 * Points of each sign, added up (as log-odds, so that each point multiplies the odds by 2.7). Starting weights, chosen
 * so that silence at the limit flags by itself, as does a complaint open for two weeks; a bad answer, overdue
 * invoices, or a colleague's report do so two together.
 * - silence: 0 at half the limit, 2 at the limit, then one more for each doubling, 4 at most;
 * - alive: 0 at a chance of a half, 2 at none; it speaks of the same silence, so only the larger of the two counts;
 * - complaint: 1, growing to 2.5 within three weeks;
 * - answer: 1.75 at the lowest end of the scale, 0 from six tenths on; fading away between 90 days and a year;
 * - overdue: 0.6 for one invoice, 1 for two, 1.4 for more;
 * - alert: 1 for one report, 1.5 for more.
 */
export function pointsOf(signs: Signs, factor: number): Record<Kind, number> {
  return {
    silence: silencePoints(signs, factor),
    alive: signs.alive === null ? 0 : Math.max(0, 4 * (0.5 - signs.alive)),
    complaint: signs.complaint
      ? 1 + Math.min(1.5, Math.max(0, daysBetween(signs.complaint.since, signs.today)) / 14)
      : 0,
    answer: answerPoints(signs),
    overdue: signs.overdue ? ([0, 0.6, 1][signs.overdue.count] ?? 1.4) : 0,
    alert: signs.alert ? (signs.alert.count > 1 ? 1.5 : 1) : 0,
  };
}

/** The longest silence that is still like them: so many times the 80th percentile of the gaps, in days. */
export function silenceLimit({ long }: Pick<Rhythm, 'long'>, factor: number): number {
  return Math.max(1, Math.round(long * factor));
}

function silencePoints({ rhythm, today }: Signs, factor: number): number {
  if (!rhythm) return 0;
  const ratio = daysBetween(rhythm.lastOn, today) / silenceLimit(rhythm, factor);
  if (ratio <= 0.5) return 0;
  return ratio <= 1 ? 2 * (2 * ratio - 1) : Math.min(4, 2 + Math.log2(ratio));
}

const [FRESH_DAYS, STALE_DAYS] = [90, 365];

function answerPoints({ answer, today }: Signs): number {
  if (!answer || answer.max <= answer.min) return 0;
  const height = (answer.score - answer.min) / (answer.max - answer.min);
  const age = daysBetween(answer.on, today);
  const fresh = Math.min(1, Math.max(0, (STALE_DAYS - age) / (STALE_DAYS - FRESH_DAYS)));
  return Math.max(0, (1.75 * (0.6 - height)) / 0.6) * fresh;
}

export interface Judged {
  /** In steps of 0.05, so that a night changes only what has changed. */
  points: number;
  flagged: boolean;
  /** The heaviest first. */
  reasons: Reason[];
}

/** What the signs come to, and which of them are worth saying. */
export function judge(signs: Signs, factor: number): Judged {
  const points = pointsOf(signs, factor);
  const { silence, alive, ...others } = points;
  const sum = Object.values(others).reduce((total, each) => total + each, Math.max(silence, alive));
  const rounded = Math.round(sum * 20) / 20;
  const heavy = KINDS.filter((kind) => points[kind] >= LEAST).sort((a, b) => points[b] - points[a]);
  return {
    points: rounded,
    flagged: rounded >= FLAG_POINTS,
    reasons: heavy.flatMap((kind) => reasonOf(kind, signs, factor) ?? []),
  };
}

function reasonOf(kind: Kind, signs: Signs, factor: number): Reason | undefined {
  const { rhythm, alive, complaint, answer, overdue, alert } = signs;
  switch (kind) {
    case 'silence': {
      if (!rhythm) return undefined;
      const { usual, own, lastOn } = rhythm;
      return { kind, since: lastOn, usual, limit: silenceLimit(rhythm, factor), own };
    }
    case 'alive':
      return alive === null ? undefined : { kind, chance: Math.round(alive * 100) / 100 };
    case 'complaint':
      return complaint && { kind, ...complaint };
    case 'answer':
      return answer && { kind, score: answer.score, of: answer.max, on: answer.on, responseId: answer.responseId };
    case 'overdue':
      return overdue && { kind, ...overdue };
    case 'alert':
      return alert && { kind, ...alert };
  }
}

/** How the points read as a chance: corrected by what became of earlier flags, where there are enough of them. */
export interface Fit {
  slope: number;
  offset: number;
}
export const UNFITTED: Fit = { slope: 1, offset: START };

/** The chance to lose them within half a year, between 0 and 1, in hundredths. */
export function scoreOf(points: number, { slope, offset }: Fit): number {
  return Math.round(100 / (1 + Math.exp(-(offset + slope * points)))) / 100;
}

/** How far up a flag stands: a step for each whole point from the first on; 0 without a flag. */
export function levelOf(points: number): number {
  return points < FLAG_POINTS ? 0 : Math.min(3, Math.floor(points) - FLAG_POINTS + 1);
}
