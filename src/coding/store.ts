import type { Kysely } from 'kysely';
import { prepared, type Db, type Schema, type Tx } from '../storage/index.ts';
import type { Coding, CodingChange, MainReason, NewCoding, Stated } from './rules.ts';

type CodingRow = Schema['coding'];

const MOST_IDS = 500;
const ROWS_AT_ONCE = 300;

export function chunks<T>(all: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

/** What coding needs to know of a response. */
export interface Subject {
  id: string;
  customerId: string;
  programmeId: string;
  versionId: string;
}

export async function subjectsOf(db: Db, ids: string[]): Promise<Subject[]> {
  const found: Subject[] = [];
  for (const some of chunks(ids, MOST_IDS)) {
    const rows = await db
      .selectFrom('response')
      .select([
        'id',
        'customer_id as customerId',
        'programme_id as programmeId',
        'questionnaire_version_id as versionId',
      ])
      .where('id', 'in', some)
      .execute();
    found.push(...rows);
  }
  return found;
}

/**
 * Whoever changes what stands on a response passes here first, one after the other. SQLite has one writer anyway.
 * In the order of the ids, so that two who change several never wait for each other.
 */
export async function lockResponses(tx: Tx, ids: string[], at: string): Promise<void> {
  for (const id of [...ids].sort()) await lockOne(tx, { id, at });
}

const lockOne = prepared<{ id: string; at: string }>()((db, p) =>
  db.updateTable('main_reason').set({ updated_at: p.at }).where('response_id', '=', p.id),
);

const readCurrent = prepared<{ responseId: string }>()((db, p) =>
  db.selectFrom('coding').selectAll().where('response_id', '=', p.responseId).where('withdrawn_at', 'is', null),
);

/** The codings of one response that stand now. */
export async function currentOf(db: Db, responseId: string): Promise<Coding[]> {
  return (await readCurrent(db, { responseId })).rows.map(toCoding);
}

/** The codings of several responses that stand now, in the order in which they were given. */
export async function currentOfSome(db: Db, responseIds: string[]): Promise<Coding[]> {
  const found: Coding[] = [];
  for (const some of chunks(responseIds, MOST_IDS)) {
    const rows = await db
      .selectFrom('coding')
      .selectAll()
      .where('response_id', 'in', some)
      .where('withdrawn_at', 'is', null)
      .orderBy('id')
      .execute();
    found.push(...rows.map(toCoding));
  }
  return found;
}

/** What a set, or a change of the codebook, withdrew from one response. */
export async function withdrawnBy(db: Db, setId: string, responseId: string): Promise<Coding[]> {
  const rows = await db
    .selectFrom('coding')
    .selectAll()
    .where('withdrawn_by', '=', setId)
    .where('response_id', '=', responseId)
    .where('coder_kind', '=', 'colleague')
    .execute();
  return rows.map(toCoding);
}

/** Some current codings of a code, for carrying them over part by part. */
export async function someOfCode(db: Db, codeId: string, limit: number): Promise<Coding[]> {
  const rows = await db
    .selectFrom('coding')
    .selectAll()
    .where('code_id', '=', codeId)
    .where('withdrawn_at', 'is', null)
    .orderBy('coder_kind')
    .orderBy('response_id')
    .limit(limit)
    .execute();
  return rows.map(toCoding);
}

/** Withdraws and inserts; the newcomers' ids come from `newId`. */
export async function apply(
  tx: Tx,
  change: CodingChange,
  { at, by, newId }: { at: string; by: string | null; newId: () => string },
): Promise<void> {
  for (const ids of chunks(change.withdraw, MOST_IDS)) {
    await tx.updateTable('coding').set({ withdrawn_at: at, withdrawn_by: by }).where('id', 'in', ids).execute();
  }
  for (const some of chunks(change.insert, ROWS_AT_ONCE)) {
    await tx
      .insertInto('coding')
      .values(some.map((each) => toRow(newId(), each)))
      .execute();
  }
}

const addOne = prepared<CodingRow>()((db, p) =>
  db.insertInto('coding').values({
    id: p.id,
    response_id: p.response_id,
    question_key: p.question_key,
    code_id: p.code_id,
    coder_kind: p.coder_kind,
    account_id: null,
    is_main: p.is_main,
    probability: null,
    created_at: p.created_at,
  }),
);

export async function addStated(tx: Tx, responseId: string, stated: Stated, at: string, id: string): Promise<void> {
  const { questionKey, codeId, isMain } = stated;
  const given = { accountId: null, probability: null, setId: null, createdAt: at };
  await addOne(tx, toRow(id, { responseId, questionKey, codeId, isMain, coderKind: 'respondent', ...given }));
}

/** A coding as the rules know it. */
export function toCoding(row: CodingRow): Coding {
  return {
    id: row.id,
    responseId: row.response_id,
    questionKey: row.question_key,
    codeId: row.code_id,
    coderKind: row.coder_kind,
    accountId: row.account_id,
    isMain: row.is_main === 1,
    probability: row.probability,
    setId: row.set_id,
    createdAt: row.created_at,
  };
}

function toRow(id: string, coding: NewCoding): CodingRow {
  return {
    id,
    response_id: coding.responseId,
    question_key: coding.questionKey,
    code_id: coding.codeId,
    coder_kind: coding.coderKind,
    account_id: coding.accountId,
    is_main: coding.isMain ? 1 : 0,
    probability: coding.probability,
    set_id: coding.setId,
    created_at: coding.createdAt,
    withdrawn_at: null,
    withdrawn_by: null,
  };
}

type MainRow = Schema['main_reason'];

const insertMains = (db: Kysely<Schema>, rows: MainRow | MainRow[]) =>
  db
    .insertInto('main_reason')
    .values(rows)
    .onConflict((on) =>
      on.column('response_id').doUpdateSet((eb) => ({
        code_id: eb.ref('excluded.code_id'),
        source: eb.ref('excluded.source'),
        stated_code_id: eb.ref('excluded.stated_code_id'),
        updated_at: eb.ref('excluded.updated_at'),
      })),
    );

const saveOne = prepared<MainRow>()((db, p) =>
  insertMains(db, {
    response_id: p.response_id,
    customer_id: p.customer_id,
    programme_id: p.programme_id,
    code_id: p.code_id,
    source: p.source,
    stated_code_id: p.stated_code_id,
    updated_at: p.updated_at,
  }),
);

/** Writes down the main reasons of some responses (at most 300). */
export async function saveMainReasons(tx: Tx, reasons: (Subject & MainReason)[], at: string): Promise<void> {
  const rows = reasons.map((each): MainRow => ({
    response_id: each.id,
    customer_id: each.customerId,
    programme_id: each.programmeId,
    code_id: each.codeId,
    source: each.source,
    stated_code_id: each.statedCodeId,
    updated_at: at,
  }));
  const [only] = rows;
  if (only && rows.length === 1) await saveOne(tx, only);
  else await insertMains(tx as Kysely<Schema>, rows).execute();
}
