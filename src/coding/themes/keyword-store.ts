import { z } from 'zod';
import type { Db, Tx } from '../../storage/index.ts';
import type { Keywords } from './keyword-rules.ts';

const entriesSchema = z.array(z.string());

/** The words that a business says point to its codes: by the id of the code, then by language. */
export async function keywordsOf(db: Db, bookId: string): Promise<Map<string, Keywords>> {
  const rows = await db
    .selectFrom('code as c')
    .innerJoin('code_keyword as w', 'w.code_id', 'c.id')
    .select(['w.code_id', 'w.language', 'w.entries'])
    .where('c.codebook_id', '=', bookId)
    .orderBy('w.code_id')
    .orderBy('w.language')
    .execute();
  const found = new Map<string, Keywords>();
  for (const { code_id: codeId, language, entries } of rows) {
    found.set(codeId, { ...found.get(codeId), [language]: entriesSchema.parse(JSON.parse(entries)) });
  }
  return found;
}

export async function keywordsOfCode(db: Db, codeId: string): Promise<Keywords> {
  const rows = await db
    .selectFrom('code_keyword')
    .select(['language', 'entries'])
    .where('code_id', '=', codeId)
    .orderBy('language')
    .execute();
  return Object.fromEntries(
    rows.map(({ language, entries }) => [language, entriesSchema.parse(JSON.parse(entries))] as const),
  );
}

/** These in place of whatever it had. */
export async function setKeywords(tx: Tx, codeId: string, keywords: Keywords): Promise<void> {
  await tx.deleteFrom('code_keyword').where('code_id', '=', codeId).execute();
  const rows = Object.entries(keywords)
    .filter(([, entries]) => entries.length > 0)
    .map(([language, entries]) => ({ code_id: codeId, language, entries: JSON.stringify(entries) }));
  if (rows.length > 0) await tx.insertInto('code_keyword').values(rows).execute();
}
