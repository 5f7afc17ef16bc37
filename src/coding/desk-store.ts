import { sql } from 'kysely';
import { earlierThan, prepared, unindexed, type Db } from '../storage/index.ts';
import type { Coding } from './rules.ts';
import { toCoding } from './store.ts';
import type { TaskRow } from './task-store.ts';

export interface Place {
  responseId: string;
  questionKey: string;
}

interface Which {
  skipped: boolean;
  codeId: string | null;
  /** The most valuable customer first, instead of who has waited longest. */
  byWorth: boolean;
}

/**
 * The beginning of a queue: oldest first; of what was put aside, first what has lain there longest. What a random audit has
 * drawn is left out: it waits where nothing is suggested.
 */
export async function headOfQueue(
  db: Db,
  programmeId: string,
  { skipped, codeId, byWorth }: Which,
  limit: number,
): Promise<Place[]> {
  if (codeId !== null) return await headOfCode(db, programmeId, codeId, limit);
  if (byWorth && !skipped) return await byWorthFirst(db, programmeId, limit).execute();
  return await db
    .selectFrom('coding_task')
    .select(['response_id as responseId', 'question_key as questionKey'])
    .where('programme_id', '=', programmeId)
    .where('state', '=', 'open')
    .where('inclusion', 'is', null)
    .where('skipped_at', skipped ? 'is not' : 'is', null)
    .orderBy('skipped_at')
    .orderBy('created_at')
    .orderBy('response_id')
    .orderBy('question_key')
    .limit(limit)
    .execute();
}

/** The state is no parameter here: a plan made for any state could not use the index of the open ones. */
export function byWorthFirst(db: Db, programmeId: string, limit: number) {
  return db
    .selectFrom('coding_task')
    .select(['response_id as responseId', 'question_key as questionKey'])
    .where('programme_id', '=', programmeId)
    .where(sql<boolean>`state = 'open'`)
    .where('inclusion', 'is', null)
    .where('skipped_at', 'is', null)
    .orderBy('worth_minor', 'desc')
    .orderBy('created_at')
    .orderBy('response_id')
    .orderBy('question_key')
    .limit(limit);
}

/** Open answers that carry a code: those that a split sent back. */
async function headOfCode(db: Db, programmeId: string, codeId: string, limit: number): Promise<Place[]> {
  return await db
    .selectFrom('coding as c')
    .innerJoin('coding_task as k', (on) =>
      on.onRef('k.response_id', '=', 'c.response_id').onRef('k.question_key', '=', 'c.question_key'),
    )
    .select(['k.response_id as responseId', 'k.question_key as questionKey'])
    .where('c.code_id', '=', codeId)
    .where('c.coder_kind', '=', 'colleague')
    .where('c.withdrawn_at', 'is', null)
    .where('k.programme_id', '=', programmeId)
    .where('k.state', '=', 'open')
    .where('k.inclusion', 'is', null)
    .orderBy('c.response_id')
    .limit(limit)
    .execute();
}

export async function taskAt(db: Db, { responseId, questionKey }: Place): Promise<TaskRow | undefined> {
  return await db
    .selectFrom('coding_task')
    .selectAll()
    .where('response_id', '=', responseId)
    .where('question_key', '=', questionKey)
    .executeTakeFirst();
}

interface TaskCounts {
  open: number;
  skipped: number;
  coded: number;
}

export async function countTasks(db: Db, programmeId: string): Promise<TaskCounts> {
  const rows = await db
    .selectFrom('coding_task')
    .select(({ fn }) => ['state', fn.countAll<number>().as('n'), fn.count<number>('skipped_at').as('skipped')])
    .where('programme_id', '=', programmeId)
    .groupBy('state')
    .execute();
  const of = (state: string) => rows.find((row) => row.state === state);
  const open = of('open');
  return { open: (open?.n ?? 0) - (open?.skipped ?? 0), skipped: open?.skipped ?? 0, coded: of('coded')?.n ?? 0 };
}

/** How often colleagues gave each code, counted no further than `most`: enough to rank them, whatever there is. */
export async function usageOf(db: Db, codebookId: string, most: number): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('code as k')
    .select([
      'k.id',
      (eb) =>
        eb
          .selectFrom((inner) =>
            inner
              .selectFrom('coding as c')
              .select('c.code_id')
              .whereRef('c.code_id', '=', 'k.id')
              .where('c.coder_kind', '=', 'colleague')
              .where('c.withdrawn_at', 'is', null)
              .limit(most)
              .as('given'),
          )
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .as('n'),
    ])
    .where('k.codebook_id', '=', codebookId)
    .execute();
  return new Map(rows.map(({ id, n }) => [id, n ?? 0]));
}

const readSince = prepared<{ customerId: string }>()((db, p) =>
  db.selectFrom('customer').select('customer_since').where('id', '=', p.customerId),
);

export async function customerSince(db: Db, customerId: string): Promise<string | null> {
  return (await readSince(db, { customerId })).rows[0]?.customer_since ?? null;
}

export interface CodedPlace extends Place {
  codedAt: string;
  verbatim: string;
  language: string;
  /** Whether a random audit has drawn it. */
  drawn: boolean;
}

/** What somebody coded, latest first, after the one named by the cursor. */
export async function codedBy(
  db: Db,
  { accountId, programmeId }: { accountId: string; programmeId: string },
  after: { codedAt: string; responseId: string } | null,
  limit: number,
): Promise<CodedPlace[]> {
  let query = db
    .selectFrom('coding_task as k')
    .leftJoin('answer as a', (on) =>
      on.onRef('a.response_id', '=', 'k.response_id').onRef('a.question_key', '=', 'k.question_key'),
    )
    .select(['k.response_id', 'k.question_key', 'k.coded_at', 'k.inclusion', 'a.verbatim', 'a.language'])
    .where('k.coded_by', '=', accountId)
    .where(unindexed('k.programme_id'), '=', programmeId)
    .where(unindexed('k.state'), '=', 'coded');
  if (after) {
    query = query.where(earlierThan('k.coded_at', 'k.response_id', { at: after.codedAt, id: after.responseId }));
  }
  const rows = await query.orderBy('k.coded_at', 'desc').orderBy('k.response_id', 'desc').limit(limit).execute();
  return rows.map((row) => ({
    responseId: row.response_id,
    questionKey: row.question_key,
    codedAt: row.coded_at ?? '',
    verbatim: row.verbatim ?? '',
    language: row.language ?? 'en',
    drawn: row.inclusion !== null,
  }));
}

export interface ExportRow extends Coding {
  submittedAt: string | null;
  language: string;
  verbatim: string | null;
}

/** Current codings of a programme with the words they stand on, by response; after the response named. */
export async function codingsForExport(
  db: Db,
  responses: { id: string; submittedAt: string | null }[],
): Promise<ExportRow[]> {
  const rows = await db
    .selectFrom('coding as c')
    .leftJoin('answer as a', (on) =>
      on.onRef('a.response_id', '=', 'c.response_id').onRef('a.question_key', '=', 'c.question_key'),
    )
    .selectAll('c')
    .select(['a.verbatim', 'a.language'])
    .where(
      'c.response_id',
      'in',
      responses.map(({ id }) => id),
    )
    .where('c.withdrawn_at', 'is', null)
    .orderBy('c.response_id')
    .orderBy('c.id')
    .execute();
  const times = new Map(responses.map(({ id, submittedAt }) => [id, submittedAt]));
  return rows.map((row) => ({
    ...toCoding(row),
    submittedAt: times.get(row.response_id) ?? null,
    language: row.language ?? '',
    verbatim: row.verbatim,
  }));
}
