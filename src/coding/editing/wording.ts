import type { Code, Texts } from '../codebook.ts';
import { updateCode } from '../codebook-store.ts';
import { countOf, missingFrom, together, without, type Keywords } from '../themes/keyword-rules.ts';
import { keywordsOfCode, setKeywords } from '../themes/keyword-store.ts';
import type { Alongside, Edit } from './edit.ts';
import { codeAt, demandFreeName, offeredAt } from './rules.ts';

/** What people read of a code. */
export interface CodeTexts {
  name: Texts;
  description: Texts;
  /** The words that point to it; where they are left out, those it has stay. */
  keywords?: Keywords;
}

/** Throws NotFound, and Invalid (`name.LANGUAGE`) where a code beside it has that name. */
export async function renameCode(edit: Edit, key: string, { name, description, keywords }: CodeTexts): Promise<void> {
  const { tx, book, record } = edit;
  const code = codeAt(book, key);
  demandFreeName(book, code, code.parentId, name);
  const isReworded = keywords !== undefined && (await reword(edit, code, keywords));
  if (isReworded && isSame(code.name, name) && isSame(code.description, description)) return;
  await updateCode(tx, code.id, { name, description });
  await record('rename', code, { to: name, description: code.description, toDescription: description });
}

const isSame = (one: Texts, other: Texts): boolean =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every((language) => one[language] === other[language]);

/** Gives a code these words, and writes down which are new and which are gone. @returns whether anything changed */
export async function reword({ tx, record }: Edit, code: Code, keywords: Keywords): Promise<boolean> {
  const known = await keywordsOfCode(tx, code.id);
  const [added, removed] = [missingFrom(known, keywords), missingFrom(keywords, known)];
  if (countOf(added) + countOf(removed) === 0) return false;
  await setKeywords(tx, code.id, keywords);
  await record('rename', code, { words: { added, removed } }, 'words');
  return true;
}

/**
 * Adds these words to those of a code; which of them are new is told to what is done alongside. Throws NotFound, and
 * Conflict where the code is no longer offered.
 */
export async function addKeywords(edit: Edit, key: string, more: Keywords, alongside: Alongside): Promise<void> {
  const code = offeredAt(edit.book, key);
  const known = await keywordsOfCode(edit.tx, code.id);
  await reword(edit, code, together(known, more));
  await alongside(edit.tx, code, missingFrom(known, more));
}

/** Throws NotFound. */
export async function removeKeywords(edit: Edit, key: string, gone: Keywords, alongside: Alongside): Promise<void> {
  const code = codeAt(edit.book, key);
  await reword(edit, code, without(await keywordsOfCode(edit.tx, code.id), gone));
  await alongside(edit.tx, code, gone);
}
