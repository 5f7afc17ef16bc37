import { findThemes } from '../engine/themes.ts';

export interface ThemesAsk {
  type: 'themes';
  unexplained: { id: string; text: string; lang: string }[];
  explained: { text: string }[];
}

export interface Phrase {
  text: string;
  language: string;
}

export interface FoundTheme {
  phrases: Phrase[];
  /** Ids of its answers: a few that differ from each other, then the others, nearest to the centre first. */
  answers: string[];
  novelty: number;
}

/** The themes of these answers, and the language that each of their phrases is mostly said in. */
export function findNamed({ unexplained, explained }: ThemesAsk): FoundTheme[] {
  const byId = new Map(unexplained.map((answer) => [answer.id, answer]));
  return findThemes(unexplained, explained).map(({ phrases, answers, examples, novelty }) => {
    const members = answers.flatMap((id) => byId.get(id) ?? []);
    const inOrder = [...new Set([...examples.map(({ id }) => id), ...answers])];
    return {
      phrases: phrases.map((text) => ({ text, language: languageOf(text, members) })),
      answers: inOrder,
      novelty,
    };
  });
}

function languageOf(phrase: string, members: { text: string; lang: string }[]): string {
  const counts = new Map<string, number>();
  for (const { text, lang } of members) {
    if (text.toLowerCase().includes(phrase.toLowerCase())) counts.set(lang, (counts.get(lang) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? members[0]?.lang ?? '';
}
