import type { Standing } from '../care.ts';

/** Of five: needs well met. */
const HAPPY = 4;
/** What somebody said so long ago says nothing of today; and nobody is asked twice in that time. */
export const YEAR_DAYS = 365;

/** Why somebody is not asked for a word about us; the first that holds. */
export type Against =
  | 'left'
  | 'unsubscribed'
  | 'declined'
  | 'not_happy'
  | 'talking'
  | 'asked'
  | 'no_legal_basis'
  | 'suppressed'
  | 'no_address'
  | 'budget';

export interface AskFacts extends Standing {
  /** What they said last, and when; undefined where they never did. */
  contentment: { score: number; saidAt: string } | undefined;
  declined: boolean;
  /** When they were asked last. */
  askedAt: string | undefined;
  /** The contact budget has no room now. */
  overBudget: boolean;
}

/** `since`: a year ago. Whoever is spoken to in person needs no address and no legal basis for mail. */
export function against(facts: AskFacts, way: 'mail' | 'talk', since: string): Against | null {
  const { customer, contentment, askedAt } = facts;
  if (customer.status === 'left') return 'left';
  if (customer.unsubscribedAt !== null) return 'unsubscribed';
  if (facts.declined) return 'declined';
  if (!contentment || contentment.score < HAPPY || contentment.saidAt < since) return 'not_happy';
  if (facts.talking) return 'talking';
  if (askedAt !== undefined && askedAt > since) return 'asked';
  if (way === 'talk') return null;
  if (customer.legalBasis === '') return 'no_legal_basis';
  if (facts.suppressed) return 'suppressed';
  if (customer.email === '') return 'no_address';
  return facts.overBudget ? 'budget' : null;
}

const ADDRESS = /\S@\S|\bwww\.|https?:\/\//iu;
const NUMBER = /(?:\d[\s()/.\-]*){6,}/u;

/** Whether words give away how to reach somebody: an address, a number. We keep nobody's without their own consent. */
export function givesAway(words: string): boolean {
  const read = words.normalize('NFKC').replace(/[\u00ad\u200b-\u200d\u2060\ufeff]/g, '');
  return ADDRESS.test(read) || NUMBER.test(read);
}
