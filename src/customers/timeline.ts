/**
 * Something that happened with a customer. `kind` is 'FEATURE.what'; its words are the text 'FEATURE.event.what',
 * filled with the detail's values. No personal data in the detail.
 */
export interface CustomerEvent {
  customerId: string;
  kind: string;
  /** Now, unless it happened at another time. */
  at?: string | undefined;
  /** The colleague who did it. */
  accountId?: string | null | undefined;
  /** The invitation, response, case ... that it is about. */
  subjectId?: string | null | undefined;
  detail?: Record<string, string | number> | undefined;
}

/** A line of a customer's timeline: an event, or a purchase, invoice or dealing by its day. */
export interface TimelineItem {
  id: string;
  /** A timestamp, or a plain date for what has no time of day. */
  at: string;
  kind: string;
  accountId: string | null;
  subjectId: string | null;
  detail: Record<string, string | number>;
}
