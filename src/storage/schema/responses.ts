export interface ResponsesTables {
  response: ResponseTable;
  answer: AnswerTable;
  answer_revision: AnswerRevisionTable;
}

interface ResponseTable {
  id: string;
  invitation_id: string;
  customer_id: string;
  wave_id: string;
  programme_id: string;
  questionnaire_version_id: string;
  mode: 'email' | 'paper' | 'telephone' | 'web';
  language: string;
  state: 'partial' | 'complete';
  reference: string;
  contact_wish: 'phone' | 'mail' | 'no' | null;
  started_at: string;
  updated_at: string;
  submitted_at: string | null;
  /** Its words are gone: the customer was erased, or the time was over for which words are kept. */
  erased_at: string | null;
}

interface AnswerTable {
  response_id: string;
  /** The question's key; a probe's is 'KEY.probe', the reason that mattered most 'KEY.most'. */
  question_key: string;
  kind: 'open' | 'reasons' | 'most' | 'scale' | 'yesno' | 'skipped';
  /** The exact words of an open answer, or of "other". */
  verbatim: string | null;
  /** Ticked keys, number, yes or no: JSON. */
  value: string | null;
  language: string;
  mode: 'email' | 'paper' | 'telephone' | 'web';
  questionnaire_version_id: string;
  answered_at: string;
}

interface AnswerRevisionTable {
  id: string;
  response_id: string;
  question_key: string;
  kind: string;
  verbatim: string | null;
  value: string | null;
  language: string;
  answered_at: string;
  replaced_at: string;
}
