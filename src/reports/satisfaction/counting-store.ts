import type { Db, Schema, Tx } from '../../storage/index.ts';
import { FIELDS } from './filter.ts';
import type { SpanSums, Tally } from './folding.ts';
import { inParts } from './rows.ts';
import { COUNTED, keepState } from './state-store.ts';
import { addWritten, written, type Sums } from './sums.ts';

/** Begins the names of what is remembered of months. */
const MONTH = 'month ';
/** Rows with the sums of a whole day or month are long. */
const SPANS_AT_ONCE = 20;

/** The earliest days with news, with the ids of the notes. */
export async function newsOf(db: Db, limit: number): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom('satisfaction_news')
    .select(['id', 'on_day'])
    .orderBy('on_day')
    .orderBy('id')
    .limit(limit)
    .execute();
  return new Map(
    Array.from(
      Map.groupBy(rows, (row) => row.on_day),
      ([day, all]) => [day, all.map(({ id }) => id)],
    ),
  );
}

/** Puts the counts of a day in the place of those before; the notes that asked for it go. */
export async function replaceDay(
  tx: Tx,
  day: string,
  { spans, tallies, news, version }: { spans: SpanSums[]; tallies: Tally[]; news: string[]; version: string },
): Promise<void> {
  await replaceSpan(tx, `d${day}`, spans);
  await tx.deleteFrom('satisfaction_tally').where('on_day', '=', day).execute();
  for (const some of inParts(tallies))
    await tx
      .insertInto('satisfaction_tally')
      .values(some.map((tally) => ({ ...tally, on_day: day })))
      .execute();
  for (const ids of inParts(news)) await tx.deleteFrom('satisfaction_news').where('id', 'in', ids).execute();
  const month = day.slice(0, 7);
  await keepState(tx, `${MONTH}${month}`, month);
  await keepState(tx, COUNTED, version);
}

async function replaceSpan(tx: Tx, span: string, spans: SpanSums[]): Promise<void> {
  for (const kind of ['score', 'code'] as const)
    await tx.deleteFrom('satisfaction_span').where('kind', '=', kind).where('span', '=', span).execute();
  for (const some of inParts(spans, SPANS_AT_ONCE))
    await tx
      .insertInto('satisfaction_span')
      .values(some.map((each) => ({ ...each, span })))
      .execute();
}

/** Months ('YYYY-MM') of which a day was counted anew. */
export async function changedMonths(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('satisfaction_state')
    .select('value')
    .where('name', '>=', MONTH)
    .where('name', '<', `${MONTH}9999`)
    .execute();
  return rows.map((row) => row.value);
}

/** The days of a month summed up; a field at a time, so that nobody waits for them all. */
export async function sumsOfMonth(db: Db, month: string): Promise<SpanSums[]> {
  const spans: SpanSums[] = [];
  for (const kind of ['score', 'code'] as const)
    for (const field of ['', ...FIELDS] as const) {
      const byValue = Map.groupBy(await daysIn(db, kind, field, month), ({ value }) => value);
      for (const [value, days] of byValue) {
        const sums: Sums = new Map();
        for (const day of days) addWritten(sums, day.sums);
        spans.push({ kind, field, value, sums: written(sums) });
        await new Promise(setImmediate);
      }
    }
  return spans;
}

/** Puts the sums of a month in the place of those before. */
export async function replaceMonth(
  tx: Tx,
  month: string,
  { spans, version }: { spans: SpanSums[]; version: string },
): Promise<void> {
  await tx.deleteFrom('satisfaction_state').where('name', '=', `${MONTH}${month}`).execute();
  await replaceSpan(tx, `m${month}`, spans);
  await keepState(tx, COUNTED, version);
}

async function daysIn(db: Db, kind: SpanSums['kind'], field: SpanSums['field'], month: string) {
  return await db
    .selectFrom('satisfaction_span')
    .select(['value', 'sums'])
    .where('kind', '=', kind)
    .where('field', '=', field)
    .where('span', '>=', `d${month}-01`)
    .where('span', '<=', `d${month}-31`)
    .execute();
}

/** The codes that stand on the answers of these responses, in the place of those before. */
export async function replaceThemes(
  tx: Tx,
  responseIds: string[],
  themes: Schema['satisfaction_theme'][],
): Promise<void> {
  for (const ids of inParts(responseIds))
    await tx.deleteFrom('satisfaction_theme').where('response_id', 'in', ids).execute();
  for (const some of inParts(themes)) await tx.insertInto('satisfaction_theme').values(some).execute();
}
