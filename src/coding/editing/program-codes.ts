import { Invalid } from '../../shared/errors.ts';
import { offered, STEP, type CodeKind, type Texts } from '../codebook.ts';
import { updateCode } from '../codebook-store.ts';
import { linesOf, problemOf, type Keywords } from '../themes/keyword-rules.ts';
import { setKeywords } from '../themes/keyword-store.ts';
import { insertCode } from './adding.ts';
import type { Edit } from './edit.ts';
import { reword } from './wording.ts';

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

/**
 * Makes these the codes that a programme offers: those it has by the same key are renamed and restored, the others are
 * added, and all it had besides is retired. Nothing coded is lost. Throws Invalid at `codes.N.FIELD`.
 */
export async function setCodes(edit: Edit, inputs: CodeInput[]): Promise<void> {
  const { tx, at, book, record } = edit;
  const ids = new Map<string, string>();
  for (const [i, input] of inputs.entries()) ids.set(input.key, await setCode(edit, input, i, ids));
  for (const code of offered(book).filter((each) => !ids.has(each.key))) {
    await updateCode(tx, code.id, { retiredAt: at });
    await record('retire', code);
  }
}

/** Renames and restores, or adds, one of them. @returns its id */
async function setCode(edit: Edit, input: CodeInput, i: number, ids: ReadonlyMap<string, string>): Promise<string> {
  const { tx, book, record } = edit;
  const { texts, place, keywords } = readInput(input, i, ids);
  const known = book.byKey.get(input.key);
  if (known?.mergedIntoId) throw new Invalid({ [`codes.${i}.key`]: { key: 'codebook.error.keyMerged' } });
  if (known) {
    await updateCode(tx, known.id, { ...texts, ...place, retiredAt: null, splitAt: null });
    await record('rename', known, { to: texts.name });
    if (keywords) await reword(edit, known, keywords);
    return known.id;
  }
  const { key, kind = 'reason' } = input;
  const code = await insertCode(edit, { description: {}, ...texts, ...place, key, kind });
  if (keywords) await setKeywords(tx, code.id, keywords);
  await record('add', code, keywords ? { words: { added: keywords } } : {});
  return code.id;
}

const KEY = /^[a-z][a-z0-9_]{0,39}$/;

function readInput(input: CodeInput, i: number, ids: ReadonlyMap<string, string>) {
  const { key, parent } = input;
  const refuse = (field: string, error: string) => new Invalid({ [`codes.${i}.${field}`]: { key: error } });
  if (!KEY.test(key) || ids.has(key)) throw refuse('key', 'codebook.error.key');
  const parentId = parent === undefined ? null : ids.get(parent);
  if (parentId === undefined) throw refuse('parent', 'codebook.error.parent');
  const name = asTexts(input.name);
  if (!Object.values(name).some((text) => text.trim() !== '')) throw refuse('name', 'form.required');
  const described = input.description === undefined ? {} : { description: asTexts(input.description) };
  return { texts: { name, ...described }, place: { parentId, position: (i + 1) * STEP }, keywords: wordsIn(input, i) };
}

const asTexts = (text: string | Texts | undefined): Texts =>
  text === undefined ? {} : typeof text === 'string' ? { en: text } : text;

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z]{2,4})?$/;

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
