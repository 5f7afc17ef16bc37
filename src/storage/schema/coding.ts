import type { Generated } from 'kysely';

export interface CodingTables {
  codebook: { id: string; programme_id: string; revision: number; created_at: string };
  code: CodeTable;
  codebook_change: CodebookChangeTable;
  coding: CodingTable;
  coding_task: CodingTaskTable;
  main_reason: MainReasonTable;
  engine_model: EngineModelTable;
  engine_opinion: EngineOpinionTable;
  coding_audit: CodingAuditTable;
  double_coding: DoubleCodingTable;
  engine_memory: { programme_id: string; forgotten: Generated<number> };
  engine_kept: EngineKeptTable;
  main_chance: { response_id: string; code_id: string; chance: number };
}

/** What the engine learned from at one time; its turn counts up with each model and each way back. */
interface EngineModelTable {
  id: string;
  programme_id: string;
  turn: number;
  state: 'in_use' | 'past' | 'declined';
  codebook_revision: number;
  /** The codings that stood then and stand still are what it learns from. */
  learned_until: string;
  /** So many coded answers. */
  answers: number;
  figures: string;
  /** Who went back to it; null where the engine chose. */
  account_id: string | null;
  created_at: string;
}

/** A piece of the model in use, in base64. */
interface EngineKeptTable {
  programme_id: string;
  turn: number;
  part: number;
  parts: number;
  groups: string;
  content: string;
}

interface EngineOpinionTable {
  response_id: string;
  question_key: string;
  turn: number;
  /** Probability by the id of a code. */
  chances: string;
  /** The words that spoke for a code, by its id. */
  why: string;
}

interface CodeTable {
  id: string;
  codebook_id: string;
  key: string;
  parent_id: string | null;
  kind: 'reason' | 'other' | 'unknown';
  name: string;
  description: string;
  position: number;
  retired_at: string | null;
  /** Its answers went back to the desk, to be given one of the codes that took its place. */
  split_at: string | null;
  merged_into_id: string | null;
  created_at: string;
}

interface CodebookChangeTable {
  id: string;
  codebook_id: string;
  revision: number;
  kind: 'add' | 'rename' | 'move' | 'merge' | 'split' | 'retire' | 'restore';
  code_id: string | null;
  detail: string;
  account_id: string | null;
  at: string;
}

interface CodingTable {
  id: string;
  response_id: string;
  question_key: string;
  code_id: string;
  coder_kind: 'respondent' | 'colleague' | 'engine';
  account_id: string | null;
  is_main: number;
  probability: number | null;
  /** What one person gave in one go has one set, so that it can be undone as one. */
  set_id: string | null;
  created_at: string;
  withdrawn_at: string | null;
  /** The set, or the change of the codebook, that took its place. */
  withdrawn_by: string | null;
}

interface CodingTaskTable {
  response_id: string;
  question_key: string;
  programme_id: string;
  state: 'open' | 'coded';
  /** Permanent, uniform in 0 to 1, drawn when the answer arrives; audits take the lowest. */
  random_number: number;
  /** What the customer is worth now, for the order of the desk. */
  worth_minor: Generated<number>;
  /** Rises with every coding, undoing and reopening: a desk that saves says which it saw. */
  revision: Generated<number>;
  /** When the words that stand now were given. */
  answered_at: string | null;
  skipped_at: string | null;
  coded_at: string | null;
  coded_by: string | null;
  created_at: string;
  /** The turn of the model that read it last; 0 while none has read the words that stand now. */
  engine_turn: Generated<number>;
  /** How probable it was that a random audit drew this answer; null where none did. */
  inclusion: number | null;
  /** Whoever coded it last was not shown what the engine suggests. */
  blind: Generated<number>;
  /** What a person's word on it would teach the engine, 0 to 1. */
  worth_asking: Generated<number>;
  /** Whether competitors have been looked for in the words that stand now. */
  names_read: Generated<number>;
}

/** A random audit: of the answers that it covers, those with a number under the threshold are in it. */
interface CodingAuditTable {
  id: string;
  programme_id: string;
  /** What a response has to match, by field; {} covers every one. */
  covers: string;
  wanted: number;
  threshold: number;
  account_id: string | null;
  created_at: string;
}

/** An audited answer that two people code, the second without seeing what the first gave. */
interface DoubleCodingTable {
  response_id: string;
  question_key: string;
  programme_id: string;
  /** Both differ until somebody settles it. */
  state: 'waiting' | 'agreed' | 'differing' | 'settled';
  random_number: number;
  skipped_at: string | null;
  first_by: string;
  first_at: string;
  /** As they were given: ids of codes, and of the main reason. */
  first_codes: string;
  second_by: string | null;
  second_at: string | null;
  second_codes: string | null;
  /** Null also where the words changed before anybody settled it. */
  settled_by: string | null;
  settled_at: string | null;
}

interface MainReasonTable {
  response_id: string;
  customer_id: string;
  programme_id: string;
  /** Colleague before engine before stated. */
  code_id: string | null;
  source: 'colleague' | 'engine' | 'respondent' | null;
  stated_code_id: string | null;
  updated_at: string;
}
