import { sql } from 'kysely';
import { preparedList, type Db, type Schema, type Tx } from '../../storage/index.ts';
import type { Part } from './parts.ts';
import { inParts } from './rows.ts';

const MOMENTS: Partial<Record<Schema['schedule']['moment'], Part>> = {
  before_dealing: 'before',
  during_dealing: 'during',
  after_dealing: 'after',
  after_purchase: 'after',
};

/** Which programme a wave belongs to, and the moment of a dealing at which it was sent by itself, if it was. */
export async function originOfWave(db: Db, waveId: string): Promise<{ programme: string; moment: Part | null }> {
  const row = await db
    .selectFrom('wave as w')
    .innerJoin('programme as p', 'p.id', 'w.programme_id')
    .leftJoin('schedule_run as n', 'n.id', 'w.schedule_run_id')
    .leftJoin('schedule as s', 's.id', 'n.schedule_id')
    .select(['p.key', 's.moment'])
    .where('w.id', '=', waveId)
    .executeTakeFirstOrThrow();
  return { programme: row.key, moment: (row.moment && MOMENTS[row.moment]) ?? null };
}

/** The moment at which a wave's questionnaire is asked by itself, where it is. */
export async function momentOfQuestionnaire(db: Db, waveId: string): Promise<Part | undefined> {
  const row = await db
    .selectFrom('wave as w')
    .innerJoin('questionnaire_version as v', 'v.id', 'w.questionnaire_version_id')
    .innerJoin('schedule as s', 's.questionnaire_id', 'v.questionnaire_id')
    .select('s.moment')
    .where('w.id', '=', waveId)
    .where('s.moment', 'in', Object.keys(MOMENTS) as (keyof typeof MOMENTS)[])
    .orderBy('s.id')
    .executeTakeFirst();
  return row && MOMENTS[row.moment];
}

interface Arrived {
  responseId: string;
  customerId: string;
  part: Part;
  programmeId: string;
  day: string;
  score: number | null;
  likely: number | null;
}

/** Keeps a response with the customer as they are now; one that was changed keeps what they were, which is given back. */
export async function keepResponse(tx: Tx, arrived: Arrived) {
  const { responseId, customerId, part, programmeId, day, score, likely } = arrived;
  return await tx
    .insertInto('satisfaction_response')
    .columns(['response_id', 'part', 'programme_id', 'on_day', 'segment', 'country', 'language', 'score', 'likely'])
    .expression((eb) =>
      eb
        .selectFrom('customer')
        .select([sql.val(responseId).as('response_id'), sql<Part>`${part}`.as('part')])
        .select([sql.val(programmeId).as('programme_id'), sql.val(day).as('on_day'), 'segment', 'country', 'language'])
        .select([
          sql<number>`cast(${score} as integer)`.as('score'),
          sql<number>`cast(${likely} as integer)`.as('likely'),
        ])
        .where('id', '=', customerId),
    )
    .onConflict((on) => on.column('response_id').doUpdateSet({ score, likely }))
    .returning(['part', 'on_day as day', 'segment', 'country', 'language'])
    .executeTakeFirstOrThrow();
}

/** Notes that these days are to be counted anew; each note has an id of its own, so that nobody waits for anybody. */
export async function addNews(tx: Tx, news: Schema['satisfaction_news'][]): Promise<void> {
  for (const some of inParts(news)) await tx.insertInto('satisfaction_news').values(some).execute();
}

/** Days on which these customers answered. */
const readDays = preparedList()((db, ids) =>
  db
    .selectFrom('response as r')
    .innerJoin('satisfaction_response as s', 's.response_id', 'r.id')
    .select('s.on_day')
    .distinct()
    .where('r.customer_id', 'in', ids),
);

export async function daysOf(db: Db, customerIds: string[]): Promise<string[]> {
  return (await readDays(db, customerIds)).rows.map((row) => row.on_day);
}

/** Days on which these responses came. */
export async function daysOfResponses(db: Db, responseIds: string[]): Promise<string[]> {
  const days = new Set<string>();
  for (const ids of inParts(responseIds)) {
    const query = db.selectFrom('satisfaction_response').select('on_day').distinct();
    for (const { on_day: day } of await query.where('response_id', 'in', ids).execute()) days.add(day);
  }
  return [...days];
}

/** Days on which anybody answered a programme, any where none is named. */
export async function daysOfProgramme(db: Db, programmeId?: string): Promise<string[]> {
  let query = db.selectFrom('satisfaction_response').select('on_day').distinct();
  if (programmeId !== undefined) query = query.where('programme_id', '=', programmeId);
  const rows = await query.execute();
  return rows.map((row) => row.on_day);
}
