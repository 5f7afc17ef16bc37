import type { afterCall } from '../../../telephone/index.ts';

/** How a call to somebody at risk ended. */
export const CALL_OUTCOMES = [
  'well',
  'trouble',
  'leaving',
  'call_back',
  'not_reached',
  'wrong_number',
  'no_calls',
  'nothing',
] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** What it means for when, and whether, they are called again. */
export function asOnTelephone(outcome: CallOutcome): Parameters<typeof afterCall>[0] {
  if (outcome === 'call_back' || outcome === 'not_reached' || outcome === 'wrong_number') return outcome;
  return outcome === 'no_calls' || outcome === 'nothing' ? 'refused' : 'answered';
}

/** Somebody was spoken to: it counts as having been contacted. */
export const wasReached = (outcome: CallOutcome): boolean => outcome !== 'not_reached' && outcome !== 'wrong_number';

/** Why somebody is not put on the list, or not called although they are on it. */
type AgainstCall = 'not_flagged' | 'waiting' | 'complaint' | 'recently_invited' | (string & {});

export interface Against {
  /** The end of the text key 'telephone.why.…'. */
  why: AgainstCall;
  /** From when they may be called, where that is known. */
  until: string | null;
}
