import type { AnswerValue, Definition } from '../questionnaires/index.ts';

export type Mode = 'email' | 'paper' | 'telephone' | 'web';
export type ContactWish = 'phone' | 'mail' | 'no';

/** The invitation that a response belongs to; one response for each. */
interface AskedBy {
  id: string;
  customerId: string;
  waveId: string;
  programmeId: string;
  versionId: string;
}

/** Who is answering what, and how. */
export interface Asked {
  invitation: AskedBy;
  definition: Definition;
  mode: Mode;
  /** The language of the page that was answered. */
  language: string;
}

export interface Response {
  id: string;
  invitationId: string;
  customerId: string;
  waveId: string;
  programmeId: string;
  versionId: string;
  mode: Mode;
  language: string;
  state: 'partial' | 'complete';
  /** What the respondent can name when they call: 'HK-7Q4-M2X'. */
  reference: string;
  contactWish: ContactWish | null;
  /** UTC, like all times here. */
  startedAt: string;
  updatedAt: string;
  submittedAt: string | null;
}

/** An answer as it was given: verbatim, with the version, language, mode and time of its page. */
export interface StoredAnswer {
  /** The page's key: 'happened', 'happened.probe', 'reasons.most'. */
  key: string;
  value: AnswerValue;
  language: string;
  mode: Mode;
  versionId: string;
  answeredAt: string;
}

/** What an answer was before it was changed. */
export interface Revision {
  key: string;
  value: AnswerValue;
  language: string;
  answeredAt: string;
  replacedAt: string;
}

export interface Found {
  response: Response;
  /** By page key, also those of pages that are not shown any more. */
  answers: Map<string, StoredAnswer>;
}

/** That a colleague entered answers, from paper or the telephone. */
export interface Entry {
  /** The colleague's id. */
  by: string | null;
  at: string;
  /** The day on which a letter came back. */
  receivedOn: string | null;
}

/** A second set of answers to one invitation, kept beside the one that counts. */
export interface Copy {
  id: string;
  responseId: string;
  invitationId: string;
  mode: Mode;
  language: string;
  answers: StoredAnswer[];
  contactWish: ContactWish | null;
  enteredBy: string | null;
  enteredAt: string;
  receivedOn: string | null;
  /** 'waiting' until somebody has said which of the two counts. */
  state: 'waiting' | 'set_aside';
  chosenBy: string | null;
  chosenAt: string | null;
}

/** A copy that nobody has decided about, and whose it is. */
export interface WaitingCopy extends Copy {
  reference: string;
  customerId: string;
}

/** What the hooks of a submitted response are told, also when an answer changes afterwards. */
export interface Submitted {
  response: Response & { submittedAt: string };
  definition: Definition;
  /** The answers that stand, by page key. */
  answers: Map<string, AnswerValue>;
}

/** One answer as it is posted. */
export interface Given {
  key: string;
  value: AnswerValue;
  /** An empty answer leaves what stands: the page that sent it did not show that there was one. */
  keepsAnswer?: boolean;
}

/** A response that is there as a whole: from paper, the telephone, another program or the sample company. */
export interface WholeResponse {
  answers: { key: string; value: AnswerValue; answeredAt: string }[];
  startedAt: string;
  /** Null where it stays partial. */
  submittedAt: string | null;
  contactWish?: ContactWish | null;
  company: string;
}
