import type { Translate } from '../i18n/index.ts';
import type { Customer, Refusal } from './customer.ts';
import type { Resubscription } from './interface.ts';
import type { Dealing, Habits, Invoice, Purchase } from './records.ts';
import type { TimelineItem } from './timeline.ts';

/** One line of what is known about a customer. */
export interface Fact {
  term: string;
  lines: string[];
  mood: 'late' | 'bad' | '';
}

/** A part of the profile that a later feature lends. */
export interface Panel {
  /** Unique on the page, letters only: the heading's anchor. */
  id: string;
  heading: string;
  /** What there is, newest or most pressing first. */
  lines: { text: string; href: string | null; soft: string; mood: 'late' | 'bad' | 'good' | '' }[];
  /** Said where there are no lines. */
  empty: string;
  /** What can be done from here. */
  links: { text: string; href: string }[];
}

/** Something that they wrote, where they wrote it. */
export interface Voice {
  href: string;
  text: string;
  language: string;
  about: string;
}

/** The first rows of a list, and where the rest begins. */
interface Part<T> {
  rows: T[];
  next: string | null;
}

/** Everything that the profile of a customer tells. */
export interface ProfileFacts {
  customer: Customer;
  habits: Habits;
  /** The last time that somebody took back their wish not to be written to. */
  resubscription: Resubscription | undefined;
  refusals: Refusal[];
  /** Who else has their address and wants no questionnaires. */
  refusingElsewhere: string[];
  purchases: Part<Purchase>;
  invoices: Part<Invoice>;
  dealings: Part<Dealing>;
  timeline: Part<TimelineItem>;
  /** In their own words, newest first; null where nothing collects answers. */
  voices: Voice[] | null;
  contacts: Fact[];
  panels: Panel[];
  colleagues: { id: string; name: string }[];
  eventLink(kind: string, subjectId: string): string | null;
  /** In the customer's language, for their greeting. */
  theirs: Translate;
  /** 'YYYY-MM-DD' where the business is. */
  today: string;
}
