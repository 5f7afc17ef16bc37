import { Conflict, Invalid, NotFound } from '../../shared/errors.ts';
import { childrenOf, isOffered, offered, type Code, type Codebook, type Texts } from '../codebook.ts';

export const badParent = () => new Invalid({ parent: { key: 'codebook.error.parent' } });

/** Throws NotFound. */
export function codeAt(book: Codebook, key: string): Code {
  const code = book.byKey.get(key);
  if (!code) throw new NotFound();
  return code;
}

/** Throws NotFound, and Conflict where it is no longer offered. */
export function offeredAt(book: Codebook, key: string): Code {
  const code = codeAt(book, key);
  if (!isOffered(code)) throw new Conflict('codebook.error.retired');
  return code;
}

/** Throws Conflict. */
export function demandNoChildren(book: Codebook, code: Code): void {
  if (childrenOf(book, code).length > 0) throw new Conflict('codebook.error.hasChildren');
}

/**
 * Two codes side by side never bear the same name: nobody could tell them apart on the desk. Throws Invalid at the field,
 * or at `name.LANGUAGE`.
 */
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
