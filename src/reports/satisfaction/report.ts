import type { Basis } from '../../coding/index.ts';
import type { Difference, Share } from '../../shared/statistics.ts';
import type { Period, PeriodName } from '../rules.ts';
import type { GoodShare, Pairs, Recommending, ThemeShare } from './figures-rules.ts';
import type { Part } from './parts.ts';
import type { Trend } from './trend-rules.ts';

export interface SatisfactionQuery {
  period?: PeriodName;
  from?: string;
  to?: string;
  segment?: string;
  country?: string;
  language?: string;
}

type Names = Record<string, string>;

/** Each on its own: nothing is ever blended. */
export const SHOWN = ['service', 'satisfaction', 'retention'] as const;
export type ShownMeasure = (typeof SHOWN)[number];

export interface MeasureReport {
  measure: ShownMeasure;
  /** Responses; for retention customers. */
  base: number;
  share: Share | null;
  before: { base: number; share: Share | null } | null;
  /** From the period before; null where either has under 10. */
  change: Difference | null;
  trend: Trend;
}

export interface Theme extends ThemeShare {
  key: string;
  name: Names;
}

/** What is said in answer to one question, at one moment. */
export interface QuestionReport {
  part: Part;
  programme: string;
  questionKey: string;
  /** The question as it is asked now. */
  text: Names;
  written: number;
  coded: number;
  unread: number;
  base: number;
  basis: Basis;
  audited: number;
  themes: Theme[];
}

export interface LowReport {
  questionKey: string;
  question: Names;
  codeId: string;
  key: string;
  name: Names;
  carrying: number;
  others: number;
  difference: number;
  low: number;
  high: number;
  /** Told from chance among all that were tried (Benjamini-Hochberg at 5 %). */
  told: boolean;
}

export interface SatisfactionReport {
  period: Period;
  previous: Period | null;
  measures: MeasureReport[];
  /** Before, during and after a dealing. */
  moments: (GoodShare & { moment: Exclude<Part, 'satisfaction'> })[];
  /** Experience after less expectation before. */
  gap: Difference | null;
  pairs: Pairs;
  recommending: Recommending[];
  questions: QuestionReport[];
  /** Of all customers, whatever the filter. */
  low: { period: Period; themes: LowReport[] } | null;
}
