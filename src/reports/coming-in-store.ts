import { isComingIn, LONGEST_COMING_IN_DAYS, settlesAt, UNDER_WAY } from '../invitations/index.ts';
import { addMinutes } from '../shared/dates.ts';
import type { Db } from '../storage/index.ts';

const MINUTES_A_DAY = 24 * 60;

/** Until when answers to the waves of a programme are still coming in; null where all are in. */
export async function comingInUntil(db: Db, programmeKey: string, now: string): Promise<string | null> {
  const since = addMinutes(now, -LONGEST_COMING_IN_DAYS * MINUTES_A_DAY);
  // However many waves there have been: those under way, and those of some weeks.
  const waves = await db
    .selectFrom('wave as w')
    .innerJoin('programme as p', 'p.id', 'w.programme_id')
    .select(['w.state', 'w.started_at as startedAt', 'w.reminder_days'])
    .where('p.key', '=', programmeKey)
    .where((where) => where.or([where('w.state', 'in', UNDER_WAY), where('w.started_at', '>', since)]))
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
