import type { Codebook } from '../codebook.ts';
import { groupsOfOwn, type EntryGroup } from '../engine/index.ts';
import type { Keywords } from './keyword-rules.ts';

/** The words of a business as entries of a lexicon, by the keys of its codes. */
export function keywordGroups(book: Codebook, keywords: ReadonlyMap<string, Keywords>): EntryGroup[] {
  return [...keywords].flatMap(([id, words]) => {
    const code = book.byId.get(id);
    const first = code?.parentId ? book.byId.get(code.parentId) : code;
    if (!code || !first) return [];
    return groupsOfOwn({ key: code.key, keywords: words }).map((group) => ({ ...group, code: first.key }));
  });
}
