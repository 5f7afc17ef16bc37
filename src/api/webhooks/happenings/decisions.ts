import type { AnswerNews, Decision, Waiting } from '../../../recovery/index.ts';
import type { PageNews } from '../../../retention/index.ts';
import type { Happening } from '../events.ts';

/** Somebody with more right is to say yes or no; where it is the customer's wish, anybody of us. */
export function approvalWaiting({
  what,
  id,
  caseId,
  customerId,
  answerId,
  costMinor,
  byCustomer,
  at,
}: Waiting): Happening {
  const data = { what, id, caseId, customerId, answerId, costMinor, byCustomer, waitsSince: at };
  return { kind: 'approval.waiting', cause: id, data };
}

export function approvalDecided({ what, id, caseId, customerId, answerId, approved, at }: Decision): Happening {
  const data = { what, id, caseId, customerId, answerId, approved, decidedAt: at };
  return { kind: 'approval.decided', cause: id, data };
}

/** `language`: of the text that is in force from now on; null where it is about the whole answer. */
export function answerChanged({ what, answerId, language, at }: AnswerNews): Happening {
  const data = { answerId, what, language, changedAt: at };
  return { kind: 'answer.changed', cause: [answerId, what, language, at].join(' '), data };
}

/** `asks`: its readers are to read it again. */
export function playbookChanged({ id, what, number, asks, at }: PageNews): Happening {
  const data = { pageId: id, what, number, asks, changedAt: at };
  return { kind: 'playbook.changed', cause: [id, number, what, at].join(' '), data };
}
