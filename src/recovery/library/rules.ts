/** What stands in an approved answer for what is known only when it is used. */
export const PLACEHOLDERS = ['greeting', 'name', 'company', 'colleague', 'case', 'telephone'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

const SLOT = /\{\s*([^{}\s]{1,40})\s*\}/g;

/** Names in braces that nothing will ever fill in. */
export function unknownPlaceholders(body: string): string[] {
  const names = [...body.matchAll(SLOT)].map(([, name = '']) => name);
  return [...new Set(names.filter((name) => !isPlaceholder(name)))];
}

const isPlaceholder = (name: string): name is Placeholder => PLACEHOLDERS.some((each) => each === name);

/** Puts what is known in the place of its name; what came in that way is never filled in itself. */
export function filled(body: string, values: Record<Placeholder, string>): string {
  return body.replace(SLOT, (whole, name: string) => (isPlaceholder(name) ? values[name] : whole));
}

/** Words without case and accents: "Größe, élan" -> "grosse", "elan". */
export function wordsOf(text: string): string[] {
  const plain = text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '');
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** From so many letters on a word is also found inside another one: "maschine" in "Leihmaschine". */
const INSIDE = 4;
const MOST_WORDS = 12;

function worthOf(wanted: string, words: string[], exact: number, begins: number, inside: number): number {
  let best = 0;
  for (const word of words) {
    if (word === wanted) return exact;
    if (word.startsWith(wanted)) best = Math.max(best, begins);
    else if (wanted.length >= INSIDE && word.includes(wanted)) best = Math.max(best, inside);
  }
  return best;
}

/**
 * How well a text fits what was typed; 0 unless every word is found. In the question a whole word counts 8, a beginning
 * 6, a part 4; in the answer's body 3, 2 and 1.
 */
export function fitOf(typed: string, { question, body }: { question: string; body: string }): number {
  const wanted = [...new Set(wordsOf(typed))].slice(0, MOST_WORDS);
  const [asked, said] = [wordsOf(question), wordsOf(body)];
  const fits = wanted.map((word) => worthOf(word, asked, 8, 6, 4) || worthOf(word, said, 3, 2, 1));
  return fits.every((fit) => fit > 0) ? fits.reduce((sum, fit) => sum + fit, 0) : 0;
}

/** The best fit first; among equals what is used more, then by the question. Without words everything, by use. */
export function ranked<T extends { question: string; body: string; uses: number }>(all: T[], typed: string): T[] {
  const wanted = wordsOf(typed).length > 0;
  const scored = all.map((each) => ({ each, fit: wanted ? fitOf(typed, each) : 1 })).filter(({ fit }) => fit > 0);
  return scored
    .sort((a, b) => b.fit - a.fit || b.each.uses - a.each.uses || compared(a.each.question, b.each.question))
    .map(({ each }) => each);
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
