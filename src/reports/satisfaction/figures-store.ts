import { z } from 'zod';
import type { Db, Schema } from '../../storage/index.ts';
import type { Words } from './parts.ts';
import type { SpanRange } from './spans.ts';

/** Of whom: as they were when they answered. */
export interface Of {
  segment?: string | undefined;
  country?: string | undefined;
  language?: string | undefined;
}

const FIELDS = ['segment', 'country', 'language'] as const;

export interface Sum {
  topic: string;
  item: string;
  n: number;
  coded: number;
  chance: number;
  rest: number;
}

/** What was counted in these spans, by topic and item; a range of the primary key for each. */
export async function sumsIn(
  db: Db,
  kind: Schema['satisfaction_cell']['kind'],
  spans: SpanRange[],
  of: Of,
): Promise<Sum[]> {
  const parts = await Promise.all(spans.map((span) => sumsOf(db, kind, span, of)));
  const sums = new Map<string, Sum>();
  for (const row of parts.flat()) {
    const key = `${row.topic}\u001f${row.item}`;
    const sum = sums.get(key) ?? { topic: row.topic, item: row.item, n: 0, coded: 0, chance: 0, rest: 0 };
    for (const name of ['n', 'coded', 'chance', 'rest'] as const) sum[name] += Number(row[name]);
    sums.set(key, sum);
  }
  return [...sums.values()];
}

async function sumsOf(db: Db, kind: Schema['satisfaction_cell']['kind'], { from, to }: SpanRange, of: Of) {
  return await cells(db, kind, { from, to }, of)
    .select(['topic', 'item'])
    .select(({ fn }) => [fn.sum<number>('n').as('n'), fn.sum<number>('coded').as('coded')])
    .select(({ fn }) => [fn.sum<number>('chance').as('chance'), fn.sum<number>('rest').as('rest')])
    .groupBy(['topic', 'item'])
    .execute();
}

/** Scores by month ('2026-11'), topic and score. */
export async function scoresByMonth(db: Db, months: SpanRange, of: Of) {
  const rows = await cells(db, 'score', months, of)
    .select(['span', 'topic', 'item'])
    .select(({ fn }) => fn.sum<number>('n').as('n'))
    .groupBy(['span', 'topic', 'item'])
    .execute();
  return rows.map((row) => ({ month: row.span.slice(1), topic: row.topic, item: row.item, n: Number(row.n) }));
}

function cells(db: Db, kind: Schema['satisfaction_cell']['kind'], { from, to }: SpanRange, of: Of) {
  let query = db
    .selectFrom('satisfaction_cell')
    .where('kind', '=', kind)
    .where('span', '>=', from)
    .where('span', '<=', to);
  for (const field of FIELDS) if (of[field] !== undefined) query = query.where(field, '=', of[field]);
  return query;
}

export interface AuditedWords extends Words {
  part: string;
  programmeId: string;
  inclusion: number;
}

const chancesSchema = z.record(z.string(), z.number());

/** Answers that were drawn at random and coded by somebody who was not shown what the engine thought: some hundreds. */
export async function auditedIn(
  db: Db,
  programmeId: string,
  period: { from: string; to: string },
  of: Of,
): Promise<AuditedWords[]> {
  let query = db
    .selectFrom('coding_task as t')
    .innerJoin('satisfaction_response as s', 's.response_id', 't.response_id')
    .innerJoin('engine_opinion as o', (on) =>
      on.onRef('o.response_id', '=', 't.response_id').onRef('o.question_key', '=', 't.question_key'),
    )
    .leftJoin('coding as g', (on) =>
      on
        .onRef('g.response_id', '=', 't.response_id')
        .onRef('g.question_key', '=', 't.question_key')
        .on('g.coder_kind', '=', 'colleague')
        .on('g.withdrawn_at', 'is', null),
    )
    .select(['t.response_id', 't.question_key', 't.random_number', 't.inclusion', 's.part', 'o.chances', 'g.code_id'])
    .where('t.programme_id', '=', programmeId)
    .where('t.inclusion', 'is not', null)
    .where('t.state', '=', 'coded')
    .where('t.blind', '=', 1)
    .where('t.engine_turn', '>', 0)
    .where('s.on_day', '>=', period.from)
    .where('s.on_day', '<=', period.to);
  for (const field of FIELDS) if (of[field] !== undefined) query = query.where(`s.${field}`, '=', of[field]);
  const rows = await query.execute();
  const groups = Map.groupBy(rows, (row) => `${row.response_id} ${row.question_key}`);
  return Array.from(groups.values(), (all) => {
    const row = all[0]!;
    return {
      part: row.part,
      programmeId,
      questionKey: row.question_key,
      random: row.random_number,
      inclusion: row.inclusion ?? 1,
      codes: all.flatMap((each) => (each.code_id === null ? [] : [each.code_id])),
      chances: chancesSchema.parse(JSON.parse(row.chances)),
    };
  });
}

export async function lowOnes(db: Db): Promise<Schema['satisfaction_low'][]> {
  return await db
    .selectFrom('satisfaction_low')
    .selectAll()
    .orderBy('told', 'desc')
    .orderBy('difference')
    .orderBy('code_id')
    .orderBy('question_key')
    .execute();
}
