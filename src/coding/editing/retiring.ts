import { Conflict } from '../../shared/errors.ts';
import { isOffered } from '../codebook.ts';
import { updateCode } from '../codebook-store.ts';
import type { Alongside, Edit } from './edit.ts';
import { codeAt, demandFreeName, demandNoChildren, offeredAt } from './rules.ts';

/** Throws NotFound, and Conflict where it is retired already or codes stand below it. */
export async function retireCode(edit: Edit, key: string, alongside?: Alongside): Promise<void> {
  const { tx, at, book, record } = edit;
  const code = offeredAt(book, key);
  demandNoChildren(book, code);
  await updateCode(tx, code.id, { retiredAt: at });
  await record('retire', code);
  await alongside?.(tx, code, {});
}

/**
 * Offers a code again, on the first level where the one it stood under is no longer offered. Throws NotFound, Conflict
 * where it is not retired or was merged, and Invalid where its name has been taken since.
 */
export async function restoreCode({ tx, book, record }: Edit, key: string): Promise<void> {
  const code = codeAt(book, key);
  if (code.retiredAt === null || code.mergedIntoId) throw new Conflict('codebook.error.notRetired');
  const parent = code.parentId === null ? undefined : book.byId.get(code.parentId);
  const parentId = parent && isOffered(parent) ? parent.id : null;
  demandFreeName(book, code, parentId, code.name);
  await updateCode(tx, code.id, { retiredAt: null, splitAt: null, parentId });
  await record('restore', code);
}
