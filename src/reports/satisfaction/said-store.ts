import { prepared, type Db, type Tx } from '../../storage/index.ts';
import { keyOf, readSaid, type Said, type Theme } from './said-rules.ts';
import type { SpanRange } from './spans.ts';

/** The themes of which anything was said in a month ('2026-11'), by their keys. */
export async function themesIn(db: Db, month: string): Promise<string[]> {
  const rows = await db
    .selectFrom('satisfaction_said')
    .select(['code_id as codeId', 'part', 'question_key as questionKey'])
    .where('month', '=', month)
    .execute();
  return rows.map(keyOf);
}

/** The answers behind a theme in a month as they were written; '[]' for none. */
export async function writtenIn(db: Db, theme: Theme, month: string): Promise<string> {
  return (await readOne(db, { ...theme, month })).rows[0]?.answers ?? '[]';
}

const readOne = prepared<Theme & { month: string }>()((db, p) =>
  db
    .selectFrom('satisfaction_said')
    .select('answers')
    .where('code_id', '=', p.codeId)
    .where('part', '=', p.part)
    .where('question_key', '=', p.questionKey)
    .where('month', '=', p.month),
);

export async function writeSaid(tx: Tx, { codeId, part, questionKey }: Theme, month: string, answers: string) {
  await writeOne(tx, { code_id: codeId, part, question_key: questionKey, month, answers });
}

type SaidRow = Record<'code_id' | 'part' | 'question_key' | 'month' | 'answers', string>;

const writeOne = prepared<SaidRow>()((db, p) =>
  db
    .insertInto('satisfaction_said')
    .values({ code_id: p.code_id, part: p.part, question_key: p.question_key, month: p.month, answers: p.answers })
    .onConflict((on) =>
      on
        .columns(['code_id', 'part', 'question_key', 'month'])
        .doUpdateSet(({ ref }) => ({ answers: ref('excluded.answers') })),
    ),
);

/** The answers of some months behind any of these codes. */
export async function saidOf(
  db: Db,
  codeIds: string[],
  { part, questionKey }: Omit<Theme, 'codeId'>,
  months: SpanRange,
): Promise<Said[]> {
  const rows = await db
    .selectFrom('satisfaction_said')
    .select('answers')
    .where('code_id', 'in', codeIds)
    .where('part', '=', part)
    .where('question_key', '=', questionKey)
    .where('month', '>=', months.from)
    .where('month', '<=', months.to)
    .execute();
  return rows.flatMap(({ answers }) => readSaid(answers));
}
