export interface QuestionnairesTables {
  programme: { id: string; key: string; name: string; created_at: string };
  questionnaire: QuestionnaireTable;
  questionnaire_version: QuestionnaireVersionTable;
  text_approval: TextApprovalTable;
}

interface QuestionnaireTable {
  id: string;
  programme_id: string;
  name: string;
  draft: string;
  draft_revision: number;
  created_at: string;
  updated_at: string;
  archived_at: string | null;
}

interface QuestionnaireVersionTable {
  id: string;
  questionnaire_id: string;
  number: number;
  definition: string;
  published_at: string;
  published_by: string | null;
}

interface TextApprovalTable {
  questionnaire_id: string;
  language: string;
  texts_hash: string;
  approved_at: string;
  approved_by: string | null;
}
