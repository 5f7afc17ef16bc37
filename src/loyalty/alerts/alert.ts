import type { Actor } from '../../shared/actor.ts';
import type { Page } from '../../storage/index.ts';
import type { Schema } from '../../storage/index.ts';

export type AlertRow = Schema['alert'];
export type AlertLinkRow = Schema['alert_link'];
export type LedTo = NonNullable<AlertRow['led_to']>;

/** Whoever saw that a customer is unhappy: a colleague with an account (`by` a program), or somebody with the link of a shop. */
export type Reporter = { accountId: string; by?: Actor } | { linkId: string; name: string };

export interface NewAlert {
  who: string;
  what: string;
  /** The customer, where it is clear who is meant. */
  customerId: string | null;
  /** Of whoever reports. */
  language: string;
}

export interface Reported {
  alertId: string;
  caseId: string;
  number: number;
  /** Somebody had reported the same customer, or there was an open complaint: it was added to that. */
  joined: boolean;
}

/** A customer that `who` may mean. */
export interface Candidate {
  id: string;
  name: string;
  about: string;
}

/** An alert and where it stands. */
export interface ListedAlert {
  alert: AlertRow;
  /** The customer's name, or what was typed. */
  who: string;
  /** Where work on it goes on: of a duplicate, the case that it was put into. */
  caseId: string;
  caseNumber: number | null;
  closed: boolean;
}

/** Thanks on the board: who reported, and what it led to; never who the customer is. */
interface Thanks {
  id: string;
  name: string;
  ledTo: LedTo;
  at: string;
}

export interface Board {
  quarter: { from: string; to: string };
  thanks: Page<Thanks>;
}
