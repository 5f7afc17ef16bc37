import { othersFirst } from '../../shared/others-first.ts';
import type { Db, Tx } from '../../storage/index.ts';
import { FIELDS } from './filter.ts';
import { fieldsOf, KINDS, type Field, type Kind, type SpanSums } from './folding.ts';
import { addItems } from './items-store.ts';
import type { ItemRow } from './places.ts';
import { inParts } from './rows.ts';
import { sumsIn } from './span-store.ts';
import { COUNTED, keepState } from './state-store.ts';
import { written } from './sums.ts';

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

/** Puts the counts of a day in the place of those before. */
export async function replaceDay(
  tx: Tx,
  day: string,
  { spans, items, version }: { spans: SpanSums[]; items: readonly ItemRow[]; version: string },
): Promise<void> {
  await addItems(tx, items);
  await replaceSpan(tx, `d${day}`, spans);
  const month = day.slice(0, 7);
  await keepState(tx, `${MONTH}${month}`, month);
  await keepState(tx, COUNTED, version);
}

/** The notes that asked for days which are counted now. */
export async function forgetNews(tx: Tx, news: string[]): Promise<void> {
  for (const ids of inParts(news)) await tx.deleteFrom('satisfaction_news').where('id', 'in', ids).execute();
}

async function replaceSpan(tx: Tx, span: string, spans: SpanSums[]): Promise<void> {
  for (const kind of KINDS)
    await tx.deleteFrom('satisfaction_sum').where('kind', '=', kind).where('span', '=', span).execute();
  for (const some of inParts(spans, SPANS_AT_ONCE))
    await tx
      .insertInto('satisfaction_sum')
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
  for (const kind of KINDS)
    for (const field of fieldsOf(kind, ['', ...FIELDS])) {
      for (const value of await valuesIn(db, kind, field, month)) {
        const sums = await sumsIn(db, kind, [{ from: `d${month}-01`, to: `d${month}-31` }], { field, value });
        spans.push({ kind, field, value, sums: written(sums) });
        await othersFirst();
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

/** The values of a field of which something was counted in a month. */
async function valuesIn(db: Db, kind: Kind, field: Field, month: string): Promise<string[]> {
  const rows = await db
    .selectFrom('satisfaction_sum')
    .select('value')
    .distinct()
    .where('kind', '=', kind)
    .where('field', '=', field)
    .where('span', '>=', `d${month}-01`)
    .where('span', '<=', `d${month}-31`)
    .execute();
  return rows.map((row) => row.value);
}
