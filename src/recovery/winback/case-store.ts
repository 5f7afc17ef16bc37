import { preparedList, preparedRow, type Db, type Schema, type Tx } from '../../storage/index.ts';

export type CaseRow = Schema['winback_case'];
export type CallRow = Schema['winback_call'];

type NewCase = Pick<CaseRow, 'case_id' | 'customer_id' | 'opened_at'>;

const insertOne = preparedRow<NewCase>()((db, row) =>
  db
    .insertInto('winback_case')
    .values({
      ...row,
      state: 'open',
      reason_key: '',
      calls: 0,
      call_at: null,
      claimed_by: null,
      claimed_at: null,
      claimed_until: null,
      draft: '{}',
      attempted_at: null,
      settled_at: null,
      won_on: null,
      returned_on: null,
    })
    .onConflict((on) => on.column('case_id').doUpdateSet({ state: 'open', settled_at: null })),
);

export async function insertCase(tx: Tx, row: NewCase): Promise<void> {
  await insertOne(tx, row);
}

export async function findCase(db: Db, caseId: string): Promise<CaseRow | undefined> {
  return await db.selectFrom('winback_case').selectAll().where('case_id', '=', caseId).executeTakeFirst();
}

/** The event of a call that the customer made. */
export const THEY_CALLED = 'winback.they_called';

export async function theyCalledSince(db: Db, caseId: string, since: string): Promise<boolean> {
  const found = await db
    .selectFrom('case_event')
    .select('id')
    .where('case_id', '=', caseId)
    .where('kind', '=', THEY_CALLED)
    .where('at', '>=', since)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

const readCases = preparedList()((db, ids) =>
  db.selectFrom('winback_case').selectAll().where('customer_id', 'in', ids).orderBy('opened_at').orderBy('case_id'),
);

/** Of each customer the newest, by customer. */
export async function newestCases(db: Db, customerIds: string[]): Promise<Map<string, CaseRow>> {
  const { rows } = await readCases(db, customerIds);
  return new Map(rows.map((row) => [row.customer_id, row]));
}

export async function casesOf(db: Db, caseIds: string[]): Promise<Map<string, CaseRow>> {
  if (caseIds.length === 0) return new Map();
  const rows = await db.selectFrom('winback_case').selectAll().where('case_id', 'in', caseIds).execute();
  return new Map(rows.map((row) => [row.case_id, row]));
}

/** @returns whether nobody has it: one colleague at a time calls somebody, and takes the call once */
export async function claim(
  tx: Tx,
  caseId: string,
  { by, now, until }: { by: string; now: string; until: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('winback_case')
    .set({ claimed_by: by, claimed_at: now, claimed_until: until })
    .where('case_id', '=', caseId)
    .where((is) => is.or([is('state', '=', 'open'), is.and([is('state', '=', 'won'), is('returned_on', 'is', null)])]))
    .where((is) => is.or([is('claimed_by', 'is', null), is('claimed_until', '<=', now)]))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Changes what this colleague has. @returns false where they have it no longer */
export async function changeMine(
  tx: Tx,
  caseId: string,
  by: string,
  change: Partial<Omit<CaseRow, 'case_id'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('winback_case')
    .set(change)
    .where('case_id', '=', caseId)
    .where('state', 'in', ['open', 'won'])
    .where('claimed_by', '=', by)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function changeCase(
  tx: Tx,
  caseId: string,
  from: CaseRow['state'][],
  change: Partial<Omit<CaseRow, 'case_id'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('winback_case')
    .set(change)
    .where('case_id', '=', caseId)
    .where('state', 'in', from)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** The first time that they were spoken or written to. */
export async function markAttempted(tx: Tx, caseId: string, at: string): Promise<void> {
  await tx
    .updateTable('winback_case')
    .set({ attempted_at: at })
    .where('case_id', '=', caseId)
    .where('attempted_at', 'is', null)
    .execute();
}

export async function insertCall(tx: Tx, row: CallRow): Promise<void> {
  await tx.insertInto('winback_call').values(row).execute();
}

export async function noteResponse(tx: Tx, callId: string, responseId: string): Promise<void> {
  await tx.updateTable('winback_call').set({ response_id: responseId }).where('id', '=', callId).execute();
}

/** The newest first. */
export async function callsOf(db: Db, customerId: string, limit: number): Promise<CallRow[]> {
  const query = db.selectFrom('winback_call').selectAll().where('customer_id', '=', customerId);
  return await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

export interface CallFilter {
  customerId?: string | undefined;
  caseId?: string | undefined;
  outcome?: string | undefined;
}

/** Everybody's calls, the newest first. */
export async function listCalls(db: Db, filter: CallFilter, before: string | null, limit: number): Promise<CallRow[]> {
  const { customerId, caseId, outcome } = filter;
  let query = db.selectFrom('winback_call').selectAll();
  if (customerId !== undefined) query = query.where('customer_id', '=', customerId);
  if (caseId !== undefined) query = query.where('case_id', '=', caseId);
  if (outcome !== undefined) query = query.where('outcome', '=', outcome);
  if (before !== null) query = query.where('id', '<', before);
  return await query.orderBy('id', 'desc').limit(limit).execute();
}

/** Which of these customers had a conversation that is on record. */
export async function everSpoken(db: Db, customerIds: string[]): Promise<string[]> {
  if (customerIds.length === 0) return [];
  const query = db.selectFrom('winback_case').select('customer_id').distinct().where('customer_id', 'in', customerIds);
  return (await query.execute()).map((row) => row.customer_id);
}

export const triesInARow = (calls: readonly Pick<CallRow, 'outcome'>[]): number => {
  const reached = calls.findIndex(({ outcome }) => outcome !== 'not_reached');
  return reached < 0 ? calls.length : reached;
};

// Without "distinct", which makes SQLite plan anew for each value: the set leaves out the few who answered twice.
const readAnswered = preparedList<{ programmeId: string }>()((db, ids, p) =>
  db
    .selectFrom('main_reason')
    .select('customer_id')
    .where('customer_id', 'in', ids)
    .where('programme_id', '=', p.programmeId),
);

/** Which of these have answered questions about why they left. */
export async function answered(db: Db, programmeId: string, customerIds: string[]): Promise<Set<string>> {
  const { rows } = await readAnswered(db, customerIds, { programmeId });
  return new Set(rows.map((row) => row.customer_id));
}
