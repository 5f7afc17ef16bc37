import { othersFirst } from '../../shared/others-first.ts';
import { preparedRows, type Db, type Schema, type Tx } from '../../storage/index.ts';
import { SUMS, type SpanSums, type SumsBy } from './folding.ts';
import { addItems } from './items-store.ts';
import { written } from './packed.ts';
import type { ItemRow } from './places.ts';
import { inParts } from './rows.ts';
import { sumsIn } from './span-store.ts';
import type { SpanRange } from './spans.ts';
import { COUNTED, keepState } from './state-store.ts';

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
  for (const by of SUMS) await removeSums(tx, `d${day}`, by);
  await addSums(tx, `d${day}`, spans);
  const month = day.slice(0, 7);
  await keepState(tx, `${MONTH}${month}`, month);
  await keepState(tx, COUNTED, version);
}

/** The notes that asked for days which are counted now. */
export async function forgetNews(tx: Tx, news: string[]): Promise<void> {
  for (const ids of inParts(news)) await tx.deleteFrom('satisfaction_news').where('id', 'in', ids).execute();
}

async function removeSums(tx: Tx, span: string, { kind, field }: SumsBy): Promise<void> {
  const all = tx.deleteFrom('satisfaction_total').where('kind', '=', kind).where('field', '=', field);
  await all.where('span', '=', span).execute();
}

async function addSums(tx: Tx, span: string, sums: SpanSums[]): Promise<void> {
  for (const some of inParts(sums, SPANS_AT_ONCE))
    await addRows(
      tx,
      some.map((each) => ({ ...each, span })),
    );
}

const addRows = preparedRows<Schema['satisfaction_total']>()((db, rows) =>
  db.insertInto('satisfaction_total').values(rows),
);

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

/** The days of a month summed up by some fields; a value at a time, so that nobody waits for them all. */
export async function sumsOfMonth(db: Db, month: string, { kind, field }: SumsBy): Promise<SpanSums[]> {
  const spans: SpanSums[] = [];
  const days = { from: `d${month}-01`, to: `d${month}-31` };
  for (const value of await valuesIn(db, days, { kind, field })) {
    spans.push({ kind, field, value, sums: written(await sumsIn(db, kind, [days], { field, value })) });
    await othersFirst();
  }
  return spans;
}

/** Puts sums of a month in the place of those before. */
export async function replaceMonth(tx: Tx, month: string, by: SumsBy, sums: SpanSums[]): Promise<void> {
  await removeSums(tx, `m${month}`, by);
  await addSums(tx, `m${month}`, sums);
}

export async function monthIsCounted(tx: Tx, month: string, version: string): Promise<void> {
  await tx.deleteFrom('satisfaction_state').where('name', '=', `${MONTH}${month}`).execute();
  await keepState(tx, COUNTED, version);
}

/** The values of some fields of which something was counted in these days. */
async function valuesIn(db: Db, days: SpanRange, { kind, field }: SumsBy): Promise<string[]> {
  const rows = await db
    .selectFrom('satisfaction_total')
    .select('value')
    .distinct()
    .where('kind', '=', kind)
    .where('field', '=', field)
    .where('span', '>=', days.from)
    .where('span', '<=', days.to)
    .execute();
  return rows.map((row) => row.value);
}
