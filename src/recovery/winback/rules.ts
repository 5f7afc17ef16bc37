import { addDays, daysBetween } from '../../shared/dates.ts';

/** How a conversation to win somebody back ended. */
export const CALL_OUTCOMES = [
  'won_back',
  'thinking',
  'call_again',
  'not_reached',
  'lost',
  'moved',
  'do_not_contact',
] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** A conversation took place: whatever they said, the reason is asked and kept. */
const SPOKEN: readonly CallOutcome[] = ['won_back', 'thinking', 'lost', 'moved'];
export const needsReason = (outcome: CallOutcome): boolean => SPOKEN.includes(outcome);
export const wasReached = (outcome: CallOutcome): boolean => outcome !== 'not_reached';
export const endsCase = (outcome: CallOutcome): boolean =>
  outcome === 'lost' || outcome === 'moved' || outcome === 'do_not_contact';

/** They have bought again; a case that was opened again since then begins anew. */
export const isBack = (own: { state: string; returned_on: string | null }): boolean =>
  own.state === 'won' && own.returned_on !== null;

/** Whoever is never there is let be after so many tries in a row. */
export const MOST_TRIES = 5;
/** Whoever thinks about it is asked again after so many days; somebody not reached, after so many. */
export const [THINKING_DAYS, RETRY_DAYS] = [14, 1];

/** Reasons behind which stands something that we failed in: the first letter apologises for it. */
const FAILURES: ReadonlySet<string> = new Set([
  'quality',
  'responsiveness',
  'promises',
  'complaints',
  'dissatisfaction',
]);
export const isFailure = (reasonKey: string): boolean => FAILURES.has(reasonKey);

/** From 3, worth a call first, to 0, hardly any. */
export type Chance = 0 | 1 | 2 | 3;

interface ChanceFacts {
  /** The first-level reason; '' while it is not known. */
  reasonKey: string;
  since: string | null;
  leftOn: string;
  /** They have been spoken to before, or answered our questions. */
  reached: boolean;
  today: string;
}

/** Days since they left: still fresh, and long ago. */
const [FRESH, LONG] = [90, 365];
const LOYAL_DAYS = 3 * 365;

/**
 * How worthwhile a call looks, by a plain rule: what we can mend, how long they were with us, how fresh it is, whether
 * they talk to us. `because` are the text keys of what counted. No probability is meant, and none is shown.
 */
export function chanceOf(facts: ChanceFacts): { chance: Chance; because: string[]; changesOn: string } {
  const { reasonKey, since, leftOn, reached, today } = facts;
  const gone = daysBetween(leftOn, today);
  const changesOn = gone <= FRESH ? addDays(leftOn, FRESH + 1) : gone <= LONG ? addDays(leftOn, LONG + 1) : NEVER;
  if (reasonKey === 'moved') return { chance: 0, because: ['winback.because.moved'], changesOn };
  const points: [boolean, number, string][] = [
    [isFailure(reasonKey), 1, 'mendable'],
    [reasonKey === 'price' || reasonKey === 'competitor', 0, 'elsewhere'],
    [reasonKey === 'payment', 0, 'payment'],
    [reasonKey === '', 0, 'unknown'],
    [since !== null && daysBetween(since, leftOn) >= LOYAL_DAYS, 1, 'loyal'],
    [since !== null && daysBetween(since, leftOn) < LONG, -1, 'short'],
    [gone <= FRESH, 1, 'fresh'],
    [gone > LONG, -1, 'long'],
    [reached, 1, 'talks'],
  ];
  const held = points.filter(([holds]) => holds);
  const sum = held.reduce((total, [, weight]) => total + weight, 0);
  const chance = Math.max(1, Math.min(3, sum)) as Chance;
  return { chance, because: held.map(([, , what]) => `winback.because.${what}`), changesOn };
}

/** No day that comes. */
export const NEVER = '9999-12-31';

/** Rates as they are said beside each other; undefined where nothing is to be divided by. */
export function winBackRates({ lost, attempted, wonBack }: { lost: number; attempted: number; wonBack: number }) {
  const share = (of: number) => (of === 0 ? undefined : wonBack / of);
  return { ofAttempted: share(attempted), ofLost: share(lost) };
}
