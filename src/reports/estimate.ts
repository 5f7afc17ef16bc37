import type { Basis } from '../coding/index.ts';

export interface Code {
  id: string;
  key: string;
  parentId: string | null;
  kind: 'reason' | 'other' | 'unknown';
  position: number;
  retired: boolean;
  mergedIntoId: string | null;
}

/** How likely a code is the main reason of one response, or of many: then a sum. */
export interface Chance {
  codeId: string;
  chance: number;
}

/** A response that was drawn at random and coded by a person who was not shown what the engine thought. */
export interface AuditedAnswer {
  /**
   * Null where whoever coded it found no main reason. It is as much part of the random sample as any other: left out, the
   * shares would be those of answers with a clear reason; asked again, it would say the same.
   */
  codeId: string | null;
  chances: Chance[];
  inclusion: number;
  lostMinor: number;
}

/** Who gave an answer that was drawn: which figures it belongs to. */
export interface Place {
  customerId: string;
  leftOn: string;
  stratum: string;
}

export type DrawnAnswer = AuditedAnswer & Place;

/** What audits have drawn among the answers of some leavers; `waiting` has not been coded yet. */
export interface Drawn {
  audited: DrawnAnswer[];
  waiting: Place[];
}

/** The answers of a filter that the engine has read, with words of the customers alone. */
export interface ReadAnswers {
  count: number;
  lostMinor: number;
  /** By code the sum of its chances, and of its chances times what the customer was worth. */
  chances: (Chance & { minor: number })[];
  audited: AuditedAnswer[];
  /** Drawn, and not coded yet. */
  waiting: number;
}

/** One reason among the answers that were read and whose reason is known. */
export interface ReasonEstimate {
  count: number;
  share: number;
  low: number | null;
  high: number | null;
  lostMinor: number;
  lost: { lowMinor: number; highMinor: number } | null;
}

export interface Estimate {
  basis: Exclude<Basis, 'counted'>;
  read: number;
  audited: number;
  waiting: number;
  /** Of those read, the ones with a reason, as a whole number and as it is. */
  known: number;
  knownOf: number;
  /** By the id of a first-level code. */
  reasons: Map<string, ReasonEstimate>;
  /** Those who do not know. */
  unknown: { count: number; lostMinor: number };
  /**
   * More audited answers until the widest interval reaches at most 5 points to either side.
   * @param part how much of the base of the shares is estimated, 0 to 1
   */
  needed(part: number): number;
}
