export interface ReportsTables {
  leaver: LeaverTable;
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
}
