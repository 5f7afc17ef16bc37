import type { Actor } from '../../shared/actor.ts';
import type { Tx } from '../../storage/index.ts';
import type { Staff } from '../../web/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { FoundAnswer } from './found.ts';
import type { PickView } from './pick-views.ts';

export interface Library {
  /**
   * What the page of a case shows beside its reply: a search field, what it found, and the text that was chosen,
   * filled in for this customer. `answer` and `insert` come from the page's address, as they are.
   */
  pick(
    theCase: RecoveryCase,
    asked: { answer?: unknown; insert?: unknown },
    staff: Staff,
  ): Promise<{ view: PickView; inserted: { textId: string; text: string; question: string } | null }>;
  /** In the transaction that sends the reply; what is no text of the library (any more) counts as nothing. */
  noteUse(tx: Tx, actor: Actor, use: { textId: unknown; caseId: string }): Promise<void>;
  /** Every text in force, with how often it was sent. */
  approved(): Promise<FoundAnswer[]>;
  /** How many approved answers wait for a review by somebody: for Today's lead. */
  overdueOf(ownerId: string): Promise<number>;
}
