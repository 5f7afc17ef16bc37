import { sql } from 'kysely';
import type { Db } from '../../storage/index.ts';

/**
 * What is known of up to 500 customers, from all features. Everything is asked as of a day and of a moment at its end:
 * what is dated later is not known yet, so that the same questions can be put to the past.
 */
export interface AsOf {
  day: string;
  moment: string;
}

export interface CustomerFacts {
  id: string;
  segment: string;
  contact_account_id: string | null;
  worth_minor: number;
  left_on: string | null;
  unsubscribed_at: string | null;
}

/** Those of them who are customers on that day. */
export async function customersAmong(db: Db, ids: string[], { day }: AsOf): Promise<CustomerFacts[]> {
  if (ids.length === 0) return [];
  return await db
    .selectFrom('customer')
    .select(['id', 'segment', 'contact_account_id', 'worth_minor', 'left_on', 'unsubscribed_at'])
    .where('id', 'in', ids)
    .where('erased_at', 'is', null)
    .where(({ or, eb }) => or([eb('status', '=', 'active'), eb('left_on', '>', day)]))
    .execute();
}

/** In the order of their ids, whoever they are. */
export async function nextCustomers(db: Db, after: string, limit: number): Promise<string[]> {
  const query = db.selectFrom('customer').select('id').where('id', '>', after).orderBy('id').limit(limit);
  return (await query.execute()).map(({ id }) => id);
}

/** The days on which they bought something, by customer, the first first. Credits are no purchases. */
export async function buyingDays(
  db: Db,
  ids: string[],
  { from, to }: { from: string; to: string },
): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom('purchase')
    .select(['customer_id', 'purchased_on'])
    .where('customer_id', 'in', ids)
    .where('purchased_on', '>=', from)
    .where('purchased_on', '<=', to)
    .where('amount_minor', '>', 0)
    .groupBy(['customer_id', 'purchased_on'])
    .orderBy('customer_id')
    .orderBy('purchased_on')
    .execute();
  const days = new Map<string, string[]>();
  for (const { customer_id, purchased_on } of rows) {
    const theirs = days.get(customer_id);
    if (theirs) theirs.push(purchased_on);
    else days.set(customer_id, [purchased_on]);
  }
  return days;
}

/** Unpaid invoices whose day was before `due`. */
export async function overdueOf(db: Db, ids: string[], { day }: AsOf, due: string) {
  const rows = await db
    .selectFrom('invoice')
    .select('customer_id')
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min<string>('due_on').as('since')])
    .where('customer_id', 'in', ids)
    .where('due_on', '<', due)
    .where(({ or, eb }) => or([eb('paid_on', 'is', null), eb('paid_on', '>', day)]))
    .groupBy('customer_id')
    .execute();
  return new Map(rows.map((row) => [row.customer_id, { count: Number(row.count), since: row.since }]));
}

/** Complaints that are open then, as cases or as an imported record: the oldest of each customer. */
export async function complaintsOf(db: Db, ids: string[], { day, moment }: AsOf, from: string) {
  const cases = await db
    .selectFrom('recovery_case')
    .select(['id', 'customer_id', 'opened_at'])
    .where('customer_id', 'in', ids)
    .where('kind', '=', 'complaint')
    .where('merged_into_id', 'is', null)
    .where('opened_at', '<=', moment)
    .where(({ or, eb }) => or([eb('closed_at', 'is', null), eb('closed_at', '>', moment)]))
    .execute();
  const records = await db
    .selectFrom('dealing')
    .select(['customer_id', 'from_on'])
    .where('customer_id', 'in', ids)
    .where('kind', '=', 'complaint')
    .where('from_on', '>=', from)
    .where('from_on', '<=', day)
    .where(({ or, eb }) => or([eb('to_on', 'is', null), eb('to_on', '>', day)]))
    .execute();
  const open = [
    ...records.map((row) => ({ customerId: row.customer_id, since: row.from_on, caseId: null as string | null })),
    ...cases.map((row) => ({ customerId: row.customer_id ?? '', since: row.opened_at.slice(0, 10), caseId: row.id })),
  ];
  open.sort((a, b) => (a.since < b.since ? 1 : a.since > b.since ? -1 : 0));
  return new Map(open.map(({ customerId, since, caseId }) => [customerId, { since, caseId }]));
}

/** Answers on a scale that were sent since then, the last response of each customer first. */
export async function scaleAnswers(db: Db, ids: string[], { moment }: AsOf, from: string) {
  return await db
    .selectFrom('response as r')
    .innerJoin('answer as a', 'a.response_id', 'r.id')
    .select(['r.customer_id', 'r.id', 'r.submitted_at', 'r.questionnaire_version_id', 'a.question_key', 'a.value'])
    .where('r.customer_id', 'in', ids)
    .where('r.submitted_at', '>=', from)
    .where('r.submitted_at', '<=', moment)
    .where('a.kind', '=', 'scale')
    .orderBy('r.submitted_at', 'desc')
    .orderBy('r.id', 'desc')
    .execute();
}

/** What colleagues have reported since then and what has not been put right. */
export async function alertsOf(db: Db, ids: string[], { moment }: AsOf, from: string) {
  const rows = await db
    .selectFrom('alert')
    .select(['customer_id', 'case_id', 'created_at'])
    .where('customer_id', 'in', ids)
    .where('created_at', '>=', from)
    .where('created_at', '<=', moment)
    .where(sql<boolean>`(credited_at is null or credited_at > ${moment})`)
    .orderBy('created_at')
    .execute();
  const found = new Map<string, { count: number; on: string; caseId: string }>();
  for (const { customer_id, case_id, created_at } of rows) {
    const id = customer_id ?? '';
    found.set(id, { count: (found.get(id)?.count ?? 0) + 1, on: created_at.slice(0, 10), caseId: case_id });
  }
  return found;
}

/** The chance that they still buy, where it was worked out. */
export async function aliveOf(db: Db, ids: string[]): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('customer_value')
    .select(['customer_id', 'alive'])
    .where('customer_id', 'in', ids)
    .where('alive', 'is not', null)
    .execute();
  return new Map(rows.map((row) => [row.customer_id, row.alive ?? 1]));
}

/** The first purchase of each after a day, by customer and day. */
export async function boughtAfter(db: Db, ids: string[], from: string) {
  return await db
    .selectFrom('purchase')
    .select(['customer_id', 'purchased_on'])
    .where('customer_id', 'in', ids)
    .where('purchased_on', '>', from)
    .where('amount_minor', '>', 0)
    .groupBy(['customer_id', 'purchased_on'])
    .orderBy('purchased_on')
    .execute();
}

/** When they left, where a person or an import said so. */
export async function leavingDays(db: Db, ids: string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('customer')
    .select(['id', 'left_on'])
    .where('id', 'in', ids)
    .where('left_on', 'is not', null)
    .execute();
  return new Map(rows.map((row) => [row.id, row.left_on ?? '']));
}

/** Whether anything was bought up to a day. */
export async function boughtBefore(db: Db, day: string): Promise<boolean> {
  const query = db.selectFrom('purchase').select('id').where('purchased_on', '<=', day).limit(1);
  return (await query.executeTakeFirst()) !== undefined;
}

export interface LeftRow {
  id: string;
  left_on: string | null;
  worth_minor: number;
}

/** Who left last. */
export async function leftLately(db: Db, since: string, limit: number): Promise<LeftRow[]> {
  return await db
    .selectFrom('customer')
    .select(['id', 'left_on', 'worth_minor'])
    .where('status', '=', 'left')
    .where('left_on', '>=', since)
    .orderBy('left_on', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}
