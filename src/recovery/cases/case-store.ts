import { sql } from 'kysely';
import {
  prepared,
  preparedList,
  preparedRow,
  type Db,
  type Engine,
  type Schema,
  type Tx,
} from '../../storage/index.ts';
import type { CaseKind, CaseOrigin, RecoveryCase } from './interface.ts';

export type CaseRow = Schema['recovery_case'];

export function asCase(row: CaseRow): RecoveryCase {
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    state: row.state,
    customerId: row.customer_id,
    contact: { name: row.contact_name, email: row.contact_email, telephone: row.contact_telephone },
    origin: row.origin,
    originId: row.origin_id,
    summary: row.summary,
    words: row.words,
    language: row.language,
    ownerId: row.owner_id,
    urgent: row.urgent === 1,
    worth: row.worth_minor,
    openedAt: row.opened_at,
    openedBy: row.opened_by,
    round: row.round,
    nextStep: row.next_step,
    nextDueAt: row.next_due_at,
    awaiting: row.awaiting === 1,
    lookAt: row.look_at,
    snoozedUntil: row.snoozed_until,
    closedAt: row.closed_at,
    closedBy: row.closed_by,
    rootCause: row.root_cause,
    action: row.action,
    outcome: row.outcome,
    noQuestion: row.no_question,
    askedAt: row.asked_at,
    settled: row.settled,
    settledAt: row.settled_at,
    mergedIntoId: row.merged_into_id,
    revision: row.revision,
  };
}

/**
 * 1, 2, 3 ..., each once: not the highest and one more, which two would find at the same moment. On PostgreSQL a
 * sequence, which nobody waits for until a long transaction ends; a number that was taken for what then came to nothing
 * stays unused, so that there may be gaps.
 */
export async function nextNumber(tx: Tx, engine: Engine): Promise<number> {
  if (engine === 'postgres') {
    const { rows } = await sql<{ number: number }>`select nextval('case_number') as number`.execute(tx);
    return Number(rows[0]?.number);
  }
  const [next] = (await countOn(tx, {})).rows;
  return Number(next?.last);
}

const countOn = prepared<object>()((db) =>
  db
    .insertInto('case_counter')
    .values({ name: 'case', last: 1 })
    .onConflict((on) => on.column('name').doUpdateSet((is) => ({ last: is('case_counter.last', '+', 1) })))
    .returning('last'),
);

const insertOne = preparedRow<CaseRow>()((db, row) =>
  db
    .insertInto('recovery_case')
    .values(row)
    .onConflict((on) => on.doNothing())
    .returning('id'),
);

/** @returns whether it is new: its cause has one already, or the customer has an open one of a kind of which there is one */
export async function insertCase(tx: Tx, row: CaseRow): Promise<boolean> {
  return (await insertOne(tx, row)).rows.length === 1;
}

export async function findCase(db: Db, id: string): Promise<CaseRow | undefined> {
  return await db.selectFrom('recovery_case').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function findCases(db: Db, ids: string[]): Promise<CaseRow[]> {
  if (ids.length === 0) return [];
  return await db.selectFrom('recovery_case').selectAll().where('id', 'in', ids).execute();
}

/** The cases that were put into this one, and into those, `deep` times at most. */
export async function duplicatesOf(db: Db, caseId: string, deep: number): Promise<string[]> {
  const found: string[] = [];
  for (let ids = [caseId], i = 0; i < deep && ids.length > 0; i++) {
    const into = db.selectFrom('recovery_case').select('id').where('merged_into_id', 'in', ids);
    ids = (await into.execute()).map(({ id }) => id);
    found.push(...ids);
  }
  return found;
}

export async function findNumber(db: Db, number: number): Promise<CaseRow | undefined> {
  return await db.selectFrom('recovery_case').selectAll().where('number', '=', number).executeTakeFirst();
}

interface Cause {
  origin: CaseOrigin;
  originId: string;
  kind: CaseKind;
}

const readCause = prepared<Cause>()((db, p) =>
  db
    .selectFrom('recovery_case')
    .selectAll()
    .where('origin', '=', p.origin)
    .where('origin_id', '=', p.originId)
    .where('kind', '=', p.kind),
);

export async function findCause(db: Db, cause: Cause): Promise<CaseRow | undefined> {
  return (await readCause(db, cause)).rows[0];
}

const openOfAnyKind = preparedList()((db, ids) =>
  db
    .selectFrom('recovery_case')
    .selectAll()
    .where('customer_id', 'in', ids)
    .where('closed_at', 'is', null)
    .orderBy('opened_at')
    .orderBy('id'),
);

export async function openCases(db: Db, customerIds: string[], kind?: CaseKind): Promise<CaseRow[]> {
  // A customer has few: a kind as a condition makes SQLite plan anew, to see whether a partial index fits it.
  const { rows } = await openOfAnyKind(db, customerIds);
  return kind === undefined ? rows : rows.filter((row) => row.kind === kind);
}

/** Which of these customers have a complaint that is open with us. */
export async function openComplaintCases(db: Db, customerIds: string[]): Promise<Set<string>> {
  const open = await openCases(db, customerIds, 'complaint');
  return new Set(open.flatMap((row) => row.customer_id ?? []));
}

export async function casesOfCustomer(db: Db, customerId: string, limit: number): Promise<CaseRow[]> {
  return await db
    .selectFrom('recovery_case')
    .selectAll()
    .where('customer_id', '=', customerId)
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** What a change expects the case to be; all of it has to hold. */
export interface Expected {
  open?: boolean;
  revision?: number | undefined;
  ownerId?: string | null;
  unsettled?: boolean;
}

export type CaseChange = Partial<Omit<CaseRow, 'id' | 'number' | 'revision' | 'updated_at'>>;

/** @returns whether it was as expected, and is now changed and one revision further */
export async function changeCase(
  tx: Tx,
  id: string,
  expected: Expected,
  change: CaseChange,
  at: string,
): Promise<boolean> {
  let query = tx
    .updateTable('recovery_case')
    .set((is) => ({ ...change, updated_at: at, revision: is('revision', '+', 1) }))
    .where('id', '=', id);
  if (expected.open !== undefined) query = query.where('closed_at', expected.open ? 'is' : 'is not', null);
  if (expected.revision !== undefined) query = query.where('revision', '=', expected.revision);
  if (expected.ownerId === null) query = query.where('owner_id', 'is', null);
  else if (expected.ownerId !== undefined) query = query.where('owner_id', '=', expected.ownerId);
  if (expected.unsettled) query = query.where('settled', 'is', null).where('merged_into_id', 'is', null);
  const { numUpdatedRows } = await query.executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Open cases follow what their customers are worth. */
export async function setWorths(tx: Tx, worths: Map<string, number>): Promise<void> {
  const open = await openCases(tx, [...worths.keys()]);
  for (const { id, customer_id, worth_minor } of open) {
    const worth = worths.get(customer_id ?? '');
    if (worth === undefined || worth === worth_minor) continue;
    await tx.updateTable('recovery_case').set({ worth_minor: worth }).where('id', '=', id).execute();
  }
}

export async function customersWithCases(db: Db, customerIds: string[]): Promise<string[]> {
  if (customerIds.length === 0) return [];
  const query = db.selectFrom('recovery_case').select('customer_id').distinct().where('customer_id', 'in', customerIds);
  return (await query.execute()).flatMap((row) => row.customer_id ?? []);
}

/** What a customer says of a closed case. @returns whether it was closed and had one of these answers */
export async function changeSettled(
  tx: Tx,
  id: string,
  from: readonly CaseRow['settled'][],
  change: Pick<CaseRow, 'settled' | 'settled_at'>,
  at: string,
): Promise<boolean> {
  const said = from.filter((each) => each !== null);
  const { numUpdatedRows } = await tx
    .updateTable('recovery_case')
    .set((is) => ({ ...change, updated_at: at, revision: is('revision', '+', 1) }))
    .where('id', '=', id)
    .where('closed_at', 'is not', null)
    .where('merged_into_id', 'is', null)
    .where((is) => is.or([is('settled', 'is', null), ...said.map((each) => is('settled', '=', each))]))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Closed cases whose customers were asked before that moment and have not answered. */
export async function unansweredSince(db: Db, before: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('recovery_case')
    .select('id')
    .where('asked_at', 'is not', null)
    .where('settled', 'is', null)
    .where('asked_at', '<', before)
    .orderBy('asked_at')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}
