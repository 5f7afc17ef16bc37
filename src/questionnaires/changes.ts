import type { Definition, Question } from './definition.ts';
import { textSlots } from './text-slots.ts';

/** What one definition has that another has not. Questions are told apart by their keys. */
export type Change =
  | { kind: 'added' | 'removed' | 'settings'; question: string }
  | { kind: 'wording'; question: string; languages: string[] }
  | { kind: 'letter'; languages: string[] }
  | { kind: 'languageAdded' | 'languageRemoved'; language: string }
  | { kind: 'moved' | 'minutes' };

/** In words, so to say: the differences between two definitions, in the order in which staff look for them. */
export function changesBetween(before: Definition, after: Definition): Change[] {
  const common = after.questions.filter(({ key }) => has(before, key));
  const wording = wordingChanges(before, after);
  return [
    ...notIn(before.languages, after.languages).map((language) => ({ kind: 'languageAdded' as const, language })),
    ...notIn(after.languages, before.languages).map((language) => ({ kind: 'languageRemoved' as const, language })),
    ...letter(wording.get('') ?? []),
    ...(before.minutes === after.minutes ? [] : [{ kind: 'minutes' as const }]),
    ...without(before, after.questions).map((question) => ({ kind: 'added' as const, question })),
    ...without(after, before.questions).map((question) => ({ kind: 'removed' as const, question })),
    ...(isReordered(before, after) ? [{ kind: 'moved' as const }] : []),
    ...common.flatMap(({ key }) => questionChanges(before, after, key, wording.get(key) ?? [])),
  ];
}

const has = ({ questions }: Definition, key: string): boolean => questions.some((question) => question.key === key);
const notIn = (known: string[], all: string[]): string[] => all.filter((each) => !known.includes(each));
const letter = (languages: string[]): Change[] => (languages.length > 0 ? [{ kind: 'letter', languages }] : []);
const without = (definition: Definition, questions: Question[]): string[] =>
  questions.map(({ key }) => key).filter((key) => !has(definition, key));

function isReordered(before: Definition, after: Definition): boolean {
  const order = ({ questions }: Definition, other: Definition) =>
    questions
      .map(({ key }) => key)
      .filter((key) => has(other, key))
      .join();
  return order(before, after) !== order(after, before);
}

function questionChanges(before: Definition, after: Definition, key: string, languages: string[]): Change[] {
  const changes: Change[] = languages.length > 0 ? [{ kind: 'wording', question: key, languages }] : [];
  if (bare(before, key) !== bare(after, key)) changes.push({ kind: 'settings', question: key });
  return changes;
}

/** By question ('' for the letter and the frame), the languages common to both whose wording differs. */
function wordingChanges(before: Definition, after: Definition): Map<string, string[]> {
  const changed = new Map<string, Set<string>>();
  const [old, now] = [wordingOf(before), wordingOf(after)];
  for (const path of new Set([...old.keys(), ...now.keys()])) {
    const question = path.startsWith('questions.') ? (path.split('.')[1] ?? '') : '';
    if (question !== '' && !(has(before, question) && has(after, question))) continue;
    for (const language of before.languages.filter((each) => after.languages.includes(each))) {
      if ((old.get(path)?.[language] ?? '') === (now.get(path)?.[language] ?? '')) continue;
      changed.set(question, (changed.get(question) ?? new Set()).add(language));
    }
  }
  return new Map([...changed].map(([question, languages]) => [question, [...languages]]));
}

const wordingOf = (definition: Definition) => new Map(textSlots(definition).map(({ path, texts }) => [path, texts]));

/** A question without its words, in a form that compares. */
function bare(definition: Definition, key: string): string {
  const copy = structuredClone(definition);
  for (const { texts } of textSlots(copy)) for (const language of Object.keys(texts)) delete texts[language];
  const question = copy.questions.find((each) => each.key === key);
  return JSON.stringify(sorted(question));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, part]) => [name, sorted(part)] as const);
  const kept = entries.filter(([, part]) => part !== undefined && !isEmpty(part));
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const isEmpty = (part: unknown): boolean =>
  typeof part === 'object' && part !== null && !Array.isArray(part) && Object.keys(part).length === 0;
