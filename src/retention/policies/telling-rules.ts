/** Why somebody who said it is not written to; the first that holds. */
export const UNTOLD = [
  'told',
  'unsubscribed',
  'refused',
  'talking',
  'held_out',
  'no_address',
  'suppressed',
  'no_legal_basis',
  'language',
  'budget',
] as const;
export type Untold = (typeof UNTOLD)[number];

export interface TellingFacts {
  /** This policy was told to them, or is going to be. */
  told: boolean;
  customer: { email: string; unsubscribedAt: string | null; legalBasis: string };
  /** They want no friendly letters. */
  noGreetings: boolean;
  /** They have a complaint, or any case with us, that goes on. */
  talking: boolean;
  heldOut: boolean;
  suppressed: boolean;
  /** Nobody has written it in their language. */
  wordless: boolean;
  overBudget: boolean;
}

/** Null where they are written to. */
export function untoldBecause(facts: TellingFacts): Untold | null {
  const { customer } = facts;
  if (facts.told) return 'told';
  if (customer.unsubscribedAt !== null) return 'unsubscribed';
  if (facts.noGreetings) return 'refused';
  if (facts.talking) return 'talking';
  if (facts.heldOut) return 'held_out';
  if (customer.email === '') return 'no_address';
  if (facts.suppressed) return 'suppressed';
  if (customer.legalBasis === '') return 'no_legal_basis';
  if (facts.overBudget) return 'budget';
  return facts.wordless ? 'language' : null;
}
