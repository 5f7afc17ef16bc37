import { commonNouns, isCue, isPlace, isSwitch, leadsTowards, mayBeName, speaksAlone } from './entity-cues.ts';
import { isAlike, nameKey } from './entity-merging.ts';
import { wordsOf, type Words } from './words.ts';

interface NamedAnswer {
  id: string;
  text: string;
}

/** Whoever answers name as a place where they have gone; for a person to confirm. */
export interface NamedCompetitor {
  /** As it is mostly written, with a capital if anyone wrote one. */
  name: string;
  spellings: string[];
  /** Ids of the answers that name it anywhere. */
  answers: string[];
  examples: NamedAnswer[];
}

interface EntityOptions {
  /** Names of the business itself, and names that people have said are none. */
  except: readonly string[];
  /** Nouns that are no names, in their folded spelling. */
  nouns: ReadonlySet<string>;
}

const NO_NOUNS: ReadonlySet<string> = new Set();

const LONGEST_NAME = 3;
const EXAMPLES = 3;

/**
 * Competitors named in open answers in English, German, Dutch and Norwegian: what is written with a capital (German nouns
 * apart) right after "to", "bei", "naar", "hos" and the like in a sentence about going elsewhere; in small letters where two
 * answers say so. Spellings that differ by a slip are one. Most named first; misses names never put this way.
 */
export function namedCompetitors(
  answers: readonly NamedAnswer[],
  { except = [], nouns: known = NO_NOUNS }: Partial<EntityOptions> = {},
): NamedCompetitor[] {
  const read = answers.map(({ text }) => wordsOf(text));
  const nouns = commonNouns(read).union(known);
  const candidates = new Map<string, Candidate>();
  read.forEach((words, i) => namesIn(words, nouns).forEach((name) => note(candidates, name, i)));
  const barred = except.map(nameKey);
  const small = smallLetters(read);
  const believed = [...candidates.values()].filter(
    (each) => isBelieved(each, small) && !barred.some((own) => isAlike(own, each.key)),
  );
  const groups = merged(believed);
  const mentions = mentionsOf(groups, read);
  return groups
    .map((group, i) => competitorOf(group, mentions[i]!, answers))
    .sort((a, b) => b.answers.length - a.answers.length || a.name.localeCompare(b.name));
}

interface Name {
  /** As written. */
  name: string;
  capital: boolean;
}

interface Candidate {
  key: string;
  capital: boolean;
  answers: Set<number>;
  spellings: Map<string, number>;
}

function note(candidates: Map<string, Candidate>, { name, capital }: Name, answer: number): void {
  const key = nameKey(name);
  if (key === '') return;
  const known = candidates.get(key) ?? { key, capital: false, answers: new Set(), spellings: new Map() };
  known.capital ||= capital;
  known.answers.add(answer);
  known.spellings.set(name, (known.spellings.get(name) ?? 0) + 1);
  candidates.set(key, known);
}

/** One capital is enough for a name, two answers for small letters, if the word is not mostly used otherwise. */
function isBelieved({ key, capital, answers }: Candidate, small: Map<string, number>): boolean {
  return (capital || answers.size > 1) && (small.get(key) ?? 0) <= MOSTLY_OTHERWISE * answers.size;
}

const MOSTLY_OTHERWISE = 4;

/** In how many answers each word is written in small letters. */
function smallLetters(read: Words[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { text, words, start } of read) {
    const small = new Set(words.filter((_, i) => /^\p{Ll}/u.test(text.slice(start[i], start[i]! + 2))));
    for (const word of small) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** Names right after a place word, in sentences with a cue. */
function namesIn(words: Words, nouns: ReadonlySet<string>): Name[] {
  const names: Name[] = [];
  const cued = new Set(words.words.flatMap((word, i) => (isCue(word) ? [words.sentence[i]!] : [])));
  for (let i = 1; i < words.words.length; i++) {
    const before = words.words[i - 1]!;
    if (!isPlace(before) || words.clause[i] !== words.clause[i - 1]) continue;
    const told = cued.has(words.sentence[i]!);
    if (!told && !speaksAlone(before)) continue;
    const end = endOfName(words, i, nouns);
    if (end > i) names.push({ name: written(words, i, end), capital: true });
    else if (leadsTowards(before) && isBesideSwitch(words, i) && mayBeName(words.words[i]!, nouns))
      names.push({ name: written(words, i, i + 1), capital: false });
  }
  return names;
}

/** "Switched over to x", "zu x gewechselt". */
function isBesideSwitch({ words, clause }: Words, i: number): boolean {
  return [i - 3, i - 2, i + 1].some((at) => clause[at] === clause[i] && isSwitch(words[at]));
}

/** Words with capitals, with nothing but a blank, hyphen or ampersand between them. */
function endOfName(words: Words, from: number, nouns: ReadonlySet<string>): number {
  let end = from;
  while (end < words.words.length && end < from + LONGEST_NAME) {
    const between = end > from ? words.text.slice(words.end[end - 1], words.start[end]) : '';
    const short = end === from && /^[-&]/.test(words.text.slice(words.end[end]));
    if (!/^[ \-&]*$/.test(between) || !/^\p{Lu}/u.test(words.text.slice(words.start[end], words.end[end]))) break;
    if (!short && !mayBeName(words.words[end]!, nouns)) break;
    end++;
  }
  return end;
}

const written = ({ text, start, end }: Words, from: number, to: number): string =>
  text
    .slice(start[from], end[to - 1])
    .replace(/\s+/g, ' ')
    .replace(/['’]s$/u, '');

/** The most frequent first; each further one joins the first that it may be a slip of. */
function merged(candidates: Candidate[]): Candidate[][] {
  const groups: Candidate[][] = [];
  const ranked = candidates.toSorted((a, b) => b.answers.size - a.answers.size || a.key.localeCompare(b.key));
  for (const each of ranked) {
    const group = groups.find(([first]) => isAlike(first!.key, each.key));
    if (group) group.push(each);
    else groups.push([each]);
  }
  return groups;
}

/** The answers that name each group anywhere, in whatever case. */
function mentionsOf(groups: Candidate[][], read: Words[]): Set<number>[] {
  const groupOf = new Map(groups.flatMap((group, i) => group.map(({ key }) => [key, i] as const)));
  const mentions = groups.map((group) => new Set(group.flatMap((each) => [...each.answers])));
  read.forEach(({ words }, answer) => {
    for (let from = 0; from < words.length; from++) {
      let key = '';
      for (let to = from; to < Math.min(words.length, from + LONGEST_NAME); to++) {
        key += words[to]!;
        const group = groupOf.get(key);
        if (group !== undefined) mentions[group]!.add(answer);
      }
    }
  });
  return mentions;
}

function competitorOf(group: Candidate[], mentions: Set<number>, answers: readonly NamedAnswer[]): NamedCompetitor {
  const counts = group.flatMap(({ spellings }) => [...spellings]);
  const ranked = counts.sort((a, b) => Number(hasCapital(b[0])) - Number(hasCapital(a[0])) || b[1] - a[1]);
  const named = [...mentions].sort((a, b) => a - b).map((i) => answers[i]!);
  return {
    name: ranked[0]![0],
    spellings: [...new Set(ranked.map(([spelling]) => spelling))],
    answers: named.map(({ id }) => id),
    examples: named.slice(0, EXAMPLES),
  };
}

const hasCapital = (name: string) => /\p{Lu}/u.test(name);
