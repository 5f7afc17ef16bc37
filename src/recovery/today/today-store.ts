import { sql } from 'kysely';
import type { Db } from '../../storage/index.ts';
import type { CaseRow } from '../cases/case-store.ts';
import { NEVER } from '../cases/rules.ts';

export const VIEWS = ['due', 'mine', 'unassigned', 'waiting'] as const;
export type View = (typeof VIEWS)[number];

interface Whose {
  view: View;
  /** Whoever looks. */
  me: string;
  /** Colleagues who are away or gone: what is theirs is nobody's for now. */
  absent: string[];
  now: string;
}

/** The last row of the page before. */
interface Place {
  lookAt: string;
  worth: number;
  id: string;
}

/** Open cases of a view, in the order of Today's index. */
function ofView(db: Db, { view, me, absent, now }: Whose) {
  let query = db.selectFrom('recovery_case').where('closed_at', 'is', null);
  if (view === 'mine') query = query.where('owner_id', '=', me);
  if (view === 'unassigned')
    query = query.where((is) =>
      absent.length === 0
        ? is('owner_id', 'is', null)
        : is.or([is('owner_id', 'is', null), is('owner_id', 'in', absent)]),
    );
  return query.where((is) => {
    const asleep = is.and([is('snoozed_until', 'is not', null), is('snoozed_until', '>', now)]);
    const awaiting = is.and([is('awaiting', '=', 1), is('look_at', '>', now)]);
    const waits = is.or([asleep, awaiting, is('look_at', '=', NEVER)]);
    return view === 'waiting' ? waits : is.not(waits);
  });
}

/** By due time, then the most valuable first. */
export async function listCases(db: Db, whose: Whose, after: Place | null, limit: number): Promise<CaseRow[]> {
  let query = ofView(db, whose).selectAll();
  if (after) {
    const { lookAt, worth, id } = after;
    // The first condition alone is what an index can seek by.
    query = query
      .where('look_at', '>=', lookAt)
      .where((is) =>
        is.or([
          is('look_at', '>', lookAt),
          is('worth_minor', '<', worth),
          is.and([is('worth_minor', '=', worth), is('id', '>', id)]),
        ]),
      );
  }
  return await query.orderBy('look_at').orderBy('worth_minor', 'desc').orderBy('id').limit(limit).execute();
}

/** How many there are, up to `most`, with what they are worth a year; of those due before a moment, where one is given. */
export async function countCases(
  db: Db,
  whose: Whose,
  most: number,
  dueBefore?: string,
): Promise<{ count: number; worth: number }> {
  const found = ofView(db, whose).select('worth_minor').orderBy('look_at').limit(most);
  const some = (dueBefore === undefined ? found : found.where('look_at', '<', dueBefore)).as('some');
  const row = await (db as Extract<Db, { with: unknown }>)
    .selectFrom(some)
    .select((is) => [is.fn.countAll<number>().as('count'), is.fn.sum<number | null>('worth_minor').as('worth')])
    .executeTakeFirstOrThrow();
  return { count: Number(row.count), worth: Number(row.worth ?? 0) };
}

/** What customers confirmed between two moments. */
export async function confirmedBetween(db: Db, from: string, to: string, limit: number): Promise<CaseRow[]> {
  return await db
    .selectFrom('recovery_case')
    .selectAll()
    .where(sql<boolean>`settled = 'yes'`)
    .where('settled_at', '>=', from)
    .where('settled_at', '<', to)
    .orderBy('settled_at', 'desc')
    .limit(limit)
    .execute();
}

/** Conversations to win somebody back that ended since that moment because they bought again, the newest first. */
export async function returnedSince(db: Db, from: string, limit: number): Promise<CaseRow[]> {
  return await db
    .selectFrom('recovery_case')
    .selectAll()
    .where('closed_at', '>=', from)
    .where('kind', '=', 'win_back')
    .where('outcome', '=', 'returned')
    .orderBy('closed_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Open cases in which something of ours that makes good waits for a manager's yes or no; longest waiting first. */
export async function undecided(db: Db, limit: number): Promise<CaseRow[]> {
  return await db
    .selectFrom('recovery_case')
    .innerJoin('case_remedy', 'case_remedy.case_id', 'recovery_case.id')
    .selectAll('recovery_case')
    // As it stands in the index of what waits.
    .where(sql<boolean>`case_remedy.state = 'proposed'`)
    .where('case_remedy.from_customer', '=', 0)
    .where('recovery_case.closed_at', 'is', null)
    .orderBy('case_remedy.proposed_at')
    .orderBy('case_remedy.id')
    .limit(limit)
    .execute();
}

/** Complaints and returns that were closed since then, and how many of them their customers confirmed. */
export async function closedSince(db: Db, since: string): Promise<{ closed: number; confirmed: number }> {
  const row = await db
    .selectFrom('recovery_case')
    .select((is) => [
      is.fn.countAll<number>().as('closed'),
      is.fn.sum<number | null>(sql`case when settled = 'yes' then 1 else 0 end`).as('confirmed'),
    ])
    .where('closed_at', '>=', since)
    .where('merged_into_id', 'is', null)
    .where((is) => is.or([is('kind', '=', 'complaint'), is('kind', '=', 'return')]))
    .executeTakeFirstOrThrow();
  return { closed: Number(row.closed), confirmed: Number(row.confirmed ?? 0) };
}

/** Open cases whose due time has passed since the managers were last told that something of theirs was late. */
export async function overdueUntold(db: Db, now: string, limit: number): Promise<CaseRow[]> {
  return await db
    .selectFrom('recovery_case')
    .selectAll()
    .where('closed_at', 'is', null)
    .where('look_at', '<', now)
    .where('next_due_at', '<', now)
    .where('awaiting', '=', 0)
    .where((is) => is.or([is('snoozed_until', 'is', null), is('snoozed_until', '<=', now)]))
    .where((is) => is.or([is('escalated_for', 'is', null), is('escalated_for', '<', is.ref('next_due_at'))]))
    .orderBy('look_at')
    .limit(limit)
    .execute();
}
