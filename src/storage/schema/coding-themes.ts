export interface ThemeTables {
  /** Words that a business says point to a code: a JSON list of entries for each language. */
  code_keyword: { code_id: string; language: string; entries: string };
  theme: ThemeTable;
  theme_answer: { theme_id: string; place: number; response_id: string; question_key: string };
  theme_look: ThemeLookTable;
  competitor: CompetitorTable;
  /** An answer that names it. */
  competitor_answer: { competitor_id: string; response_id: string; question_key: string };
}

interface ThemeTable {
  id: string;
  programme_id: string;
  /** Nobody has judged it yet, it became a code, is the same as one, or is no theme. */
  state: 'new' | 'code' | 'same' | 'no';
  /** [{ text, language }], what sets it apart most first. */
  phrases: string;
  size: number;
  novelty: number;
  found_at: string;
  code_id: string | null;
  /** The keywords that the code got from it, by language. */
  given: string;
  account_id: string | null;
  decided_at: string | null;
}

/** When somebody wanted a programme to be looked through, when it last was, and how many answers no code explained then. */
interface ThemeLookTable {
  programme_id: string;
  wanted_at: string | null;
  looked_at: string | null;
  unexplained: number;
}

/** One way to name a competitor; the same under another name stands under its root. */
interface CompetitorTable {
  id: string;
  programme_id: string;
  /** How names are compared: folded, without blanks and legal form. */
  key: string;
  name: string;
  state: 'new' | 'yes' | 'no' | 'same';
  merged_into_id: string | null;
  root_id: string;
  /** Null where nobody, or the engine, decided. */
  account_id: string | null;
  decided_at: string | null;
  created_at: string;
  /** How many name it, itself or in another spelling; 0 for what counts as another. */
  responses: number;
}
