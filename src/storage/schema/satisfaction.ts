/** What customers said about how they are served, counted in the background. */
export interface SatisfactionTables {
  satisfaction_response: SatisfactionResponseTable;
  satisfaction_news: { id: string; on_day: string };
  satisfaction_span: SatisfactionSpanTable;
  satisfaction_tally: { on_day: string; question_key: string; code_id: string; score: number; n: number };
  satisfaction_theme: SatisfactionThemeTable;
  satisfaction_low: SatisfactionLowTable;
  satisfaction_state: { name: string; value: string };
}

/** A complete response about satisfaction, or about a dealing; the customer as they were then. */
interface SatisfactionResponseTable {
  response_id: string;
  /** `satisfaction`, or which moment of a dealing it was about. */
  part: 'satisfaction' | 'before' | 'during' | 'after';
  programme_id: string;
  /** In the business's time zone. */
  on_day: string;
  segment: string;
  country: string;
  language: string;
  /** The first number from 1 to 5 that was given; "needs met" where it is asked. */
  score: number | null;
  /** The first number from 0 to 10. */
  likely: number | null;
}

/** What was said on a day ('d2026-11-22') or in a month ('m2026-11'), by everybody or by those with one value of a field. */
interface SatisfactionSpanTable {
  kind: 'score' | 'code';
  /** '' stands for everybody; the customer as they were when they answered. */
  field: '' | 'segment' | 'country' | 'language';
  value: string;
  span: string;
  /** JSON: by topic and item (the score; or the code's id, '' standing for all who wrote) four counts, see reports. */
  sums: string;
}

/** A code that stands on an answer: given by a colleague, or by the engine where none has coded. */
interface SatisfactionThemeTable {
  response_id: string;
  question_key: string;
  code_id: string;
  part: string;
  /** The engine's chance; null where a colleague gave it. */
  by_engine: number | null;
  random_number: number;
}

/** Mean score of those who speak of something less that of those who answered the same question and do not. */
interface SatisfactionLowTable {
  question_key: string;
  code_id: string;
  from_day: string;
  to_day: string;
  carrying: number;
  others: number;
  difference: number;
  low: number;
  high: number;
  p: number;
  /** Whether it is told from chance among all that were tried. */
  told: number;
}
