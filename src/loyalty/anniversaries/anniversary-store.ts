import type { Db, Schema, Tx } from '../../storage/index.ts';

export type GreetingRow = Schema['greeting'];

/** Keeps the day of the year by which these customers are found; null where they have none. */
export async function keepDays(tx: Tx, days: { customerId: string; since: string | null }[]): Promise<void> {
  if (days.length === 0) return;
  const ids = days.map(({ customerId }) => customerId);
  await tx.deleteFrom('anniversary_day').where('customer_id', 'in', ids).execute();
  const rows = days.flatMap(({ customerId, since }) =>
    since === null ? [] : [{ customer_id: customerId, month_day: since.slice(5), since }],
  );
  if (rows.length > 0) await tx.insertInto('anniversary_day').values(rows).execute();
}

/** Who has their day then, by id. `ungreeted`: whom nobody has greeted in that year. */
export async function whoseDay(
  db: Db,
  { monthDays, ungreetedIn }: { monthDays: string[]; ungreetedIn?: number },
  after: string,
  limit: number,
): Promise<{ customerId: string; since: string }[]> {
  let query = db
    .selectFrom('anniversary_day')
    .select(['anniversary_day.customer_id', 'since'])
    .where('month_day', 'in', monthDays)
    .where('anniversary_day.customer_id', '>', after);
  if (ungreetedIn !== undefined) {
    query = query.where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('greeting')
            .select('greeting.id')
            .whereRef('greeting.customer_id', '=', 'anniversary_day.customer_id')
            .where('greeting.year', '=', ungreetedIn),
        ),
      ),
    );
  }
  const rows = await query.orderBy('anniversary_day.customer_id').limit(limit).execute();
  return rows.map((row) => ({ customerId: row.customer_id, since: row.since }));
}

export async function sinceOf(db: Db, customerId: string): Promise<string | undefined> {
  const query = db.selectFrom('anniversary_day').select('since').where('customer_id', '=', customerId);
  return (await query.executeTakeFirst())?.since;
}

/** @returns whether this year had none yet: one a year, whoever looks at the same moment */
export async function insertGreeting(tx: Tx, row: GreetingRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('greeting')
    .values(row)
    .onConflict((oc) => oc.columns(['customer_id', 'year']).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** What comes with a card. */
export async function encloseIn(
  tx: Tx,
  id: string,
  enclosed: { reward: string; offer_given_id?: string },
): Promise<void> {
  await tx.updateTable('greeting').set(enclosed).where('id', '=', id).execute();
}

export async function findGreetings(db: Db, ids: string[]): Promise<GreetingRow[]> {
  if (ids.length === 0) return [];
  return await db.selectFrom('greeting').selectAll().where('id', 'in', ids).execute();
}

/** The newest first. */
export async function greetingsOf(db: Db, customerId: string, limit: number): Promise<GreetingRow[]> {
  const query = db.selectFrom('greeting').selectAll().where('customer_id', '=', customerId);
  return await query.orderBy('year', 'desc').limit(limit).execute();
}

/** By customer, what has become of their greeting of that year. */
export async function statesIn(
  db: Db,
  year: number,
  customerIds: string[],
): Promise<Map<string, GreetingRow['state']>> {
  if (customerIds.length === 0) return new Map();
  const query = db.selectFrom('greeting').select(['customer_id', 'state']).where('customer_id', 'in', customerIds);
  return new Map((await query.where('year', '=', year).execute()).map((row) => [row.customer_id, row.state]));
}

/** @returns those that were in one of these states */
export async function moveGreetings(
  tx: Tx,
  ids: string[],
  from: GreetingRow['state'][],
  change: Partial<Pick<GreetingRow, 'state' | 'settled_at' | 'account_id' | 'reason'>>,
): Promise<GreetingRow[]> {
  if (ids.length === 0) return [];
  return await tx
    .updateTable('greeting')
    .set(change)
    .where('id', 'in', ids)
    .where('state', 'in', from)
    .returningAll()
    .execute();
}

/** Greetings of these customers that have not left: mails in the outbox, or cards to write. */
export async function waitingGreetings(db: Db, customerIds: string[], state: 'queued' | 'to_write'): Promise<string[]> {
  if (customerIds.length === 0) return [];
  const query = db.selectFrom('greeting').select('id').where('customer_id', 'in', customerIds);
  return (await query.where('state', '=', state).execute()).map(({ id }) => id);
}

/** Cards that are to be written, by the day on which they should be there; after 'DAY ID'. */
export async function cardsToWrite(
  db: Db,
  after: { onDay: string; id: string } | null,
  limit: number,
): Promise<GreetingRow[]> {
  let query = db.selectFrom('greeting').selectAll().where('state', '=', 'to_write');
  if (after) {
    query = query
      .where('on_day', '>=', after.onDay)
      .where((is) => is.or([is('on_day', '>', after.onDay), is('id', '>', after.id)]));
  }
  return await query.orderBy('on_day').orderBy('id').limit(limit).execute();
}

/** Cards that were noted as posted, for days since that one, the newest day first. */
export async function postedCards(db: Db, since: string, limit: number): Promise<GreetingRow[]> {
  return await db
    .selectFrom('greeting')
    .selectAll()
    .where('state', '=', 'written')
    .where('on_day', '>=', since)
    .orderBy('on_day', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** What was greeted lately, the newest day first; whoever still waits for a card was not. */
export async function latestGreetings(db: Db, limit: number): Promise<GreetingRow[]> {
  return await db
    .selectFrom('greeting')
    .selectAll()
    .where('state', '<>', 'to_write')
    .orderBy('on_day', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export async function findWays(db: Db, customerIds: string[]): Promise<Map<string, 'post' | 'mail'>> {
  if (customerIds.length === 0) return new Map();
  const rows = await db.selectFrom('greeting_way').selectAll().where('customer_id', 'in', customerIds).execute();
  return new Map(rows.map((row) => [row.customer_id, row.way]));
}

export async function saveWay(tx: Tx, row: Schema['greeting_way']): Promise<void> {
  const { customer_id: _, ...change } = row;
  await tx
    .insertInto('greeting_way')
    .values(row)
    .onConflict((oc) => oc.column('customer_id').doUpdateSet(change))
    .execute();
}
