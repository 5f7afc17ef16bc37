import { sql } from 'kysely';
import { prepared, preparedList, preparedRows, type Db, type Schema, type Tx } from '../../storage/index.ts';
import type { Period } from '../rules.ts';
import type { Plan, Stamped } from './spans.ts';

const ROWS_AT_ONCE = 200;
/** Under this stands which months are summed up, each with a stamp that no other summing up of it has. */
export const MONTHS = 'months';

const readMonths = prepared<{ from: string; to: string }>()((db, p) =>
  db
    .selectFrom('leaver_span')
    .select(['span', 'sums as stamp'])
    .where('field', '=', MONTHS)
    .where('span', '>=', p.from)
    .where('span', '<=', p.to),
);

const readStale = prepared<{ from: string; to: string }>()((db, p) =>
  db.selectFrom('leaver_stale').select('day').distinct().where('day', '>=', p.from).where('day', '<=', p.to),
);

const leftSince = (db: Db, table: 'leaver' | 'customer_return', p: { after: string; to: string }) =>
  db.selectFrom(table).select('left_on').where('left_on', '>', p.after).where('left_on', '<=', p.to);

const readLater = prepared<{ after: string; to: string }>()((db, p) =>
  leftSince(db, 'leaver', p)
    .unionAll(leftSince(db, 'customer_return', p))
    .limit(sql.lit(1)),
);

/** Which months are summed up, on which days something has changed since, and whether the last of them is over in effect. */
export async function summedIn(db: Db, { from, to }: Period): Promise<Stamped> {
  const [first, last] = [from.slice(0, 7), to.slice(0, 7)];
  const months = await readMonths(db, { from: first, to });
  const days = await readStale(db, { from: `${first}-01`, to: `${last}-31` });
  const later = await readLater(db, { after: to, to: `${last}-31` });
  return {
    months: new Set(months.rows.map(({ span }) => span)),
    stamps: new Map(months.rows.map(({ span, stamp }) => [span, stamp])),
    stale: new Set(days.rows.map(({ day }) => day)),
    until: later.rows.length === 0 ? to : undefined,
  };
}

interface Wanted {
  field: string;
  spans: string[];
  /** All of the field's where none are named. */
  values?: string[] | undefined;
}

/** The sums of these spans, without their strata. */
export async function sumsOf(db: Db, { field, spans, values }: Wanted) {
  if (spans.length === 0) return [];
  const query = db
    .selectFrom('leaver_span')
    .select(['span', 'value', 'sums'])
    .where('field', '=', field)
    .where('span', 'in', spans);
  return await (values === undefined ? query : query.where('value', 'in', values)).execute();
}

/** The same with their strata. */
export async function wholeSumsOf(db: Db, { field, spans, values }: Wanted) {
  if (spans.length === 0) return [];
  const query = db
    .selectFrom('leaver_span')
    .select(['span', 'value', 'sums', 'strata'])
    .where('field', '=', field)
    .where('span', 'in', spans);
  return await (values === undefined ? query : query.where('value', 'in', values)).execute();
}

/** These spans by all that a filter can ask for, and by a field besides. */
export async function groupsOf(db: Db, field: string, spans: string[]): Promise<GroupRow[]> {
  if (spans.length === 0) return [];
  const query = db.selectFrom('leaver_alike').selectAll().where('field', '=', field);
  return await query.where('span', 'in', spans).execute();
}

export type GroupRow = Schema['leaver_alike'];

/** Puts these in place of whatever stood for the spans. */
export async function replaceGroups(
  tx: Tx,
  fields: readonly string[],
  spans: readonly string[],
  rows: GroupRow[],
): Promise<void> {
  await tx.deleteFrom('leaver_alike').where('field', 'in', fields).where('span', 'in', spans).execute();
  if (rows.length > 0) await tx.insertInto('leaver_alike').values(rows).execute();
}

/** How many leavers have each value of a field in what is summed up of a plan; the sums themselves are not read. */
export async function sizesOf(db: Db, field: string, { spans, less }: Plan): Promise<Map<string, number>> {
  const sizes = await sizesIn(db, field, spans);
  for (const [value, leavers] of await sizesIn(db, field, less)) sizes.set(value, (sizes.get(value) ?? 0) - leavers);
  for (const [value, leavers] of sizes) if (leavers <= 0) sizes.delete(value);
  return sizes;
}

async function sizesIn(db: Db, field: string, spans: string[]): Promise<Map<string, number>> {
  if (spans.length === 0) return new Map();
  const rows = await db
    .selectFrom('leaver_span')
    .select(['value', ({ fn }) => fn.sum<number>('leavers').as('leavers')])
    .where('field', '=', field)
    .where('span', 'in', spans)
    .groupBy('value')
    .execute();
  return new Map(rows.map(({ value, leavers }) => [value, Number(leavers)]));
}

export interface SpanRow {
  field: string;
  span: string;
  value: string;
  leavers: number;
  sums: string;
  strata: string;
}

/** Puts these in place of whatever stood for the spans. */
export async function replaceSpans(
  tx: Tx,
  fields: readonly string[],
  spans: readonly string[],
  rows: SpanRow[],
): Promise<void> {
  await tx.deleteFrom('leaver_span').where('field', 'in', fields).where('span', 'in', spans).execute();
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    await tx
      .insertInto('leaver_span')
      .values(rows.slice(start, start + ROWS_AT_ONCE))
      .execute();
  }
}

/** Nothing is summed up any more. */
export async function dropSpans(tx: Tx): Promise<void> {
  await tx.deleteFrom('leaver_span').where('field', '=', MONTHS).execute();
}

const insertStale = preparedRows<{ id: string; day: string }>()((db, rows) =>
  db.insertInto('leaver_stale').values(rows),
);

export async function markStale(tx: Tx, rows: { id: string; day: string }[]): Promise<void> {
  await insertStale(tx, rows);
}

export async function staleRows(db: Db, limit: number): Promise<{ id: string; day: string }[]> {
  return await db.selectFrom('leaver_stale').selectAll().orderBy('id').limit(limit).execute();
}

export async function forgetStale(tx: Tx, ids: string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += ROWS_AT_ONCE)
    await tx
      .deleteFrom('leaver_stale')
      .where('id', 'in', ids.slice(start, start + ROWS_AT_ONCE))
      .execute();
}

const readDays = preparedList()((db, ids) =>
  db
    .selectFrom('leaver')
    .select('left_on')
    .where('customer_id', 'in', ids)
    .union(db.selectFrom('customer_return').select('left_on').where('customer_id', 'in', ids)),
);

/** The days on which these customers left, as the report has it, those who have come back since too. */
export async function daysLeft(tx: Tx, customerIds: string[]): Promise<string[]> {
  const { rows } = await readDays(tx, customerIds);
  return rows.map((row) => row.left_on);
}

/** The first and the last day on which anybody left. */
export async function firstAndLast(db: Db): Promise<Period | undefined> {
  const days: string[] = [];
  for (const table of ['leaver', 'customer_return'] as const) {
    const first = db.selectFrom(table).select('left_on').orderBy('left_on').limit(1);
    const last = db.selectFrom(table).select('left_on').orderBy('left_on', 'desc').limit(1);
    days.push(...(await first.execute()).map((row) => row.left_on));
    days.push(...(await last.execute()).map((row) => row.left_on));
  }
  const [from, to] = [days.sort()[0], days.at(-1)];
  return from === undefined || to === undefined ? undefined : { from, to };
}
