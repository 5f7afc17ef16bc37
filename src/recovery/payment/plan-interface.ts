import type { Actor } from '../../shared/actor.ts';
import type { Db, Hooks, Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { Role, Terms } from './plan-rules.ts';
import type { InstalmentRow, PlanRow } from './plan-store.ts';

/** So long a payment may take to arrive. */
export const GRACE_DAYS = 3;

export interface WholePlan {
  plan: PlanRow;
  /** Agreed ones as they stand; of a proposal, as they would be. */
  instalments: Pick<InstalmentRow, 'number' | 'due_on' | 'amount_minor' | 'paid_on' | 'paid_how' | 'missed_at'>[];
}

/** A colleague, and what their role allows. */
export interface Colleague {
  actor: Actor;
  role: Role;
}

/** A plan is suggested, agreed, paid, or does not go on; or one of its instalments came, or has not come. */
export type PlanNews =
  | { what: 'proposed' | 'agreed' | 'done' | 'ended'; plan: PlanRow; at: string }
  | { what: 'came' | 'missed'; plan: Pick<PlanRow, 'id' | 'case_id' | 'customer_id'>; number: number; at: string };

export interface Plans {
  /** Runs in the same transaction. */
  onNews: Hooks<PlanNews>['on'];
  /** The newest first; the first may be the one that is spoken of. */
  ofCase(db: Db, caseId: string): Promise<WholePlan[]>;
  /** Days on which a first instalment can be due. */
  firstDays(): Promise<string[]>;
  /** The customer proposes; in place of what they proposed before. @throws Conflict where something is agreed */
  proposeAsCustomer(theCase: RecoveryCase, terms: Terms): Promise<void>;
  /** Takes back their own proposal. */
  withdraw(theCase: RecoveryCase): Promise<void>;
  /** The customer says yes to what a colleague proposed. @throws Conflict */
  accept(theCase: RecoveryCase, planId: string): Promise<void>;
  /** In place of whatever was proposed; `spoken`: the customer has said yes already. @throws Conflict, Forbidden */
  propose(by: Colleague, theCase: RecoveryCase, terms: Terms, spoken: boolean): Promise<void>;
  /** @throws Conflict where it is no longer as they saw it, Forbidden above their limits */
  agree(by: Colleague, caseId: string, planId: string, revision: number): Promise<void>;
  decline(actor: Actor, caseId: string, planId: string, revision: number, reason: string): Promise<void>;
  /** An agreed plan does not go on. */
  end(actor: Actor, caseId: string, planId: string, revision: number, reason: string): Promise<void>;
  notePaid(actor: Actor, caseId: string, planId: string, number: number): Promise<void>;
  takePaidBack(actor: Actor, caseId: string, planId: string, number: number): Promise<void>;
  /** Invoices of the case worth so much are paid: that covers the first instalments. */
  settle(tx: Tx, caseId: string, paidMinor: number): Promise<void>;
  /** Tells colleagues of instalments that have not come. Nobody writes to the customer by itself. */
  lookForMissed(): Promise<void>;
}
