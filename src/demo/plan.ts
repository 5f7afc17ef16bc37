import type { DemoLanguage, Reason, SatisfactionQuestion } from './content.ts';

/** Who was asked what and when, and what came back, as plain data. Timestamps are UTC ISO-8601; customers by reference. */
export interface AnswerPlan {
  leaving: { waves: PlannedWave[]; people: LeavingEntry[] };
  satisfaction: { waves: PlannedWave[]; people: SatisfactionEntry[] };
  /** The year before: those who left in it, and how satisfied customers were. */
  before: Pick<AnswerPlan, 'leaving' | 'satisfaction'>;
}

/** Both years, the earlier one first. */
export function bothYears({ leaving, satisfaction, before }: AnswerPlan): Pick<AnswerPlan, 'leaving' | 'satisfaction'> {
  return {
    leaving: {
      waves: [...before.leaving.waves, ...leaving.waves],
      people: [...before.leaving.people, ...leaving.people],
    },
    satisfaction: {
      waves: [...before.satisfaction.waves, ...satisfaction.waves],
      people: [...before.satisfaction.people, ...satisfaction.people],
    },
  };
}

export interface PlannedWave {
  key: string;
  sent_at: string;
  customers: string[];
}

export type Outcome = 'not_asked' | 'no_answer' | 'opted_out' | 'started' | 'answered';

/** One for each customer who left. */
export interface LeavingEntry {
  customer: string;
  /** null for 'not_asked'. */
  wave: string | null;
  outcome: Outcome;
  /** 'called': somebody rang before the wave, or they were held out. */
  not_asked: '' | 'no_address' | 'no_basis' | 'called';
  /** For 'answered'; for 'started' only `text` was saved, and nothing sent. */
  answer: LeavingAnswer | null;
  /** What colleagues made of it; null while nobody has coded it. */
  coding: PlannedCoding | null;
}

export interface LeavingAnswer {
  language: DemoLanguage;
  mode: 'email' | 'telephone' | 'paper';
  answered_at: string;
  /** Key of the colleague who wrote it down, on the telephone or from paper. */
  entered_by: string | null;
  /** What happened before you decided to stop buying from us? */
  text: string;
  /** What exactly happened? '' where it was not asked or left empty, as with `keep` and `now`. */
  probe: string;
  /** Reasons ticked in the list; 'withheld' (prefer not to say) stands alone; [] where the list was left empty. */
  ticked: (Reason | 'withheld')[];
  /** The one of them that mattered most. */
  ticked_main: Reason | null;
  /** What could we have done? */
  keep: string;
  /** Where do you buy now? */
  now: string;
  may_contact: boolean | null;
  /** How the author of the text labelled it, main reason first. */
  codes: Reason[];
  /** The code of the second level that says the main one more exactly; '' where none does. */
  detail: string;
}

export interface PlannedCoding {
  /** Key of a member of staff. */
  by: string;
  at: string;
  /** 'unknown': they say themselves that they do not know. */
  main: Reason;
  contributing: Reason[];
}

/** One for each current customer who was asked. */
export interface SatisfactionEntry {
  customer: string;
  wave: string;
  outcome: 'no_answer' | 'answered';
  answer: SatisfactionAnswer | null;
  /** Who coded all its open answers, and when; null while nobody has. */
  coding: { by: string; at: string } | null;
}

export interface SatisfactionAnswer {
  language: DemoLanguage;
  mode: 'email';
  answered_at: string;
  /** How well are your needs met, 1 to 5. */
  needs_score: number;
  /** Open answers; a question without a key was left empty. */
  texts: Partial<Record<SatisfactionQuestion, string>>;
  /** For each of them, how its author labelled it: codes of the codebook of satisfaction. */
  codes: Partial<Record<SatisfactionQuestion, string[]>>;
}
