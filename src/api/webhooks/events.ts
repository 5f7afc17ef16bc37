/** What programs can be told of, as the settings show it. */
export const EVENT_GROUPS = [
  {
    group: 'asking',
    kinds: ['response.submitted', 'wave.finished', 'customer.opted_out', 'customer.merged', 'customer.erased'],
  },
  {
    group: 'cases',
    kinds: [
      'case.opened',
      'case.step_taken',
      'case.remedy_given',
      'case.handed_over',
      'case.merged',
      'case.urgent',
      'case.overdue',
      'mail.received',
      'case.closed',
      'case.confirmed',
      'case.unanswered',
      'case.reopened',
      'case.noted',
      'case.customer_wrote',
      'case.customer_named',
      'case.file_added',
      'case.snoozed',
      'case.woken',
      'case.tagged',
      'case.untagged',
      'case.step_undone',
      'case.exception_made',
      'mail.written',
      'mail.answered',
      'mail.returned',
    ],
  },
  { group: 'decisions', kinds: ['approval.waiting', 'approval.decided', 'answer.changed', 'playbook.changed'] },
  {
    group: 'winningBack',
    kinds: [
      'call.ended',
      'winback.letter_written',
      'customer.returned',
      'offer.given',
      'offer.redeemed',
      'offer.ended',
      'offer.changed',
    ],
  },
  {
    group: 'payment',
    kinds: [
      'payment_plan.proposed',
      'payment_plan.agreed',
      'payment_plan.declined',
      'payment_plan.ended',
      'payment.call_chosen',
      'instalment.paid',
      'instalment.missed',
      'instalment.returned',
    ],
  },
  { group: 'said', kinds: ['comment.received', 'claim.decided', 'alert.reported', 'alert.credited'] },
  {
    group: 'attentions',
    kinds: [
      'anniversary.greeted',
      'anniversary.card_moved',
      'referral.named',
      'referral.settled',
      'referral.thanked',
      'reference.changed',
      'next_need.noticed',
      'next_need.worked',
    ],
  },
  {
    group: 'colleagues',
    kinds: ['colleague.away', 'colleague.back', 'colleague.handed_over', 'alert_link.made', 'alert_link.revoked'],
  },
] as const;

export type EventKind = (typeof EVENT_GROUPS)[number]['kinds'][number];
export const EVENT_KINDS: readonly EventKind[] = EVENT_GROUPS.flatMap(({ kinds }): readonly EventKind[] => kinds);

/** What a new endpoint is told of unless somebody chooses otherwise. */
export const USUAL_KINDS: readonly EventKind[] = [
  'response.submitted',
  'case.opened',
  'case.closed',
  'customer.opted_out',
  'wave.finished',
];

/** Sent to one endpoint alone, when somebody tries it out. */
export const TEST = 'test';

/** Ids and codes, never words or addresses: whoever may know more asks the interface. */
export type EventData = Record<string, string | number | boolean | null>;

export interface Happening {
  kind: EventKind;
  /** What makes it this event and no other. */
  cause: string;
  data: EventData;
}
