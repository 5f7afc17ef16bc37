export interface ReportsTables {
  leaver: LeaverTable;
  leaver_span: LeaverSpanTable;
  leaver_alike: LeaverAlikeTable;
  /** A day on which a leaver has changed since its sums were written. */
  leaver_stale: { id: string; day: string };
}

/** Sums of the leavers of a day or a month who have this value in this field; all of them under the field ''. */
interface LeaverSpanTable {
  field: string;
  /** 'YYYY-MM-DD' or 'YYYY-MM'. A month that has a row under 'months' is summed up. */
  span: string;
  value: string;
  sums: string;
  /** How many they are. */
  leavers: number;
  /** The same by how long they had been customers and what they were worth. */
  strata: string;
}

/** Sums of the leavers of a day or a month by all that a filter can ask for; of a day without leavers there is none. */
interface LeaverAlikeTable {
  /** '', or what else they are grouped by: then as in leaver_span. */
  field: string;
  /** As in leaver_span. */
  span: string;
  /** JSON: the codes and values that the numbers name by their places. */
  names: string;
  /** Base64; see reports. */
  numbers: string;
}

interface LeaverTable {
  customer_id: string;
  left_on: string;
  lost_minor: number;
  knowledge: 'known' | 'withheld' | 'not_asked' | 'no_answer' | 'not_coded' | 'does_not_know';
  main_code_id: string | null;
  main_source: 'colleague' | 'engine' | 'respondent' | null;
  stated_code_id: string | null;
  response_id: string | null;
  submitted_at: string | null;
  segment: string;
  country: string;
  language: string;
  tenure_band: string;
  value_band: string;
  /** 1 where they never answered, and the main reason is what a colleague kept on a call to win them back. */
  from_call: number;
  /** 1 where besides they had been asked. */
  silent: number;
  /** The first of the response's questions with words, and its permanent random number, which is the response's. */
  first_question: string | null;
  random_number: number | null;
}
