import { compileLexicon } from '../engine/lexicon.ts';
import { wordsOf } from '../engine/words.ts';

export interface ClashesAsk {
  type: 'clashes';
  lines: { language: string; entry: string }[];
  answers: { text: string; lang: string; codeIds: string[] }[];
  /** The code whose lines they are, and those that count as it. */
  own: string[];
}

/** In how many coded answers a line stands, and in how many of them people gave none of the code's own. */
export interface LineFound {
  language: string;
  entry: string;
  all: number;
  elsewhere: number;
  /** The code that those others carry most. */
  mostly: string | null;
}

const MOST = 8;

/** The lines that most often stand in answers which people coded otherwise. */
export function findClashes({ lines, answers, own }: ClashesAsk): LineFound[] {
  const lexicon = compileLexicon(
    lines.map(({ language, entry }) => ({
      code: 'own',
      detail: 'own',
      lang: language,
      entries: [entry],
      keywords: true,
    })),
  );
  const found = lines.map((line) => ({ ...line, all: 0, elsewhere: 0, others: new Map<string, number>() }));
  for (const { text, lang, codeIds } of answers) {
    const isOwn = codeIds.some((id) => own.includes(id));
    for (const entry of new Set(lexicon.match(wordsOf(text), lang).map((match) => match.entry))) {
      const line = found[entry];
      if (!line) continue;
      line.all++;
      if (isOwn) continue;
      line.elsewhere++;
      for (const id of codeIds) line.others.set(id, (line.others.get(id) ?? 0) + 1);
    }
  }
  return found
    .filter(({ elsewhere }) => elsewhere > 0)
    .sort((a, b) => b.elsewhere - a.elsewhere || a.entry.localeCompare(b.entry))
    .slice(0, MOST)
    .map(({ others, ...line }) => ({ ...line, mostly: mostOf(others) }));
}

function mostOf(counts: Map<string, number>): string | null {
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
