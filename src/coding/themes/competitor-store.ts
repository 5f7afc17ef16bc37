import { sql, type Selectable } from 'kysely';
import { prepared, type Db, type Schema, type Tx } from '../../storage/index.ts';
import type { Place } from '../desk-store.ts';
import { chunks } from '../store.ts';
import type { Competitor } from './competitor-rules.ts';

export const toCompetitor = (row: Selectable<Schema['competitor']>): Competitor => ({
  id: row.id,
  key: row.key,
  name: row.name,
  state: row.state,
  mergedIntoId: row.merged_into_id,
  rootId: row.root_id,
  decidedAt: row.decided_at,
  accountId: row.account_id,
  responses: row.responses,
});

/** Every name of a programme: some hundreds at most, for each is one that a customer thought of. */
export async function competitorsOf(db: Db, programmeId: string): Promise<Competitor[]> {
  const rows = await db
    .selectFrom('competitor')
    .selectAll()
    .where('programme_id', '=', programmeId)
    .orderBy('key')
    .execute();
  return rows.map(toCompetitor);
}

/** How many names that some answer has, itself or in another spelling, nobody has judged. */
export async function countNew(db: Db, programmeId: string): Promise<number> {
  const { n } = await db
    .selectFrom('competitor as c')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('c.programme_id', '=', programmeId)
    .where('c.state', '=', 'new')
    .where('c.responses', '>', 0)
    .executeTakeFirstOrThrow();
  return Number(n);
}

interface Unnamed extends Place {
  revision: number;
}

/** Answers in which competitors have not been looked for, the oldest first. */
export async function unnamed(db: Db, programmeId: string, limit: number): Promise<Unnamed[]> {
  return await db
    .selectFrom('coding_task')
    .select(['response_id as responseId', 'question_key as questionKey', 'revision'])
    .where('programme_id', '=', programmeId)
    .where('names_read', '=', 0)
    .orderBy('created_at')
    .limit(limit)
    .execute();
}

/** The responses sent last. */
export async function newestResponses(db: Db, programmeId: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('response')
    .select('id')
    .where('programme_id', '=', programmeId)
    .where('submitted_at', 'is not', null)
    .orderBy('submitted_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

export async function addCompetitor(
  tx: Tx,
  programmeId: string,
  { id, key, name, mergedIntoId, rootId }: Competitor,
  at: string,
): Promise<void> {
  await tx
    .insertInto('competitor')
    .values({
      id,
      programme_id: programmeId,
      key,
      name,
      state: mergedIntoId === null ? 'new' : 'same',
      merged_into_id: mergedIntoId,
      root_id: rootId,
      account_id: null,
      decided_at: null,
      created_at: at,
      responses: 0,
    })
    .execute();
}

export interface Mention extends Place {
  competitorId: string;
}

const ROWS_AT_ONCE = 300;

/** Who is named in these responses, in place of what was found in them before. */
export async function setMentions(tx: Tx, responseIds: string[], mentions: Mention[]): Promise<void> {
  for (const ids of chunks(responseIds, ROWS_AT_ONCE))
    await tx.deleteFrom('competitor_answer').where('response_id', 'in', ids).execute();
  const rows = mentions.map(({ competitorId, responseId, questionKey }) => ({
    competitor_id: competitorId,
    response_id: responseId,
    question_key: questionKey,
  }));
  for (const some of chunks(rows, ROWS_AT_ONCE))
    await tx
      .insertInto('competitor_answer')
      .values(some)
      .onConflict((on) => on.doNothing())
      .execute();
}

/** Notes that these have been read, unless their words have changed since. */
export async function noteNamed(tx: Tx, read: Unnamed[]): Promise<void> {
  for (const { responseId, questionKey, revision } of read)
    await tx
      .updateTable('coding_task')
      .set({ names_read: 1 })
      .where('response_id', '=', responseId)
      .where('question_key', '=', questionKey)
      .where('revision', '=', revision)
      .execute();
}

/** One change of what counts as what after the other, so that no two names come to count as each other. */
export async function lockNames(tx: Tx, programmeId: string): Promise<void> {
  await tx
    .updateTable('competitor')
    .set((eb) => ({ root_id: eb.ref('root_id') }))
    .where('programme_id', '=', programmeId)
    .where('key', '=', (from) =>
      from
        .selectFrom('competitor as first')
        .select(({ fn }) => fn.min('first.key').as('key'))
        .where('first.programme_id', '=', programmeId),
    )
    .execute();
}

type Decision = Pick<Competitor, 'state' | 'mergedIntoId' | 'accountId' | 'decidedAt'>;

/** False where it is in another state than expected. */
export async function decide(tx: Tx, { id, state }: Competitor, decision: Decision): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('competitor')
    .set({
      state: decision.state,
      merged_into_id: decision.mergedIntoId,
      account_id: decision.accountId,
      decided_at: decision.decidedAt,
    })
    .where('id', '=', id)
    .where('state', '=', state)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function setRoot(tx: Tx, id: string, rootId: string): Promise<void> {
  await tx.updateTable('competitor').set({ root_id: rootId }).where('id', '=', id).execute();
}

/** When the responses were sent: from the first moment on, before the second. */
export interface Sent {
  from?: string | undefined;
  before?: string | undefined;
}

export const isLimited = ({ from, before }: Sent): boolean => from !== undefined || before !== undefined;

function wasSent(responseId: string, { from, before }: Sent) {
  const since = from === undefined ? sql`` : sql` and r.submitted_at >= ${from}`;
  const until = before === undefined ? sql`` : sql` and r.submitted_at < ${before}`;
  return sql<boolean>`exists (select 1 from response as r where r.id = ${sql.ref(responseId)}${since}${until})`;
}

/** In how many responses each name stands, by its root. */
export async function countMentions(db: Db, programmeId: string, sent: Sent): Promise<Map<string, number>> {
  let query = db
    .selectFrom('competitor as c')
    .innerJoin('competitor_answer as a', 'a.competitor_id', 'c.id')
    .select(({ fn }) => ['c.root_id', fn.count<number>('a.response_id').distinct().as('n')])
    .where('c.programme_id', '=', programmeId);
  if (isLimited(sent)) query = query.where(wasSent('a.response_id', sent));
  const rows = await query.groupBy('c.root_id').execute();
  return new Map(rows.map(({ root_id: id, n }) => [id, Number(n)]));
}

/** How many responses with words have been looked through. */
export async function countRead(db: Db, programmeId: string, sent: Sent): Promise<number> {
  let read = db
    .selectFrom('coding_task as k')
    .select('k.response_id')
    .distinct()
    .where('k.programme_id', '=', programmeId)
    // Said outright: a partial index is found only by a condition that needs no parameter.
    .where(sql<boolean>`k.names_read = 1`);
  if (isLimited(sent)) read = read.where(wasSent('k.response_id', sent));
  const counted = db.selectFrom(read.as('read')).select(({ fn }) => fn.countAll<number>().as('n'));
  return Number((await counted.executeTakeFirstOrThrow()).n);
}

/** Behind every id. */
const LAST = 'z';

const readMentions = prepared<{ id: string; before: string; limit: number }>()((db, p) =>
  db
    .selectFrom('competitor as c')
    .innerJoin('competitor_answer as a', 'a.competitor_id', 'c.id')
    .select(['a.response_id as responseId', 'a.question_key as questionKey'])
    .distinct()
    .where((is) => is.or([is('c.id', '=', p.id), is('c.root_id', '=', p.id)]))
    .where('a.response_id', '<', p.before)
    .orderBy('a.response_id', 'desc')
    .orderBy('a.question_key')
    .limit(p.limit),
);

/** The answers that name it, itself or in another spelling, the newest first; after the place named. */
export async function mentionsOf(db: Db, id: string, after: string | null, limit: number): Promise<Place[]> {
  return (await readMentions(db, { id, before: after ?? LAST, limit })).rows;
}
