import { z } from 'zod';
import type { CaseLine, RecoveryCase } from '../../../recovery/index.ts';
import type { EventKind, Happening } from '../events.ts';

/** What is told of a line on a thread that is told of in no other way. */
const KINDS: Record<string, EventKind> = {
  note: 'case.noted',
  customerWrote: 'case.customer_wrote',
  paymentWords: 'case.customer_wrote',
  customerNamed: 'case.customer_named',
  customerUnnamed: 'case.customer_named',
  fileAdded: 'case.file_added',
  snoozed: 'case.snoozed',
  woken: 'case.woken',
  tagged: 'case.tagged',
  untagged: 'case.untagged',
  stepUndone: 'case.step_undone',
  exception: 'case.exception_made',
  mailSent: 'mail.written',
  mailAnswered: 'mail.answered',
  mailReturned: 'mail.returned',
  'winback.letter.ask': 'winback.letter_written',
  'winback.letter.offer': 'winback.letter_written',
  paymentDeclined: 'payment_plan.declined',
  paymentWithdrawn: 'payment_plan.declined',
  paymentCall: 'payment.call_chosen',
  paymentNoCall: 'payment.call_chosen',
  paymentNotCome: 'instalment.returned',
};

/** Of what stands with a line, days, steps and numbers; never words. */
const detailSchema = z.object({
  day: z.string().optional(),
  step: z.string().optional(),
  number: z.int().optional(),
});

export const eventOf = ({ kind }: CaseLine): EventKind | undefined => KINDS[kind];

/** `lineId` is its id in the thread, and `what` its kind there. */
export function lineWritten(event: EventKind, line: CaseLine, { number, kind, customerId }: RecoveryCase): Happening {
  const { day, step, number: instalment } = detailSchema.parse(line.detail ?? {});
  const about = { caseId: line.caseId, number, kind, customerId, lineId: line.id, what: line.kind };
  const who = { accountId: line.accountId, byCustomer: line.fromCustomer ?? false };
  const more = { ...(day && { day }), ...(step && { step }), ...(instalment !== undefined && { instalment }) };
  return { kind: event, cause: line.id, data: { ...about, ...who, ...more, at: line.at } };
}
