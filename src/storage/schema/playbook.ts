export interface PlaybookTables {
  library_answer: LibraryAnswerTable;
  library_text: LibraryTextTable;
  library_use: {
    id: string;
    answer_id: string;
    text_id: string;
    case_id: string;
    account_id: string | null;
    used_at: string;
  };
  playbook_page: PlaybookPageTable;
  playbook_version: PlaybookVersionTable;
  playbook_reading: { page_id: string; account_id: string; number: number; language: string; read_at: string };
}

interface LibraryAnswerTable {
  id: string;
  owner_id: string;
  /** A plain date. */
  review_on: string;
  reviewed_at: string | null;
  retired_at: string | null;
  created_at: string;
}

interface LibraryTextTable {
  id: string;
  answer_id: string;
  language: string;
  number: number;
  question: string;
  body: string;
  state: 'proposed' | 'approved' | 'declined' | 'replaced';
  proposed_by: string | null;
  /** Where a program did it. */
  proposed_token: string | null;
  proposed_at: string;
  decided_by: string | null;
  decided_token: string | null;
  decided_at: string | null;
  /** Why it was declined; '' where it was not. */
  reason: string;
}

interface PlaybookPageTable {
  id: string;
  /** Of the starter page that it came from. */
  key: string | null;
  /** JSON: names of places. */
  places: string;
  /** Of the newest version. */
  number: number;
  /** JSON by language: the version from which on a confirmation counts. */
  asked: string;
  created_at: string;
  retired_at: string | null;
}

interface PlaybookVersionTable {
  page_id: string;
  number: number;
  /** JSON by language: title and body. */
  texts: string;
  asks: number;
  account_id: string | null;
  created_at: string;
}
