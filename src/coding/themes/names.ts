import { namedCompetitors } from '../engine/entities.ts';
import { mayBeName, isPlace } from '../engine/entity-cues.ts';
import { nameKey } from '../engine/entity-merging.ts';
import { wordsOf } from '../engine/words.ts';

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
const SHORT_REPLY = 4;

/** Who is named in these answers: newly, and again. */
export function findNames({ answers, known, except }: NamesAsk): FoundNames {
  const told = answers.map(({ id, text, tellsWhere }) => ({ id, text: tellsWhere ? asSentence(text) : text }));
  const names = namedCompetitors(told, { except }).map(({ name, spellings, answers: ids }) => ({
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

/** To "Where do you buy now?" a name alone is an answer: said in full, so that it is read as one. */
function asSentence(text: string): string {
  const { words, start } = wordsOf(text);
  const [first] = words;
  if (first === undefined || words.length > SHORT_REPLY) return text;
  if (isPlace(first)) return `Now ${text.slice(start[0])}`;
  return mayBeName(first, new Set()) ? `Switched to ${text.slice(start[0])}` : text;
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
