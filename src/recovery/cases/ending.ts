import { accountOf, type Actor } from '../../shared/actor.ts';
import { Conflict } from '../../shared/errors.ts';
import type { Tx } from '../../storage/index.ts';
import { openCases } from './case-store.ts';
import type { CaseContext } from './context.ts';
import type { Cases, Closing } from './interface.ts';
import { planFor, roundFrom, writeSteps } from './opening.ts';

const ENDED = { next_step: null, next_due_at: null, awaiting: 0, snoozed_until: null, escalated_for: null };
const NOT_ENDED = { closed_at: null, closed_by: null, asked_at: null, settled: null, settled_at: null, outcome: '' };

/** Closing a case, and opening it again. */
export function createEnding(context: CaseContext): Pick<Cases, 'close' | 'reopen'> {
  const { hooks, now, need, write, change, tell } = context;

  async function close(tx: Tx, actor: Actor, caseId: string, closing: Closing): Promise<void> {
    const { rootCause, action, outcome, revision, noQuestion = '' } = closing;
    const ended = { state: 'closed' as const, closed_at: now(), closed_by: accountOf(actor), ...ENDED };
    const said = { root_cause: rootCause, action, outcome, no_question: noQuestion };
    await need(tx, caseId);
    await change(tx, caseId, { open: true, revision }, { ...ended, ...said });
    await write(tx, actor, caseId, { kind: 'closed', words: action, detail: { rootCause, outcome } });
    const closed = await need(tx, caseId);
    await tell(tx, actor, closed, 'caseClosed');
    for (const hook of hooks.closed) await hook(tx, closed);
  }

  async function reopen(tx: Tx, actor: Actor, caseId: string, why: { words: string; fromCustomer: boolean }) {
    const { kind, customerId, mergedIntoId, round: before, urgent } = await need(tx, caseId);
    if (mergedIntoId !== null) throw new Conflict('cases.error.merged');
    if (customerId !== null && (kind === 'win_back' || kind === 'payment_difficulty')) {
      const others = await openCases(tx, [customerId], kind);
      if (others.length > 0) throw new Conflict('cases.error.otherOpen');
    }
    const round = before + 1;
    const begun = roundFrom(kind, context.now(), await planFor(context, tx, urgent));
    await change(tx, caseId, { open: false }, { ...NOT_ENDED, ...begun.due, state: 'reopened', round });
    await writeSteps(tx, { id: caseId, round }, begun);
    await write(tx, actor, caseId, { kind: why.fromCustomer ? 'notQuite' : 'reopened', ...why });
    const reopened = await need(tx, caseId);
    await tell(tx, actor, reopened, why.fromCustomer ? 'caseNotQuite' : 'caseReopened');
    for (const hook of hooks.reopened) await hook(tx, reopened, why);
  }

  return { close, reopen };
}
