import { Conflict, Invalid, NotFound } from '../shared/errors.ts';
import { childrenOf, isOffered, offered, type Code, type Codebook, type CodeKind, type Texts } from './codebook.ts';
import { linesOf, problemOf, type Keywords } from './themes/keyword-rules.ts';

/** A code as a program defines it; the description and the words that one has stay where none are given. */
export interface CodeInput {
  key: string;
  name: string | Texts;
  description?: string | Texts;
  kind?: CodeKind;
  parent?: string;
  /** The words that point to it, by language. */
  keywords?: Keywords;
}

export const badParent = () => new Invalid({ parent: { key: 'codebook.error.parent' } });

export function codeAt(book: Codebook, key: string): Code {
  const code = book.byKey.get(key);
  if (!code) throw new NotFound();
  return code;
}

export function offeredAt(book: Codebook, key: string): Code {
  const code = codeAt(book, key);
  if (!isOffered(code)) throw new Conflict('codebook.error.retired');
  return code;
}

export function demandNoChildren(book: Codebook, code: Code): void {
  if (childrenOf(book, code).length > 0) throw new Conflict('codebook.error.hasChildren');
}

/** Two codes side by side never bear the same name: nobody could tell them apart on the desk. */
export function demandFreeName(
  book: Codebook,
  self: Code | null,
  parentId: string | null,
  name: Texts,
  field = 'name',
): void {
  const siblings = offered(book).filter((each) => each.parentId === parentId && each.id !== self?.id);
  for (const [language, text] of Object.entries(name)) {
    const same = (each: Code) => each.name[language]?.toLowerCase() === text.toLowerCase();
    if (!siblings.some(same)) continue;
    const at = field === 'name' ? `name.${language}` : field;
    throw new Invalid({ [at]: { key: 'codebook.error.nameTaken', values: { name: text } } });
  }
}

export const lastPosition = (book: Codebook): number => Math.max(0, ...book.codes.map((code) => code.position));

/** The new positions of a code and its siblings when it stands before one of them, or last. */
export function placed(book: Codebook, code: Code, parent: Code | null, beforeKey: string | null): [string, number][] {
  const siblings = book.codes.filter((each) => each.parentId === (parent?.id ?? null) && each.id !== code.id);
  const at = beforeKey === null ? -1 : siblings.findIndex((each) => each.key === beforeKey);
  const order = at < 0 ? [...siblings, code] : [...siblings.slice(0, at), code, ...siblings.slice(at)];
  const start = Math.max(0, ...(parent ? [parent.position] : []));
  return order.map((each, i) => [each.id, start + (i + 1) * 10]);
}

const asTexts = (text: string | Texts | undefined): Texts =>
  text === undefined ? {} : typeof text === 'string' ? { en: text } : text;

const KEY = /^[a-z][a-z0-9_]{0,39}$/;

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z]{2,4})?$/;

export function readInput(input: CodeInput, i: number, ids: ReadonlyMap<string, string>) {
  const { key, parent } = input;
  const refuse = (field: string, error: string) => new Invalid({ [`codes.${i}.${field}`]: { key: error } });
  if (!KEY.test(key) || ids.has(key)) throw refuse('key', 'codebook.error.key');
  const parentId = parent === undefined ? null : ids.get(parent);
  if (parentId === undefined) throw refuse('parent', 'codebook.error.parent');
  const name = asTexts(input.name);
  if (!Object.values(name).some((text) => text.trim() !== '')) throw refuse('name', 'form.required');
  const described = input.description === undefined ? {} : { description: asTexts(input.description) };
  return { texts: { name, ...described }, place: { parentId, position: (i + 1) * 10 }, keywords: wordsIn(input, i) };
}

/** Throws Invalid at the language whose words cannot be read. */
function wordsIn({ keywords }: CodeInput, i: number): Keywords | undefined {
  if (keywords === undefined) return undefined;
  const read = Object.entries(keywords).map(([language, entries]): [string, string[]] => {
    const typed = entries.join('\n');
    const problem = LANGUAGE.test(language) ? problemOf(typed) : { key: 'form.invalid' };
    if (problem) throw new Invalid({ [`codes.${i}.keywords.${language}`]: problem });
    return [language, linesOf(typed)];
  });
  return Object.fromEntries(read.filter(([, lines]) => lines.length > 0));
}
