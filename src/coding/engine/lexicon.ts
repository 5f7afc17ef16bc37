import { parseEntry, type Phrase, type Step } from './entries.ts';
import { isOnly, negatorsOf } from './function-words.ts';
import { WordIndex } from './word-index.ts';
import type { Words } from './words.ts';

/** The entries of one code (and, beneath it, of one second-level code) in one language. */
export interface EntryGroup {
  /** First-level key. */
  code: string;
  /** Second-level key, or the first-level one itself. */
  detail: string;
  lang?: string;
  entries: string[];
  /** Keywords of a business match inflections and compounds, and a "no" before them changes nothing: they name topics. */
  keywords?: boolean;
  /** How much one match counts beside an entry written on purpose, 0 to 1. */
  weight?: number;
  /** Single words of phrases: a hint where the other words of an answer can be heard, too. */
  hints?: boolean;
}

/** Where an entry was found: words `from` to `to`, the last included. */
export interface Match {
  entry: number;
  from: number;
  to: number;
}

/** One entry as it was written, with the number by which matches call it. */
export interface Entry {
  group: EntryGroup;
  text: string;
}

export interface Lexicon {
  entries: Entry[];
  /** What stands in the answer and is neither denied nor taken back by a counter-entry. */
  match(words: Words, lang?: string): Match[];
}

/** The numbers of the patterns that will do, any word, or up to four. */
type CompiledStep = number[] | 'any' | 'gap';

interface Compiled {
  entry: number;
  code: string;
  counter: boolean;
  steps: CompiledStep[];
  /** The step by which the phrase is looked up: the one that looks rarest. */
  anchor: number;
  denies: boolean;
  deniable: boolean;
}

const WIDEST_GAP = 4;
const REACH_OF_NEGATION = 3;
const TRAILING_NEGATION = 2;

/** All entries at once, whatever their language. */
const ANY = '*';

/**
 * Finds all entries; a language with entries of its own is matched by these, any other by everything there is. What a
 * language is matched by is compiled when its first answer comes: most businesses hear few of them.
 */
export function compileLexicon(groups: EntryGroup[]): Lexicon {
  const entries = groups.flatMap((group) => group.entries.map((text) => ({ group, text })));
  const langs = [...new Set(groups.map(({ lang }) => lang ?? ''))];
  const others = langs.length === 1 ? langs[0]! : ANY;
  const matchers = new Map<string, Matcher>();
  const matcherOf = (lang: string): Matcher => {
    const found = matchers.get(lang) ?? new Matcher(entries, wantedIn(lang));
    matchers.set(lang, found);
    return found;
  };
  return {
    entries,
    match: (words, lang) => matcherOf(lang !== undefined && langs.includes(lang) ? lang : others).match(words, lang),
  };
}

const wantedIn =
  (lang: string) =>
  ({ group }: Entry): boolean =>
    lang === ANY || !group.lang || group.lang === lang;

/** The entries of one language behind an index by their rarest word. */
class Matcher {
  readonly #index = new WordIndex();
  readonly #byAnchor: Compiled[][] = [];
  /** When a pattern was last found: in which answer. */
  #present: Int32Array = new Int32Array(0);
  #answer = 0;

  constructor(entries: Entry[], wanted: (entry: Entry) => boolean) {
    entries.forEach((entry, i) => {
      if (!wanted(entry)) return;
      for (const phrase of parseEntry(entry.text, entry.group.keywords)) this.#add(phrase, entry, i);
    });
  }

  #add(phrase: Phrase, { group }: Entry, entry: number): void {
    const negators = negatorsOf(group.lang);
    const steps = phrase.steps.map((step) => this.#number(step));
    const denies = phrase.steps.some((step) => typeof step === 'object' && step.some(({ text }) => negators.has(text)));
    const anchor = rarest(phrase.steps);
    const deniable = !group.keywords && !denies;
    const compiled = { entry, code: group.code, counter: phrase.counter, steps, anchor, denies, deniable };
    for (const pattern of steps[anchor] as number[]) (this.#byAnchor[pattern] ??= []).push(compiled);
  }

  #number(step: Step): CompiledStep {
    return typeof step === 'string' ? step : [...new Set(step.map((pattern) => this.#index.add(pattern)))];
  }

  match(words: Words, lang?: string): Match[] {
    const fits = words.words.map((word) => this.#index.find(word));
    this.#note(fits);
    const found: (Match & { of: Compiled })[] = [];
    for (let i = 0; i < fits.length; i++) {
      for (const pattern of fits[i]!) {
        for (const of of this.#byAnchor[pattern] ?? NONE) {
          if (!this.#isPossible(of)) continue;
          const to = reach(of.steps, of.anchor + 1, i, 1, fits, words);
          const from = to < 0 ? -1 : reach(of.steps, of.anchor - 1, i, -1, fits, words);
          if (from >= 0) found.push({ entry: of.entry, from, to, of });
        }
      }
    }
    return found.length === 0 ? [] : standing(found, words, lang);
  }

  #note(fits: (readonly number[])[]): void {
    if (this.#present.length < this.#index.size) this.#present = new Int32Array(this.#index.size);
    this.#answer++;
    for (const each of fits) for (const pattern of each) this.#present[pattern] = this.#answer;
  }

  /** Most phrases fail because one of their other words is nowhere in the answer. */
  #isPossible({ steps, anchor }: Compiled): boolean {
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i]!;
      if (i !== anchor && typeof step !== 'string' && !this.#isPresent(step)) return false;
    }
    return true;
  }

  #isPresent(patterns: number[]): boolean {
    for (let i = 0; i < patterns.length; i++) if (this.#present[patterns[i]!] === this.#answer) return true;
    return false;
  }
}

const NONE: Compiled[] = [];

/** Longer words are rarer. */
function rarest(steps: Step[]): number {
  const lengths = steps.map((step) =>
    typeof step === 'string' ? 0 : Math.min(...step.map(({ text }) => text.length)),
  );
  return lengths.indexOf(Math.max(...lengths));
}

/** How far an entry reaches from word `at`, of which `step` is next, forward (1) or backward (-1); -1 where it does not. */
function reach(
  steps: CompiledStep[],
  step: number,
  at: number,
  by: 1 | -1,
  fits: (readonly number[])[],
  words: Words,
): number {
  if (step === steps.length || step < 0) return at;
  const wanted = steps[step]!;
  if (wanted === 'gap') return leap(steps, step + by, at, by, fits, words);
  const next = at + by;
  if (next < 0 || next >= fits.length || words.sentence[next] !== words.sentence[at]) return -1;
  return wanted === 'any' || meets(wanted, fits[next]!) ? reach(steps, step + by, next, by, fits, words) : -1;
}

function meets(wanted: number[], found: readonly number[]): boolean {
  for (let i = 0; i < found.length; i++) if (wanted.includes(found[i]!)) return true;
  return false;
}

function leap(
  steps: CompiledStep[],
  step: number,
  at: number,
  by: 1 | -1,
  fits: (readonly number[])[],
  words: Words,
): number {
  for (let width = 0; width <= WIDEST_GAP; width++) {
    const from = at + by * width;
    if (from < 0 || from >= fits.length || words.sentence[from] !== words.sentence[at]) return -1;
    const to = reach(steps, step, from, by, fits, words);
    if (to >= 0) return to;
  }
  return -1;
}

function standing(found: (Match & { of: Compiled })[], words: Words, lang: string | undefined): Match[] {
  const countered = new Set(
    found.filter(({ of }) => of.counter).map(({ of, from }) => `${of.code} ${words.clause[from]}`),
  );
  const denied = found.some(({ of }) => of.deniable) ? denials(words, lang) : undefined;
  const seen = new Set<string>();
  return found
    .filter(({ of, from }) => !of.counter && !countered.has(`${of.code} ${words.clause[from]}`))
    .filter(({ of, from }) => !of.deniable || !denied?.[from])
    .filter(({ entry, from }) => !seen.has(`${entry} ${from}`) && seen.add(`${entry} ${from}`))
    .map(({ entry, from, to }) => ({ entry, from, to }));
}

/** Which words stand within three words after a negator of their clause, in German also up to two before a closing "nicht". */
function denials(words: Words, lang: string | undefined): Uint8Array {
  const negators = negatorsOf(lang);
  const denied = new Uint8Array(words.words.length);
  words.words.forEach((word, i) => {
    if (!negators.has(word) || isOnly(words.words[i + 1] ?? '')) return;
    const same = (j: number) => words.clause[j] === words.clause[i];
    for (let j = i + 1; j <= i + REACH_OF_NEGATION && same(j); j++) denied[j] = 1;
    if (word !== 'nicht' || same(i + 1)) return;
    for (let j = i - 1; j >= i - TRAILING_NEGATION && same(j); j--) denied[j] = 1;
  });
  return denied;
}
