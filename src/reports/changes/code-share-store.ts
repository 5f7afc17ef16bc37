import { sql } from 'kysely';
import type { Db } from '../../storage/index.ts';

/** The programme of a code's codebook, and the code with those below it. Undefined where there is no such code. */
export async function familyOf(db: Db, codeId: string) {
  const rows = await db
    .selectFrom('code as k')
    .innerJoin('codebook as b', 'b.id', 'k.codebook_id')
    .select(['k.id', 'b.programme_id as programmeId'])
    .where((is) =>
      is.or([is('k.id', '=', codeId), is('k.parent_id', '=', codeId), is('k.merged_into_id', '=', codeId)]),
    )
    .execute();
  const [first] = rows;
  return first && { programmeId: first.programmeId, ids: rows.map(({ id }) => id) };
}

/** A colleague's codes count; a respondent's own tick where there are no words to code. */
const carries = (ids: string[]) => sql<number>`exists (
  select 1 from coding as g where g.response_id = r.id and g.withdrawn_at is null and g.code_id in (${sql.join(ids)})
    and (g.coder_kind = 'colleague' or (g.coder_kind = 'respondent' and m.source = 'respondent')))`;

const isCoded = sql<boolean>`(m.source = 'respondent' or exists (
  select 1 from coding_task as t where t.response_id = r.id and t.state = 'coded'))`;

/** Of a programme's responses sent from one moment to before another: those that people have coded, and with these codes. */
export async function countCoded(
  db: Db,
  { programmeId, ids }: { programmeId: string; ids: string[] },
  from: string,
  before: string,
): Promise<{ base: number; hits: number }> {
  const row = await db
    .selectFrom('response as r')
    .leftJoin('main_reason as m', 'm.response_id', 'r.id')
    .select(({ fn }) => [
      fn.countAll<number>().as('base'),
      fn.sum<number>(sql<number>`case when ${carries(ids)} then 1 else 0 end`).as('hits'),
    ])
    .where('r.programme_id', '=', programmeId)
    .where('r.submitted_at', '>=', from)
    .where('r.submitted_at', '<', before)
    .where(isCoded)
    .executeTakeFirstOrThrow();
  return { base: Number(row.base), hits: Number(row.hits ?? 0) };
}
