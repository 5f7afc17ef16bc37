import { chosenIn, type Filter } from './filter.ts';
import { standing, type Counted } from './parts.ts';

/** An answer that a code stands on, the customer as they were then. */
export interface Said {
  responseId: string;
  day: string;
  random: number;
  /** The engine's chance; null where a colleague gave the code. */
  byEngine: number | null;
  segment: string;
  country: string;
  language: string;
}

/** Where answers behind a theme stand. */
export interface Theme {
  codeId: string;
  part: string;
  questionKey: string;
}

export const keyOf = ({ codeId, part, questionKey }: Theme): string => `${codeId} ${part} ${questionKey}`;

export function themeFrom(key: string): Theme {
  const [codeId = '', part = '', questionKey = ''] = key.split(' ');
  return { codeId, part, questionKey };
}

/** Adds the answers of a response to those behind each theme. */
export function addSaid(themes: Map<string, Said[]>, response: Counted): void {
  const { responseId, day, part, segment, country, language } = response;
  for (const words of response.words)
    for (const { codeId, byEngine } of standing(words) ?? []) {
      const key = keyOf({ codeId, part, questionKey: words.questionKey });
      const said = { responseId, day, random: words.random, byEngine, segment, country, language };
      const known = themes.get(key);
      if (known) known.push(said);
      else themes.set(key, [said]);
    }
}

/** What stands behind a theme in a month of which some days were counted anew. */
export function replacedIn(known: Said[], days: ReadonlySet<string>, fresh: Said[]): Said[] {
  return inRandomOrder([...known.filter(({ day }) => !days.has(day)), ...fresh]);
}

const inRandomOrder = (answers: Said[]): Said[] =>
  answers.toSorted((a, b) => a.random - b.random || (a.responseId < b.responseId ? -1 : 1));

/** Those of a filter from a point in their random order on; an answer with two codes that count as one comes once. */
export function saidIn(answers: Said[], { period, of }: Filter, after: number): Said[] {
  const chosen = chosenIn(of);
  const found = new Map<string, Said>();
  for (const said of answers) {
    const isIn = said.random > after && said.day >= period.from && said.day <= period.to;
    if (isIn && chosen.every(({ field, value }) => said[field] === value)) found.set(said.responseId, said);
  }
  return inRandomOrder([...found.values()]);
}

type Row = [string, string, number, number | null, string, string, string];

export const writtenSaid = (answers: Said[]): string =>
  JSON.stringify(
    answers.map((each): Row => {
      const { responseId, day, random, byEngine, segment, country, language } = each;
      return [responseId, day, random, byEngine, segment, country, language];
    }),
  );

/** Written by `writtenSaid` alone. */
export const readSaid = (text: string): Said[] =>
  (JSON.parse(text) as Row[]).map(([responseId, day, random, byEngine, segment, country, language]) => {
    return { responseId, day, random, byEngine, segment, country, language };
  });
