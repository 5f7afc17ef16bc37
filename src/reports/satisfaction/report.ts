import type { Basis } from '../../coding/index.ts';
import type { Difference, Share } from '../../shared/statistics.ts';
import type { Comparison } from '../changes/periods.ts';
import type { Period, PeriodName } from '../rules.ts';
import type { Wording } from './asked.ts';
import type { Standing } from './audit-rules.ts';
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
  compare?: Comparison;
}

type Names = Record<string, string>;

/** Each on its own: nothing is ever blended. */
export const SHOWN = ['service', 'satisfaction', 'retention'] as const;
type ShownMeasure = (typeof SHOWN)[number];

export interface MeasureReport {
  measure: ShownMeasure;
  /** Responses; for retention customers. */
  base: number;
  share: Share | null;
  before: { base: number; share: Share | null } | null;
  /** From the period that it is compared with; null where either has under 30. */
  change: Difference | null;
  trend: Trend;
}

export interface Theme extends ThemeShare {
  key: string;
  name: Names;
  /** From the period that it is compared with; null where one of them has under 30 answers or is not checked enough. */
  change: Difference | null;
}

/** What is said in answer to one question, at one moment. */
export interface QuestionReport {
  part: Part;
  programme: string;
  questionKey: string;
  /** The question as it is asked now. */
  text: Names;
  /** Other questionnaires that ask it in other words; their answers are counted with the others. */
  elsewhere: Wording[];
  written: number;
  coded: number;
  unread: number;
  base: number;
  basis: Basis;
  audited: number;
  /** How many more answers have to be drawn and checked until every share is right to within 5 points. */
  needed: number;
  themes: Theme[];
}

export interface MomentReport extends GoodShare {
  moment: Exclude<Part, 'satisfaction'>;
  change: Difference | null;
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

/** A measure, a moment or a theme whose share has changed by more than chance. */
export interface ToldChange extends Difference {
  measure: ShownMeasure | null;
  /** Where it is said; null of a measure. */
  part: Part | null;
  theme: { questionKey: string; key: string; name: Names } | null;
  now: number;
  before: number;
}

export interface SatisfactionReport {
  period: Period;
  comparison: Comparison;
  /** What it is compared with; null where there is nothing before. */
  previous: Period | null;
  /** At most five, and how many were tested together. */
  changed: { changes: ToldChange[]; tested: number };
  measures: MeasureReport[];
  /** Before, during and after a dealing. */
  moments: MomentReport[];
  /** Experience after less expectation before. */
  gap: Difference | null;
  pairs: Pairs;
  recommending: Recommending[];
  questions: QuestionReport[];
  audits: Standing[];
  /** Of all customers, whatever the filter. */
  low: { period: Period; themes: LowReport[] } | null;
}
