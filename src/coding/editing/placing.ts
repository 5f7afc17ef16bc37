import { parentsFor, STEP, type Code, type Codebook } from '../codebook.ts';
import { updateCode } from '../codebook-store.ts';
import type { Edit } from './edit.ts';
import { badParent, codeAt, demandFreeName } from './rules.ts';

export interface Place {
  /** The code it is to stand under; null: on the first level. */
  parentKey: string | null;
  /** The one it is to stand before; left out or null: last. */
  beforeKey?: string | null;
}

/** Throws NotFound, and Invalid (`parent`, `name.LANGUAGE`). */
export async function moveCode({ tx, book, record }: Edit, key: string, to: Place): Promise<void> {
  const code = codeAt(book, key);
  const parent = to.parentKey ? codeAt(book, to.parentKey) : null;
  const parentId = parent?.id ?? null;
  const mayStay = parentId === code.parentId;
  if (parent && !mayStay && !parentsFor(book, code).includes(parent)) throw badParent();
  demandFreeName(book, code, parentId, code.name);
  for (const [id, position] of placed(book, code, parent, to.beforeKey ?? null)) {
    await updateCode(tx, id, id === code.id ? { position, parentId } : { position });
  }
  await record('move', code, { parent: parent?.name ?? null });
}

/** The new positions of a code and its siblings when it stands before one of them, or last. */
function placed(book: Codebook, code: Code, parent: Code | null, beforeKey: string | null): [string, number][] {
  const siblings = book.codes.filter((each) => each.parentId === (parent?.id ?? null) && each.id !== code.id);
  const at = beforeKey === null ? -1 : siblings.findIndex((each) => each.key === beforeKey);
  const order = at < 0 ? [...siblings, code] : [...siblings.slice(0, at), code, ...siblings.slice(at)];
  const start = Math.max(0, ...(parent ? [parent.position] : []));
  return order.map((each, i) => [each.id, start + (i + 1) * STEP]);
}
