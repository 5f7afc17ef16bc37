import { Conflict } from '../../shared/errors.ts';
import { keyFor, parentsFor, STEP, textIn, type Code, type Codebook } from '../codebook.ts';
import { insertCodes } from '../codebook-store.ts';
import { countOf } from '../themes/keyword-rules.ts';
import { setKeywords } from '../themes/keyword-store.ts';
import type { Alongside, Edit } from './edit.ts';
import { badParent, demandFreeName } from './rules.ts';
import type { CodeTexts } from './wording.ts';

const MOST_CODES = 300;
export interface NewCode extends CodeTexts {
  /** The code of the first level that it stands under. */
  parentKey: string | null;
}

/** Adds a reason as the last one. Throws Invalid (`parent`, `name.LANGUAGE`). */
export async function addCode(edit: Edit, wanted: NewCode, alongside?: Alongside): Promise<Code> {
  const { tx, book, record } = edit;
  const { name, description, keywords = {} } = wanted;
  const parentId = parentOf(book, wanted)?.id ?? null;
  demandFreeName(book, null, parentId, name);
  const key = keyFor(textIn(name, 'en'), new Set(book.byKey.keys()));
  const position = lastPosition(book) + STEP;
  const code = await insertCode(edit, { key, parentId, kind: 'reason', name, description, position });
  await setKeywords(tx, code.id, keywords);
  await record('add', code, countOf(keywords) > 0 ? { words: { added: keywords } } : {});
  await alongside?.(tx, code, keywords);
  return code;
}

function parentOf(book: Codebook, { parentKey }: NewCode): Code | undefined {
  if (!parentKey) return undefined;
  const parent = book.byKey.get(parentKey);
  if (!parent || !parentsFor(book, null).includes(parent)) throw badParent();
  return parent;
}

const lastPosition = (book: Codebook): number => Math.max(0, ...book.codes.map((code) => code.position));

/** Throws Conflict where a codebook is full. */
export async function insertCode(
  { tx, at, book, newId }: Edit,
  code: Omit<Code, 'id' | 'retiredAt' | 'splitAt' | 'mergedIntoId'>,
): Promise<Code> {
  if (book.codes.length >= MOST_CODES) throw new Conflict('codebook.error.tooMany', { most: MOST_CODES });
  const whole: Code = { ...code, id: newId(), retiredAt: null, splitAt: null, mergedIntoId: null };
  await insertCodes(tx, book.id, [whole], at);
  return whole;
}
