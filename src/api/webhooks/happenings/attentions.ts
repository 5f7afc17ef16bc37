import type { AlertRow, GreetingRow, ReferenceNews, Referred, ReferralRow } from '../../../loyalty/index.ts';
import type { NeedRow, NudgeRow } from '../../../recovery/index.ts';
import type { Happening } from '../events.ts';

/** `joined`: somebody had reported it before, or the case was open already. */
export function alertReported({ id, case_id, customer_id, joined, created_at }: AlertRow): Happening {
  const data = { alertId: id, caseId: case_id, customerId: customer_id, joined: joined === 1, reportedAt: created_at };
  return { kind: 'alert.reported', cause: id, data };
}

export function alertCredited({ id, case_id, customer_id, led_to, credited_at }: AlertRow): Happening {
  const data = { alertId: id, caseId: case_id, customerId: customer_id, ledTo: led_to, creditedAt: credited_at };
  return { kind: 'alert.credited', cause: id, data };
}

/** By mail, which waits to be sent, or by a card that somebody is to write. */
export function anniversaryGreeted({ id, customer_id, years, on_day, way, created_at }: GreetingRow): Happening {
  const data = { greetingId: id, customerId: customer_id, years, onDay: on_day, way, greetedAt: created_at };
  return { kind: 'anniversary.greeted', cause: id, data };
}

/** `state`: in the post (written), waiting to be written after all (to_write), or not to be written (left_out). */
export function cardMoved({ id, customer_id, years, on_day, state }: GreetingRow, at: string): Happening {
  const data = { greetingId: id, customerId: customer_id, years, onDay: on_day, state, movedAt: at };
  return { kind: 'anniversary.card_moved', cause: `${id} ${state} ${at}`, data };
}

export function referralNamed({ id, customer_id, named_at }: Referred): Happening {
  return { kind: 'referral.named', cause: id, data: { referralId: id, customerId: customer_id, namedAt: named_at } };
}

export function referralSettled({ id, customer_id, outcome, outcome_at, new_customer_id }: ReferralRow): Happening {
  const became = { outcome, newCustomerId: new_customer_id, settledAt: outcome_at };
  return { kind: 'referral.settled', cause: id, data: { referralId: id, customerId: customer_id, ...became } };
}

export function referralThanked({ id, customer_id, thanked_at }: ReferralRow): Happening {
  const data = { referralId: id, customerId: customer_id, thankedAt: thanked_at };
  return { kind: 'referral.thanked', cause: id, data };
}

/** `state`: others may ask them about us (standing), or no longer (ended). */
export function referenceChanged({ customerId, state, at }: ReferenceNews): Happening {
  return {
    kind: 'reference.changed',
    cause: `${customerId} ${state} ${at}`,
    data: { customerId, state, changedAt: at },
  };
}

/** The day is `askFrom`: from now on somebody can come with it. */
export function needNoticed({ customer_id, last_on, expected_on, ask_from }: NeedRow): Happening {
  const data = { customerId: customer_id, lastOn: last_on, expectedOn: expected_on, askFrom: ask_from };
  return { kind: 'next_need.noticed', cause: `${customer_id} ${last_on}`, data };
}

/** Somebody came with it. */
export function needWorked({ id, customer_id, cycle_on, account_id, at }: NudgeRow): Happening {
  const data = { nudgeId: id, customerId: customer_id, lastOn: cycle_on, accountId: account_id, at };
  return { kind: 'next_need.worked', cause: id, data };
}
