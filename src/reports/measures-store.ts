import { sql } from 'kysely';
import { isComingIn } from '../invitations/index.ts';
import type { Db } from '../storage/index.ts';

interface Answered {
  delivered: number;
  completed: number;
}

/**
 * Of waves started from one moment to before another, and whose answers are in by then: how many invitations arrived, and were
 * answered to the end. What was sent yesterday would count as if nobody meant to answer.
 */
export async function countAnswered(db: Db, from: string, to: string): Promise<Answered> {
  const waves = await db
    .selectFrom('wave')
    .select(['id', 'state', 'started_at', 'reminder_days'])
    .where('started_at', '>=', from)
    .where('started_at', '<', to)
    .execute();
  const sum = { delivered: 0, completed: 0 };
  for (const { id, state, started_at: startedAt, reminder_days: days } of waves) {
    if (isComingIn({ state, startedAt, reminderDays: JSON.parse(days) as number[] }, to)) continue;
    sum.delivered += await countDelivered(db, id);
    sum.completed += await countCompleted(db, id);
  }
  return sum;
}

/** Sent, and not come back or reached another way since. */
async function countDelivered(db: Db, waveId: string): Promise<number> {
  const row = await db
    .selectFrom('invitation')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('wave_id', '=', waveId)
    .where('delivery', '=', 'sent')
    .where((where) => where.or([where('bounced_at', 'is', null), where('reached_at', 'is not', null)]))
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

async function countCompleted(db: Db, waveId: string): Promise<number> {
  const row = await db
    .selectFrom('invitation')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('wave_id', '=', waveId)
    // As the index has it: among those who have begun.
    .where(sql<boolean>`progress <> 'none' and progress = 'completed'`)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}
