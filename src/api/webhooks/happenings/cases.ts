import type {
  CaseMailRow,
  ClaimDecided,
  CommentRow,
  RecoveryCase,
  RemedyGiven,
  StepTaken,
} from '../../../recovery/index.ts';
import type { Happening } from '../events.ts';

export function caseOpened({ id, number, kind, origin, customerId, urgent, openedAt }: RecoveryCase): Happening {
  const data = { caseId: id, number, kind, origin, customerId, urgent, openedAt };
  return { kind: 'case.opened', cause: id, data };
}

/** `ownerId` is null where nobody looks after it any more. */
export function caseHandedOver(theCase: RecoveryCase, at: string): Happening {
  const { id, number, kind, customerId, ownerId, revision } = theCase;
  const data = { caseId: id, number, kind, customerId, ownerId, handedOverAt: at };
  return { kind: 'case.handed_over', cause: `${id} ${revision}`, data };
}

/** It was a duplicate of another, which goes on. */
export function caseMerged({ id, number, kind, customerId, mergedIntoId, closedAt }: RecoveryCase): Happening {
  const data = { caseId: id, number, kind, customerId, mergedIntoId, mergedAt: closedAt };
  return { kind: 'case.merged', cause: id, data };
}

/** A case that was reopened can be closed again: each round is an event of its own. */
export function caseClosed({ id, number, kind, round, customerId, closedAt, mergedIntoId }: RecoveryCase): Happening {
  const data = { caseId: id, number, kind, round, customerId, closedAt, mergedIntoId };
  return { kind: 'case.closed', cause: `${id} ${round}`, data };
}

/** It cannot wait. */
export function caseUrgent({ id, number, kind, customerId, ownerId }: RecoveryCase, at: string): Happening {
  return { kind: 'case.urgent', cause: id, data: { caseId: id, number, kind, customerId, ownerId, urgentAt: at } };
}

/** The managers are told at the same time. */
export function caseOverdue(theCase: RecoveryCase, at: string): Happening {
  const { id, number, kind, customerId, ownerId, nextStep, nextDueAt } = theCase;
  const data = { caseId: id, number, kind, customerId, ownerId, step: nextStep, dueAt: nextDueAt, toldAt: at };
  return { kind: 'case.overdue', cause: `${id} ${at}`, data };
}

/** Somebody wrote. `caseId` is null, or the case closed, where a colleague is to say where it belongs (`toSort`). */
export function mailReceived({ id, case_id, customer_id, state, other_address, at }: CaseMailRow): Happening {
  const whose = { caseId: case_id, customerId: customer_id, toSort: state === 'to_sort' };
  const data = { mailId: id, ...whose, otherAddress: other_address === 1, receivedAt: at };
  return { kind: 'mail.received', cause: id, data };
}

/** They were asked whether it is settled, and have not said so in the time that there was. */
export function caseUnanswered({ id, number, kind, round, customerId, settledAt }: RecoveryCase): Happening {
  const data = { caseId: id, number, kind, round, customerId, notedAt: settledAt };
  return { kind: 'case.unanswered', cause: `${id} ${round}`, data };
}

/** The customer, not a colleague, says that it is settled. */
export function caseConfirmed({ id, number, kind, round, customerId, settledAt }: RecoveryCase): Happening {
  const data = { caseId: id, number, kind, round, customerId, confirmedAt: settledAt };
  return { kind: 'case.confirmed', cause: `${id} ${round}`, data };
}

/** `byCustomer`: it is not quite settled for them. */
export function caseReopened(theCase: RecoveryCase, byCustomer: boolean, at: string): Happening {
  const { id, number, kind, round, customerId } = theCase;
  const data = { caseId: id, number, kind, round, customerId, byCustomer, reopenedAt: at };
  return { kind: 'case.reopened', cause: `${id} ${round}`, data };
}

/** Whoever takes a signature back signs anew. */
export function stepTaken({ theCase, step, state, at }: StepTaken): Happening {
  const { id, number, kind, round, customerId } = theCase;
  const data = { caseId: id, number, kind, round, customerId, step, state, takenAt: at };
  return { kind: 'case.step_taken', cause: `${id} ${round} ${step} ${at}`, data };
}

export function remedyGiven({ theCase: { id, number, customerId }, remedy, at }: RemedyGiven): Happening {
  const what = { remedyId: remedy.id, kind: remedy.kind, amountMinor: Number(remedy.amount_minor) };
  const data = { caseId: id, number, customerId, ...what, givenAt: at };
  return { kind: 'case.remedy_given', cause: remedy.id, data };
}

export function commentReceived({ id, reference, kind, language, ...row }: CommentRow): Happening {
  const whose = { customerId: row.customer_id, caseId: row.case_id, receivedAt: row.created_at };
  return { kind: 'comment.received', cause: id, data: { commentId: id, reference, kind, language, ...whose } };
}

export function claimDecided({
  comment_id: commentId,
  case_id: caseId,
  state,
  amount_minor,
  at,
}: ClaimDecided): Happening {
  const amountMinor = amount_minor === null ? null : Number(amount_minor);
  return { kind: 'claim.decided', cause: commentId, data: { commentId, caseId, state, amountMinor, decidedAt: at } };
}
