import type { Db, Schema, Tx } from '../storage/index.ts';

export type QuestionnaireRow = Schema['questionnaire'] & { programme_key: string; programme_name: string };
export type VersionRow = Schema['questionnaire_version'] & { programme_id: string; programme_key: string };

export async function listProgrammes(db: Db): Promise<Schema['programme'][]> {
  return await db.selectFrom('programme').selectAll().orderBy('created_at').orderBy('id').execute();
}

/** Whether the row is new: somebody else may have added that key. */
export async function insertProgramme(tx: Tx, row: Schema['programme']): Promise<boolean> {
  const { numInsertedOrUpdatedRows: count } = await tx
    .insertInto('programme')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  return count === 1n;
}

const questionnaires = (db: Db) =>
  db
    .selectFrom('questionnaire')
    .innerJoin('programme', 'programme.id', 'questionnaire.programme_id')
    .selectAll('questionnaire')
    .select(['programme.key as programme_key', 'programme.name as programme_name']);

/** Whether it was still called that. */
export async function renameProgramme(
  tx: Tx,
  { id, was, name }: { id: string; was: string; name: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('programme')
    .set({ name })
    .where('id', '=', id)
    .where('name', '=', was)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** A business has a handful: all of them. */
export async function listQuestionnaires(db: Db): Promise<QuestionnaireRow[]> {
  return await questionnaires(db)
    .where('questionnaire.archived_at', 'is', null)
    .orderBy('programme.created_at')
    .orderBy('programme.id')
    .orderBy('questionnaire.created_at')
    .orderBy('questionnaire.id')
    .execute();
}

export async function listArchived(db: Db): Promise<QuestionnaireRow[]> {
  return await questionnaires(db)
    .where('questionnaire.archived_at', 'is not', null)
    .orderBy('questionnaire.archived_at', 'desc')
    .orderBy('questionnaire.id')
    .execute();
}

/** Archives it at that moment, or restores it; whether it was in the other state. */
export async function setArchived(tx: Tx, id: string, at: string | null): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('questionnaire')
    .set({ archived_at: at })
    .where('id', '=', id)
    .where('archived_at', at === null ? 'is not' : 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function findQuestionnaire(db: Db, id: string): Promise<QuestionnaireRow | undefined> {
  return await questionnaires(db).where('questionnaire.id', '=', id).executeTakeFirst();
}

export async function insertQuestionnaire(tx: Tx, row: Schema['questionnaire']): Promise<void> {
  await tx.insertInto('questionnaire').values(row).execute();
}

export async function renameQuestionnaire(tx: Tx, id: string, name: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('questionnaire')
    .set({ name })
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Whether the draft still had that revision. */
export async function replaceDraft(
  tx: Tx,
  { id, revision, draft, at }: { id: string; revision: number; draft: string; at: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('questionnaire')
    .set({ draft, draft_revision: revision + 1, updated_at: at })
    .where('id', '=', id)
    .where('draft_revision', '=', revision)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Keeps the row for this transaction, so that two who publish do it one after the other. */
export async function holdQuestionnaire(tx: Tx, id: string, revision: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('questionnaire')
    .set({ draft_revision: revision })
    .where('id', '=', id)
    .where('draft_revision', '=', revision)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

const versions = (db: Db) =>
  db
    .selectFrom('questionnaire_version')
    .innerJoin('questionnaire', 'questionnaire.id', 'questionnaire_version.questionnaire_id')
    .innerJoin('programme', 'programme.id', 'questionnaire.programme_id')
    .selectAll('questionnaire_version')
    .select(['programme.id as programme_id', 'programme.key as programme_key']);

export async function findVersion(db: Db, id: string): Promise<VersionRow | undefined> {
  return await versions(db).where('questionnaire_version.id', '=', id).executeTakeFirst();
}

/** Without their definitions, which are kept elsewhere; newest first. */
export async function versionIds(db: Db, questionnaireId: string): Promise<{ id: string; number: number }[]> {
  return await db
    .selectFrom('questionnaire_version')
    .select(['id', 'number'])
    .where('questionnaire_id', '=', questionnaireId)
    .orderBy('number', 'desc')
    .execute();
}

/** The number of the latest version of each questionnaire, with its id. */
export async function latestVersionIds(db: Db): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('questionnaire_version')
    .select(['id', 'questionnaire_id', 'number'])
    .orderBy('questionnaire_id')
    .orderBy('number')
    .execute();
  return new Map(rows.map(({ id, questionnaire_id }) => [questionnaire_id, id]));
}

/** Whether the number was free. */
export async function insertVersion(tx: Tx, row: Schema['questionnaire_version']): Promise<boolean> {
  const { numInsertedOrUpdatedRows: count } = await tx
    .insertInto('questionnaire_version')
    .values(row)
    .onConflict((conflict) => conflict.columns(['questionnaire_id', 'number']).doNothing())
    .executeTakeFirst();
  return count === 1n;
}

/** As many as wordings were ever approved: some dozens. */
export async function listApprovals(db: Db): Promise<Schema['text_approval'][]> {
  return await db.selectFrom('text_approval').selectAll().execute();
}

/** Whether it is new: approving twice keeps the first. */
export async function insertApproval(tx: Tx, row: Schema['text_approval']): Promise<boolean> {
  const { numInsertedOrUpdatedRows: count } = await tx
    .insertInto('text_approval')
    .values(row)
    .onConflict((conflict) => conflict.columns(['questionnaire_id', 'language', 'texts_hash']).doNothing())
    .executeTakeFirst();
  return count === 1n;
}
