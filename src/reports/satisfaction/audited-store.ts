import type { Db } from '../../storage/index.ts';
import { chosenIn, type Filter } from './filter.ts';
import type { Words } from './parts.ts';

export interface AuditedWords extends Words {
  part: string;
  programmeId: string;
  inclusion: number;
}

/** As the engine wrote them; checking each of them would cost more than all the rest of the page. */
const chancesIn = (text: string): Record<string, number> => JSON.parse(text) as Record<string, number>;

/** Answers that were drawn at random and coded by somebody who was not shown what the engine thought: some hundreds. */
export async function auditedIn(db: Db, programmeId: string, { period, of }: Filter): Promise<AuditedWords[]> {
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
  for (const { field, value } of chosenIn(of)) query = query.where(`s.${field}`, '=', value);
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
      chances: chancesIn(row.chances),
    };
  });
}
