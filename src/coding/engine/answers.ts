import { spokenIn } from './spoken.ts';
import { wordsOf, type Words } from './words.ts';

/** An open answer; without a language, entries of every language are tried. */
export interface Answer {
  text: string;
  lang?: string;
}

/** An answer with the codes that a person gave it, none being an answer too; `main` is the most important of them. */
export interface Example extends Answer {
  labels: string[];
  main?: string;
  /** How much it counts beside the others; 1 if nothing is said. */
  weight?: number;
}

/** An answer cut into words. */
export interface Read {
  words: Words;
  /** The one it is written in, see `spokenIn`. */
  lang?: string;
}

/** So many characters of an answer are read: nobody answers at such length, and a file may hold what is none. */
const READ = 20_000;

export function read({ text, lang }: Answer): Read {
  const words = wordsOf(text.slice(0, READ));
  return { words, lang: lang === undefined ? undefined : spokenIn(words.words, lang) };
}
