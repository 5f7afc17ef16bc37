import { namedCompetitors } from '../engine/entities.ts';
import { mayBeName, isPlace } from '../engine/entity-cues.ts';
import { nameKey } from '../engine/entity-merging.ts';
import { wordsOf } from '../engine/words.ts';
import { isCountry } from './countries.ts';

export interface NamesAsk {
  type: 'names';
  /** To be read now, and others around them by which names are told from other words. */
  answers: { id: string; text: string; tellsWhere: boolean }[];
  /** The keys of names that are known already. */
  known: string[];
  /** The business itself, and names that people have said are none. */
  except: string[];
}

export interface Spelling {
  name: string;
  /** How names are compared: folded, without blanks and legal form. */
  key: string;
}

export interface FoundNames {
  /** Names that were put as a place where somebody has gone, in each of their spellings, the usual one first. */
  names: { spellings: Spelling[]; answers: string[] }[];
  /** Answers that mention a name known already, by its key. */
  mentions: { key: string; answers: string[] }[];
}

const LONGEST_NAME = 3;
const NO_NOUNS: ReadonlySet<string> = new Set();

/**
 * Who is named in these answers: newly, and again.
 * @param nouns which are no names, in their folded spelling
 */
export function findNames({ answers, known, except }: NamesAsk, nouns: ReadonlySet<string> = NO_NOUNS): FoundNames {
  const full = inFull(answers, nouns);
  const told = answers.map(({ id, text }) => ({ id, text: full.get(id) ?? text }));
  const named = namedCompetitors(told, { except, nouns }).filter(({ name }) => !isCountry(name));
  const names = named.map(({ name, spellings, answers: ids }) => ({
    spellings: distinct([name, ...spellings]),
    answers: ids,
  }));
  return { names, mentions: mentionsOf(answers, new Set(known)) };
}

function distinct(names: string[]): Spelling[] {
  const byKey = new Map<string, Spelling>();
  for (const name of names) {
    const key = nameKey(name);
    if (key !== '' && !byKey.has(key)) byKey.set(key, { name, key });
  }
  return [...byKey.values()];
}

/**
 * To "Where do you buy now?" a name alone is an answer: said in full, so that it is read as one. A single word is taken for a
 * name where two answers say no more than it, for most single words are none.
 */
function inFull(answers: NamesAsk['answers'], nouns: ReadonlySet<string>): Map<string, string> {
  const replies = answers.filter(({ tellsWhere }) => tellsWhere).map(({ id, text }) => ({ id, ...firstClause(text) }));
  const alone = Map.groupBy(replies, ({ said }) => nameKey(said));
  return new Map(
    replies.map(({ id, said, rest }) => {
      const { words } = wordsOf(said);
      if (isPlace(words[0])) return [id, `Now ${said}${rest}`];
      const isName = LOOKS_LIKE_NAME.test(said) && words.every((word) => mayBeName(word, nouns));
      const enough = words.length > 1 || (alone.get(nameKey(said))?.length ?? 0) > 1;
      return [id, isName && enough ? `Switched to ${said}${rest}` : said + rest];
    }),
  );
}

/** One to three words with capitals. */
const LOOKS_LIKE_NAME = /^\p{Lu}[^\s]*(?:[ -]\p{Lu}[^\s]*){0,2}$/u;

function firstClause(text: string): { said: string; rest: string } {
  const trimmed = text.trim();
  const end = trimmed.search(/[,.;:!?()]|\s[-–]\s|$/u);
  return { said: trimmed.slice(0, end).trim(), rest: trimmed.slice(end) };
}

function mentionsOf(answers: NamesAsk['answers'], known: ReadonlySet<string>): FoundNames['mentions'] {
  const found = new Map<string, Set<string>>();
  for (const { id, text } of answers) {
    const words = wordsOf(text.replace(/['’]s\b/gu, '')).words.map(nameKey);
    for (let from = 0; from < words.length; from++) {
      let key = '';
      for (const word of words.slice(from, from + LONGEST_NAME)) {
        key += word;
        if (known.has(key)) found.set(key, (found.get(key) ?? new Set()).add(id));
      }
    }
  }
  return [...found].map(([key, ids]) => ({ key, answers: [...ids] }));
}
