export interface SummaryTables {
  /** `content`: JSON of keys and numbers. `told_at`: when the letters about it were written into the outbox, or it was decided to write none. */
  monthly_summary: { month: string; computed_at: string; content: string; told_at: string | null };
  /** One to each reader for each month, ever. */
  summary_letter: { month: string; account_id: string; queued_at: string };
  /** Who wants no letter at the beginning of the month. */
  summary_refusal: { account_id: string; refused_at: string };
}
