import type { AudienceCustomer } from '../customers/index.ts';
import { oneAddress } from '../mailer/index.ts';
import { wilson, type Share } from '../shared/statistics.ts';
import type { Delivery, Progress, SkipReason } from './wave.ts';

/** Whoever has left is reminded once at most; the others twice. Source: Göritz and Crutzen (2012). */
export function usualReminders(programmeKey: string): number[] {
  return programmeKey === 'leaving' ? [5] : [5, 12];
}

interface Circumstances {
  /** Languages of the version whose wording has been approved, in its order. */
  offered: string[];
  /** What is written in where the customer's own is not offered, if it is offered itself. */
  defaultLanguage: string;
  /** Until then the contact budget is used up; undefined where it is not. */
  overBudgetUntil: string | undefined;
  /** Nothing may be sent to their address, whoever it belongs to. */
  isSuppressed?: boolean;
  /** We are talking with them about what they owe. */
  isTalking?: boolean;
  /** A complaint of theirs is not closed. */
  isComplaining?: boolean;
}

export type Decision = { write: true; language: string } | { write: false; reason: SkipReason; until: string | null };

/** Whether somebody in the audience is written to, and in which language, or why not and until when. */
export function decide(customer: AudienceCustomer, circumstances: Circumstances): Decision {
  const skip = (reason: SkipReason, until: string | null = null): Decision => ({ write: false, reason, until });
  if (customer.unsubscribedAt !== null) return skip('unsubscribed');
  if (oneAddress(customer.email) === undefined) return skip('no_address');
  if (circumstances.isSuppressed) return skip('suppressed');
  if (customer.legalBasis === '') return skip('no_legal_basis');
  if (circumstances.isTalking) return skip('talking');
  if (circumstances.isComplaining) return skip('complaint');
  const language = languageFor(customer.language, circumstances);
  if (language === undefined) return skip('language');
  const until = circumstances.overBudgetUntil;
  return until === undefined ? { write: true, language } : skip('recently_invited', until);
}

/** Their own language where it is offered, else the business's, else the first that is. */
export function languageFor(
  own: string,
  { offered, defaultLanguage }: Pick<Circumstances, 'offered' | 'defaultLanguage'>,
) {
  return [own, defaultLanguage].find((each) => offered.includes(each)) ?? offered[0];
}

/** How many invitations of a wave have each delivery, and each progress other than none. */
export interface Counts {
  delivery: { delivery: Delivery; count: number; bounced: number; reached: number }[];
  progress: { progress: Progress; count: number }[];
}

/** Every recipient of a wave accounted for: sent + waiting + withheld + skipped + failed + cancelled + unknown. */
export interface Accounts {
  recipients: number;
  sent: number;
  /** Part of `sent`. */
  bounced: number;
  /** Part of `bounced`: reached by letter or telephone after all. */
  reached: number;
  queued: number;
  sending: number;
  withheld: number;
  skipped: number;
  failed: number;
  cancelled: number;
  unknown: number;
  /** sent - bounced + reached. */
  delivered: number;
  started: number;
  completed: number;
  optedOut: number;
  /** completed / delivered. */
  responseRate: Share;
  /** completed / started. */
  completionRate: Share;
  /** opted out / delivered. */
  optOutRate: Share;
}

export function accountsOf(counts: Counts): Accounts {
  const of = (which: Delivery) => counts.delivery.find((each) => each.delivery === which);
  const delivery = (which: Delivery) => of(which)?.count ?? 0;
  const progress = (which: Progress) => counts.progress.find((each) => each.progress === which)?.count ?? 0;
  const { bounced = 0, reached = 0 } = of('sent') ?? {};
  const sent = delivery('sent');
  const delivered = sent - bounced + reached;
  const [completed, optedOut] = [progress('completed'), progress('opted_out')];
  const started = progress('started') + completed;
  return {
    recipients: counts.delivery.reduce((total, { count }) => total + count, 0),
    sent,
    bounced,
    reached,
    queued: delivery('queued'),
    sending: delivery('sending'),
    withheld: delivery('withheld'),
    skipped: delivery('skipped'),
    failed: delivery('failed'),
    cancelled: delivery('cancelled'),
    unknown: delivery('unknown'),
    delivered,
    started,
    completed,
    optedOut,
    responseRate: wilson(Math.min(completed, delivered), delivered),
    completionRate: wilson(completed, started),
    optOutRate: wilson(Math.min(optedOut, delivered), delivered),
  };
}
