import type { Db } from '../storage/index.ts';
import { codeRows, codesIn, type NamedCode } from './leaving-store.ts';

/** The codes of a programme, the same ones for as long as nothing about them changes: figures are kept beside them. */
export function createCodes(db: Db, programmeKey: string): () => Promise<NamedCode[]> {
  let kept: { text: string; codes: NamedCode[] } | undefined;
  return async () => {
    const rows = await codeRows(db, programmeKey);
    const text = JSON.stringify(rows);
    if (kept?.text !== text) kept = { text, codes: codesIn(rows) };
    return kept.codes;
  };
}
