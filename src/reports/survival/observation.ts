import { addDays, daysBetween } from '../../shared/dates.ts';

/** What counting needs of one customer: days are 'YYYY-MM-DD'. */
export interface Lived {
  created: string;
  customerSince: string | null;
  firstPurchaseOn: string | null;
  /** When they left for the first time that is on record; null where they never did. */
  leftOn: string | null;
}

/** Since when leavings are on record. */
export interface Records {
  /** The day on which the first customer was recorded. */
  begun: string;
  /** The day from which on those who left are on record, which may be long before. */
  watchedFrom: string;
}

/** One customer's first lifetime, as far as it could be seen. */
interface Watched {
  since: string;
  /** From then on their leaving would have been noticed; later than `since` where we came late. */
  from: string;
  /** The day on which they left, or today. */
  to: string;
  left: boolean;
}

/** What is brought in within these days belongs to the beginning. */
const BEGINNING_DAYS = 30;
/** Customers are recorded so long after they joined at the latest, where lists are brought in every month or two. */
const LATE_DAYS = 62;

/**
 * When somebody came under observation. A customer who is known only since a day could not have been seen leaving before
 * it: only those who stayed were brought in. So the first lists are watched from the day on which leavings are on record,
 * and whoever is recorded long after they joined, from their own record on. Undefined where they left before that.
 */
export function watch(life: Lived, records: Records, today: string): Watched | undefined {
  const { created, leftOn } = life;
  const since = life.customerSince ?? life.firstPurchaseOn ?? created;
  const isFirst = created <= addDays(records.begun, BEGINNING_DAYS);
  const isPrompt = since >= records.begun && daysBetween(since, created) <= LATE_DAYS;
  const seenFrom = isFirst ? records.watchedFrom : isPrompt ? since : created;
  const from = since > seenFrom ? since : seenFrom;
  const left = leftOn !== null && leftOn <= today;
  const to = left ? leftOn : today;
  return from < to ? { since, from, to, left } : undefined;
}

const WEEK = 7;
/** Lifetimes are followed for twenty years. */
export const MOST_WEEKS = 1043;

/**
 * The same in whole weeks since they joined: when they count from (they are at risk after it), and to. Weeks of which only
 * a part was seen do not count. Undefined where no whole week is left.
 */
export function inWeeks({
  since,
  from,
  to,
  left,
}: Watched): { enters: number; exits: number; left: boolean } | undefined {
  const enters = Math.ceil(daysBetween(since, from) / WEEK);
  const days = daysBetween(since, to) / WEEK;
  const exits = Math.min(MOST_WEEKS, left ? Math.ceil(days) : Math.floor(days));
  return exits > enters ? { enters, exits, left: left && Math.ceil(days) <= MOST_WEEKS } : undefined;
}
