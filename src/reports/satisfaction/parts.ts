/** What a response is about: satisfaction as a whole, or one moment of a dealing. Never blended. */
export const PARTS = ['satisfaction', 'before', 'during', 'after'] as const;
export type Part = (typeof PARTS)[number];

/** A response as it is counted, the customer as they were then. */
export interface Counted {
  responseId: string;
  day: string;
  part: Part;
  programmeId: string;
  segment: string;
  country: string;
  language: string;
  score: number | null;
  likely: number | null;
  /** What they had expected of the same dealing before it. */
  expected: number | null;
  words: Words[];
}

/** Codes with how likely the engine finds each. */
export type Chances = readonly (readonly [codeId: string, chance: number])[];

/** What somebody wrote to one question. */
export interface Words {
  questionKey: string;
  random: number;
  /** As colleagues coded it; null where nobody has. */
  codes: string[] | null;
  /** What the engine makes of it; null where it has not read it. */
  chances: Chances | null;
  /** How likely it was to be drawn, where it was drawn at random and coded by somebody who was not shown the engine's word. */
  inclusion: number | null;
}

/** From here on the engine's word stands where no colleague has spoken. */
const STANDS = 0.5;

/** The codes that stand on an answer; null where nobody has read it. */
export function standing({ codes, chances }: Words): { codeId: string; byEngine: number | null }[] | null {
  if (codes) return codes.map((codeId) => ({ codeId, byEngine: null }));
  if (!chances) return null;
  return chances.flatMap(([codeId, chance]) => (chance >= STANDS ? [{ codeId, byEngine: chance }] : []));
}

/** Where answers to one question are counted. */
export interface Topic {
  part: Part;
  programmeId: string;
  questionKey: string;
}

export const topicOf = ({ part, programmeId, questionKey }: Topic): string => `${part} ${programmeId} ${questionKey}`;

export function topicFrom(text: string): Topic {
  const [part, programmeId = '', questionKey = ''] = text.split(' ');
  return { part: part as Part, programmeId, questionKey };
}
