import { Invalid } from '../../shared/errors.ts';
import { isOffered, keyFor, mergeTargets, textIn, type Code, type Codebook, type Texts } from '../codebook.ts';
import { updateCode } from '../codebook-store.ts';
import { together } from '../themes/keyword-rules.ts';
import { keywordsOfCode, setKeywords } from '../themes/keyword-store.ts';
import { insertCode } from './adding.ts';
import type { Edit } from './edit.ts';
import { demandFreeName, demandNoChildren, offeredAt } from './rules.ts';

/**
 * Makes a code count as another; what stands below it and the words that point to it move along. Throws NotFound,
 * Conflict, and Invalid (`into`). @returns the code that is gone
 */
export async function mergeCode(edit: Edit, key: string, intoKey: string): Promise<Code> {
  const { tx, at, book, record } = edit;
  const code = offeredAt(book, key);
  const target = book.byKey.get(intoKey);
  if (!target || !mergeTargets(book, code).includes(target)) {
    throw new Invalid({ into: { key: 'codebook.error.target' } });
  }
  await moveChildren(edit, code, target);
  await updateCode(tx, code.id, { mergedIntoId: target.id, retiredAt: at });
  const theirs = await keywordsOfCode(tx, target.id);
  const its = await keywordsOfCode(tx, code.id);
  await setKeywords(tx, target.id, together(theirs, its));
  await record('merge', code, { into: target.name });
  return code;
}

async function moveChildren({ tx, book }: Edit, code: Code, target: Code): Promise<void> {
  for (const child of book.codes.filter((each) => each.parentId === code.id)) {
    if (isOffered(child)) demandFreeName(book, child, target.id, child.name, 'into');
    await updateCode(tx, child.id, { parentId: target.id });
  }
}

/**
 * Puts new codes of these names in place of one. Throws NotFound, Conflict, and Invalid (`names`). @returns the code that
 * is gone
 */
export async function splitCode(edit: Edit, key: string, names: Texts[]): Promise<Code> {
  const { tx, at, book, record } = edit;
  const code = offeredAt(book, key);
  demandNoChildren(book, code);
  demandDifferent(names);
  const keys = keysFor(book, names);
  const { parentId, kind, position } = code;
  for (const [i, name] of names.entries()) {
    demandFreeName(book, code, parentId, name, 'names');
    await insertCode(edit, { key: keys[i]!, parentId, kind, name, description: {}, position: position + i });
  }
  await updateCode(tx, code.id, { retiredAt: at, splitAt: at });
  await record('split', code, { into: names });
  return code;
}

function demandDifferent(names: Texts[]): void {
  const different = new Set(names.map((name) => textIn(name, 'en').toLowerCase()));
  if (different.size < Math.max(names.length, 2)) throw new Invalid({ names: { key: 'codebook.error.splitInTwo' } });
}

function keysFor(book: Codebook, names: Texts[]): string[] {
  const taken = new Set(book.byKey.keys());
  return names.map((name) => {
    const key = keyFor(textIn(name, 'en'), taken);
    taken.add(key);
    return key;
  });
}
