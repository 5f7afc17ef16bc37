/** What a written goal can be about. */
export const MEASURES = [
  'service',
  'satisfaction',
  'retention',
  'money_lost',
  'winback_rate',
  'recovery_rate',
  'response_rate',
] as const;
export type Measure = (typeof MEASURES)[number];

/** A share from 0 to 1, or money in minor units of the reporting currency, with its 95 % interval where there is one. */
export interface Figure {
  /** Null where the base is 0. */
  value: number | null;
  low: number | null;
  high: number | null;
  /** How many it is a share of, or whose money it is. */
  base: number;
  unit: 'share' | 'money';
}

/** Live figures, worked out by a later feature. */
export interface Figures {
  /** In the twelve months up to a day ('YYYY-MM-DD'), which is included. */
  measure(measure: Measure, upTo: string): Promise<Figure>;
  /** How many of a period's coded responses have this code, in the programme of its codebook; both days included. */
  codeShare(codeId: string, period: { from: string; to: string }): Promise<Figure>;
}
