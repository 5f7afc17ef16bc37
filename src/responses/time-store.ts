import type { Db } from '../storage/index.ts';

/** When the last of a programme's answers on screen began and were sent, of one version of its questionnaire. */
export async function lastTimes(
  db: Db,
  { id, programmeId }: { id: string; programmeId: string },
  atMost: number,
): Promise<{ startedAt: string; submittedAt: string }[]> {
  const rows = await db
    .selectFrom('response')
    .select(['questionnaire_version_id', 'mode', 'started_at', 'submitted_at'])
    .where('programme_id', '=', programmeId)
    .where('submitted_at', 'is not', null)
    .orderBy('submitted_at', 'desc')
    .orderBy('id', 'desc')
    .limit(atMost)
    .execute();
  const onScreen = rows.filter(({ mode }) => mode === 'email' || mode === 'web');
  return onScreen
    .filter((row) => row.questionnaire_version_id === id)
    .map((row) => ({ startedAt: row.started_at, submittedAt: row.submitted_at ?? '' }));
}
