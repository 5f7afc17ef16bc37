import { prepared, type Db } from '../../storage/index.ts';
import type { Place } from './filter.ts';
import type { Kind } from './folding.ts';
import { addWritten } from './packed.ts';
import type { SpanRange } from './spans.ts';
import type { Sums } from './sums.ts';

/** What was counted in these spans; a range of the primary key for each. */
export async function sumsIn(db: Db, kind: Kind, spans: SpanRange[], place: Place): Promise<Sums> {
  const sums: Sums = new Map();
  for (const span of spans) for (const row of await rowsIn(db, kind, span, place)) addWritten(sums, row.sums);
  return sums;
}

/** The same by month ('2026-11'). */
export async function sumsByMonth(db: Db, kind: Kind, months: SpanRange, place: Place): Promise<Map<string, Sums>> {
  const byMonth = new Map<string, Sums>();
  for (const row of await rowsIn(db, kind, months, place)) {
    const sums: Sums = new Map();
    addWritten(sums, row.sums);
    byMonth.set(row.span.slice(1), sums);
  }
  return byMonth;
}

const rowsIn = async (db: Db, kind: Kind, span: SpanRange, place: Place) =>
  (await readRows(db, { kind, ...place, ...span })).rows;

const readRows = prepared<{ kind: Kind } & Place & SpanRange>()((db, p) =>
  db
    .selectFrom('satisfaction_total')
    .select(['span', 'sums'])
    .where('kind', '=', p.kind)
    .where('field', '=', p.field)
    .where('value', '=', p.value)
    .where('span', '>=', p.from)
    .where('span', '<=', p.to),
);
