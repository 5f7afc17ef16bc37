import { isComingIn, settlesAt } from '../invitations/index.ts';
import type { Db } from '../storage/index.ts';

/** Until when answers to the waves of a programme are still coming in; null where all are in. */
export async function comingInUntil(db: Db, programmeKey: string, now: string): Promise<string | null> {
  const waves = await db
    .selectFrom('wave as w')
    .innerJoin('programme as p', 'p.id', 'w.programme_id')
    .select(['w.state', 'w.started_at as startedAt', 'w.reminder_days'])
    .where('p.key', '=', programmeKey)
    .where('w.state', '<>', 'draft')
    .execute();
  const open = waves
    .map(({ reminder_days, ...wave }) => ({ ...wave, reminderDays: JSON.parse(reminder_days) as number[] }))
    .filter((wave) => isComingIn(wave, now));
  return (
    open
      .map((wave) => settlesAt(wave) ?? now)
      .sort()
      .at(-1) ?? null
  );
}
