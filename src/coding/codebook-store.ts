import { z } from 'zod';
import { prepared, type Db, type Schema, type Tx } from '../storage/index.ts';
import type { Code } from './codebook.ts';

type ChangeRow = Schema['codebook_change'];
export type ChangeKind = ChangeRow['kind'];

/** Who changed what in a codebook, and when. */
export interface CodebookChange {
  id: string;
  revision: number;
  kind: ChangeKind;
  codeId: string | null;
  detail: Record<string, unknown>;
  accountId: string | null;
  at: string;
}

const textsSchema = z.record(z.string(), z.string());
const detailSchema = z.record(z.string(), z.unknown());

const findHead = prepared<{ programmeId: string }>()((db, p) =>
  db.selectFrom('codebook').select(['id', 'revision']).where('programme_id', '=', p.programmeId),
);

export async function headOf(db: Db, programmeId: string): Promise<{ id: string; revision: number } | undefined> {
  return (await findHead(db, { programmeId })).rows[0];
}

export async function codesOf(db: Db, codebookId: string): Promise<Code[]> {
  const rows = await db.selectFrom('code').selectAll().where('codebook_id', '=', codebookId).execute();
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    parentId: row.parent_id,
    kind: row.kind,
    name: textsSchema.parse(JSON.parse(row.name)),
    description: textsSchema.parse(JSON.parse(row.description)),
    position: row.position,
    retiredAt: row.retired_at,
    splitAt: row.split_at,
    mergedIntoId: row.merged_into_id,
  }));
}

/** Every programme, with its codebook where it has one. */
export async function programmes(db: Db) {
  return await db
    .selectFrom('programme as p')
    .leftJoin('codebook as b', 'b.programme_id', 'p.id')
    .select(['p.id', 'p.key', 'p.name', 'b.id as codebookId'])
    .orderBy('p.created_at')
    .orderBy('p.key')
    .execute();
}

/** False where the programme has one already. */
export async function insertCodebook(
  tx: Tx,
  { id, programmeId, at }: { id: string; programmeId: string; at: string },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('codebook')
    .values({ id, programme_id: programmeId, revision: 1, created_at: at })
    .onConflict((on) => on.column('programme_id').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

const CODES_AT_ONCE = 200;

export async function insertCodes(tx: Tx, codebookId: string, codes: Code[], at: string): Promise<void> {
  const rows = codes.map((code) => ({
    id: code.id,
    codebook_id: codebookId,
    key: code.key,
    parent_id: code.parentId,
    kind: code.kind,
    name: JSON.stringify(code.name),
    description: JSON.stringify(code.description),
    position: code.position,
    retired_at: null,
    merged_into_id: null,
    created_at: at,
  }));
  for (let i = 0; i < rows.length; i += CODES_AT_ONCE) {
    await tx
      .insertInto('code')
      .values(rows.slice(i, i + CODES_AT_ONCE))
      .execute();
  }
}

/** Takes the next revision; whoever changes the same codebook at the same time waits here. */
export async function nextRevision(tx: Tx, codebookId: string): Promise<number> {
  const { revision } = await tx
    .updateTable('codebook')
    .set((eb) => ({ revision: eb('revision', '+', 1) }))
    .where('id', '=', codebookId)
    .returning('revision')
    .executeTakeFirstOrThrow();
  return revision;
}

type CodeChanges = Partial<Omit<Code, 'id' | 'key' | 'kind'>>;

export async function updateCode(tx: Tx, codeId: string, changes: CodeChanges): Promise<void> {
  await tx
    .updateTable('code')
    .set({
      ...(changes.name && { name: JSON.stringify(changes.name) }),
      ...(changes.description && { description: JSON.stringify(changes.description) }),
      ...(changes.parentId !== undefined && { parent_id: changes.parentId }),
      ...(changes.position !== undefined && { position: changes.position }),
      ...(changes.retiredAt !== undefined && { retired_at: changes.retiredAt }),
      ...(changes.splitAt !== undefined && { split_at: changes.splitAt }),
      ...(changes.mergedIntoId !== undefined && { merged_into_id: changes.mergedIntoId }),
    })
    .where('id', '=', codeId)
    .execute();
}

export async function insertChange(tx: Tx, codebookId: string, change: CodebookChange): Promise<void> {
  const { id, revision, kind, codeId, detail, accountId, at } = change;
  const row = { id, codebook_id: codebookId, revision, kind, code_id: codeId, account_id: accountId, at };
  await tx
    .insertInto('codebook_change')
    .values({ ...row, detail: JSON.stringify(detail) })
    .execute();
}

/** Newest first; the cursor is the `at` and id of the last one seen. */
export async function changesOf(
  db: Db,
  codebookId: string,
  after: { at: string; id: string } | null,
  limit: number,
): Promise<CodebookChange[]> {
  let query = db.selectFrom('codebook_change').selectAll().where('codebook_id', '=', codebookId);
  if (after) {
    query = query.where('at', '<=', after.at).where((is) => is.or([is('at', '<', after.at), is('id', '<', after.id)]));
  }
  const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map((row) => ({
    id: row.id,
    revision: row.revision,
    kind: row.kind,
    codeId: row.code_id,
    detail: detailSchema.parse(JSON.parse(row.detail)),
    accountId: row.account_id,
    at: row.at,
  }));
}

/** Merged codes that answers still carry, and split ones whose answers are not all back on the desk. */
export async function codesWithMovesLeft(db: Db): Promise<{ id: string; programmeId: string; merged: boolean }[]> {
  const rows = await db
    .selectFrom('code as k')
    .innerJoin('codebook as b', 'b.id', 'k.codebook_id')
    .select(['k.id', 'k.merged_into_id', 'b.programme_id as programmeId'])
    .where((is) => is.or([is('k.merged_into_id', 'is not', null), is('k.split_at', 'is not', null)]))
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('coding as c').select('c.id').whereRef('c.code_id', '=', 'k.id').where('c.withdrawn_at', 'is', null),
      ),
    )
    .execute();
  return rows.map(({ id, programmeId, merged_into_id: into }) => ({ id, programmeId, merged: into !== null }));
}
