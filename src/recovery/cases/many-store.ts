import { idAt } from '../../shared/ids.ts';
import type { Db } from '../../storage/index.ts';
import type { EventRow } from './thread-store.ts';

/** What changes the same thing of a case: whose it is, until when it is put off, its tags. */
export const MANY_KINDS: readonly string[][] = [
  ['takenUp', 'handedOver', 'released'],
  ['snoozed', 'woken'],
  ['tagged', 'untagged'],
];
const MOST_LINES = 500;

/**
 * What a colleague, or programs (null), have done with several cases at once since then, in those that are open; the
 * newest first.
 */
export async function doneToMany(db: Db, accountId: string | null, since: string): Promise<EventRow[]> {
  return await db
    .selectFrom('case_event as event')
    .innerJoin('recovery_case as its', 'its.id', 'event.case_id')
    .selectAll('event')
    .where('event.id', '>=', idAt(since))
    .where('event.account_id', accountId === null ? 'is' : '=', accountId)
    .where('event.kind', 'in', MANY_KINDS.flat())
    .where('event.detail', 'like', '%"many":"%')
    .where('its.closed_at', 'is', null)
    .orderBy('event.id', 'desc')
    .limit(MOST_LINES)
    .execute();
}

/** Every such change in their cases from the first of them on, the oldest first. */
export async function sinceThen(db: Db, rows: EventRow[]): Promise<EventRow[]> {
  const first = rows.at(-1);
  if (!first) return [];
  const caseIds = [...new Set(rows.map((row) => row.case_id))];
  return await db
    .selectFrom('case_event')
    .selectAll()
    .where('case_id', 'in', caseIds)
    .where('id', '>=', first.id)
    .where('kind', 'in', MANY_KINDS.flat())
    .orderBy('id')
    .execute();
}
