import { sql } from 'kysely';
import { z } from 'zod';
import { prepared, type Db, type Schema, type Tx } from '../../storage/index.ts';
import type { Place } from '../desk-store.ts';
import { chunks } from '../store.ts';
import type { Threshold } from './rules.ts';

const MOST_IDS = 500;

const coversSchema = z.record(z.string(), z.string());

const readAudits = prepared<{ programmeId: string }>()((db, p) =>
  db.selectFrom('coding_audit').select(['covers', 'threshold']).where('programme_id', '=', p.programmeId),
);

/** What the audits of a programme cover, and under which number. */
export async function thresholdsOf(db: Db, programmeId: string): Promise<Threshold[]> {
  const { rows } = await readAudits(db, { programmeId });
  return rows.map(({ covers, threshold }) => ({ covers: coversSchema.parse(JSON.parse(covers)), threshold }));
}

export async function addAudit(tx: Tx, audit: Schema['coding_audit']): Promise<void> {
  await tx.insertInto('coding_audit').values(audit).execute();
}

/** The responses of a programme with the lowest numbers, lowest first. */
export async function lowestOf(
  db: Db,
  programmeId: string,
  limit: number,
): Promise<{ responseId: string; random: number }[]> {
  return await firstTasks(db, programmeId)
    .select(['k.response_id as responseId', 'k.random_number as random'])
    .orderBy('k.random_number')
    .limit(limit)
    .execute();
}

/** The number of the so-manieth response that no audit has drawn, or of the last one; null where all are drawn. */
export async function numberAfterMore(db: Db, programmeId: string, more: number): Promise<number | null> {
  const rows = await firstTasks(db, programmeId)
    .select('k.random_number as random')
    .where('k.inclusion', 'is', null)
    .orderBy('k.random_number')
    .limit(more)
    .execute();
  return rows.at(-1)?.random ?? null;
}

/** So many responses of a programme have this number or a lower one. */
export async function countUpTo(db: Db, programmeId: string, random: number | null): Promise<number> {
  if (random === null) return 0;
  const row = await firstTasks(db, programmeId)
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('k.random_number', '<=', random)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** How many responses are drawn, and how many of them have an answer that nobody has coded unswayed. */
export async function countDrawn(db: Db, programmeId: string): Promise<{ drawn: number; toCode: number }> {
  const drawn = db
    .selectFrom('coding_task')
    .select(({ fn }) => fn.count<number>('response_id').distinct().as('n'))
    .where('programme_id', '=', programmeId)
    .where(sql<boolean>`inclusion is not null`);
  const all = await drawn.executeTakeFirst();
  const left = await drawn.where(LEFT).executeTakeFirst();
  return { drawn: Number(all?.n ?? 0), toCode: Number(left?.n ?? 0) };
}

/** Of each response its first answer, whose number is that of the response. */
function firstTasks(db: Db, programmeId: string) {
  return db
    .selectFrom('coding_task as k')
    .where('k.programme_id', '=', programmeId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('coding_task as earlier')
            .select('earlier.response_id')
            .whereRef('earlier.response_id', '=', 'k.response_id')
            .whereRef('earlier.question_key', '<', 'k.question_key'),
        ),
      ),
    );
}

/**
 * All answers of these responses are drawn, with that probability unless a higher one stands.
 * @returns those of them that were checked already: they have another weight now
 */
export async function raiseInclusion(tx: Tx, responseIds: string[], inclusion: number): Promise<string[]> {
  const checked = new Set<string>();
  for (const ids of chunks(responseIds, MOST_IDS)) {
    const raised = await tx
      .updateTable('coding_task')
      .set({ inclusion })
      .where('response_id', 'in', ids)
      .where((is) => is.or([is('inclusion', 'is', null), is('inclusion', '<', inclusion)]))
      .returning(['response_id', 'state', 'blind'])
      .execute();
    for (const row of raised) if (row.state === 'coded' && row.blind === 1) checked.add(row.response_id);
  }
  return [...checked];
}

const LEFT = sql<boolean>`inclusion is not null and (state = 'open' or blind = 0)`;

/** Drawn answers that nobody has coded unswayed yet, lowest number first. */
export async function headOfAudit(db: Db, programmeId: string, skipped: boolean, limit: number): Promise<Place[]> {
  return await db
    .selectFrom('coding_task')
    .select(['response_id as responseId', 'question_key as questionKey'])
    .where('programme_id', '=', programmeId)
    .where(LEFT)
    .where('skipped_at', skipped ? 'is not' : 'is', null)
    .orderBy('random_number')
    .limit(limit)
    .execute();
}

/** Open answers that no audit has drawn, from which the engine would learn most first. */
export async function headOfLearn(db: Db, programmeId: string, limit: number): Promise<Place[]> {
  return await db
    .selectFrom('coding_task')
    .select(['response_id as responseId', 'question_key as questionKey'])
    .where('programme_id', '=', programmeId)
    .where(sql<boolean>`state = 'open'`)
    .where('worth_asking', '>', 0)
    .where('inclusion', 'is', null)
    .where('skipped_at', 'is', null)
    .orderBy('worth_asking', 'desc')
    .limit(limit)
    .execute();
}

interface AuditCounts {
  /** Answers that some audit has drawn. */
  drawn: number;
  /** Those of them that somebody has coded unswayed. */
  checked: number;
  /** Those that nobody has coded at all, by whether they were put aside. */
  open: number;
  skipped: number;
}

export async function countAudited(db: Db, programmeId: string): Promise<AuditCounts> {
  const rows = await db
    .selectFrom('coding_task')
    .select(({ fn }) => ['state', 'blind', fn.countAll<number>().as('n'), fn.count<number>('skipped_at').as('aside')])
    .where('programme_id', '=', programmeId)
    .where(sql<boolean>`inclusion is not null`)
    .groupBy(['state', 'blind'])
    .execute();
  const sum = (some: typeof rows, what: 'n' | 'aside') => some.reduce((all, row) => all + Number(row[what]), 0);
  const open = rows.filter(({ state }) => state === 'open');
  const skipped = sum(open, 'aside');
  const checked = rows.filter(({ state, blind }) => state === 'coded' && blind === 1);
  return { drawn: sum(rows, 'n'), checked: sum(checked, 'n'), open: sum(open, 'n') - skipped, skipped };
}

/** False where it has been coded meanwhile. */
export async function skipInAudit(tx: Tx, { responseId, questionKey }: Place, at: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('coding_task')
    .set({ skipped_at: at })
    .where('response_id', '=', responseId)
    .where('question_key', '=', questionKey)
    .where(LEFT)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}
