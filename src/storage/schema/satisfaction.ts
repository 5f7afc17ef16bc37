/** What customers said about how they are served, counted in the background. */
export interface SatisfactionTables {
  satisfaction_response: SatisfactionResponseTable;
  satisfaction_news: { id: string; on_day: string };
  satisfaction_total: SatisfactionTotalTable;
  satisfaction_item: SatisfactionItemTable;
  satisfaction_said: SatisfactionSaidTable;
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
  /** "Needs met"; of a dealing also the first number from 1 to 5 that was given, where that is not asked. */
  score: number | null;
  /** The first number from 0 to 10. */
  likely: number | null;
}

/** What is counted: a score, or a code of a question; by its place in the sums. Rows are added and never changed. */
interface SatisfactionItemTable {
  place: number;
  topic: string;
  /** '' stands for all who wrote. */
  item: string;
}

/** What was said on a day ('d2026-11-22') or in a month ('m2026-11'), by everybody or by those with one value of some fields. */
interface SatisfactionTotalTable {
  kind: 'score' | 'code' | 'audited' | 'low';
  /** '' stands for everybody; the customer as they were when they answered. */
  field:
    | ''
    | 'segment'
    | 'country'
    | 'language'
    | 'segment country'
    | 'segment language'
    | 'country language'
    | 'segment country language';
  /** Of several fields a JSON list. */
  value: string;
  span: string;
  /** Base64 of the place of an item and its four counts, one item after another; see reports. */
  sums: string;
}

/** The answers of a month that a code stands on: given by a colleague, or by the engine where none has coded. */
interface SatisfactionSaidTable {
  code_id: string;
  part: string;
  question_key: string;
  /** '2026-11'. */
  month: string;
  /** JSON: a list of answers in their permanent random order, see reports. */
  answers: string;
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
