import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { prepared, preparedRows, type Db, type Tx } from '../storage/index.ts';
import type { Counts } from './rules.ts';

const IDS_AT_ONCE = 500;

const addNews = preparedRows<{ id: string; wave_id: string }>()((db, rows) => db.insertInto('wave_news').values(rows));

/** To be called in the transaction in which deliveries or progress in these waves change, or somebody is added. */
export async function noteCounts(tx: Tx, waveIds: Iterable<string>): Promise<void> {
  await addNews(
    tx,
    Array.from(new Set(waveIds), (wave_id) => ({ id: randomUUID(), wave_id })),
  );
}

const addNewsOf = prepared<{ news: string; id: string }>()((db, p) =>
  db
    .insertInto('wave_news')
    .columns(['id', 'wave_id'])
    .expression((from) =>
      from
        .selectFrom('invitation')
        .select([sql<string>`cast(${p.news} as text)`.as('id'), 'wave_id'])
        .where('id', '=', p.id),
    ),
);

/** The same for the wave of an invitation. */
export async function noteCountsOf(tx: Tx, invitationId: string): Promise<void> {
  await addNewsOf(tx, { news: randomUUID(), id: invitationId });
}

/** Of these waves the counts that are kept and still hold. */
export async function keptCounts(db: Db, waveIds: string[]): Promise<Map<string, Counts>> {
  const rows = await db
    .selectFrom('wave_count')
    .select(['wave_id', 'counts'])
    .where('wave_id', 'in', waveIds)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('wave_news').select('id').whereRef('wave_news.wave_id', '=', 'wave_count.wave_id'))),
    )
    .execute();
  return new Map(rows.map((row) => [row.wave_id, JSON.parse(row.counts) as Counts]));
}

/** Waves that are over and whose counts are not kept, or not since then and have changed. */
export async function wavesToCount(db: Db, since: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('wave')
    .leftJoin('wave_count', 'wave_count.wave_id', 'wave.id')
    .select('wave.id')
    .where('wave.state', 'in', ['finished', 'stopped'])
    .where(({ or, and, eb, exists, selectFrom }) =>
      or([
        eb('wave_count.wave_id', 'is', null),
        and([
          eb('wave_count.counted_at', '<', since),
          exists(selectFrom('wave_news').select('wave_news.id').whereRef('wave_news.wave_id', '=', 'wave.id')),
        ]),
      ]),
    )
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** What has changed in a wave; to be read before it is counted. */
export async function newsOf(db: Db, waveId: string): Promise<string[]> {
  const rows = await db.selectFrom('wave_news').select('id').where('wave_id', '=', waveId).execute();
  return rows.map(({ id }) => id);
}

/** @param news what the counts are not older than */
export async function keepCounts(
  tx: Tx,
  waveId: string,
  { counts, news, now }: { counts: Counts; news: string[]; now: string },
): Promise<void> {
  const kept = { counts: JSON.stringify(counts), counted_at: now };
  await tx
    .insertInto('wave_count')
    .values({ wave_id: waveId, ...kept })
    .onConflict((on) => on.column('wave_id').doUpdateSet(kept))
    .execute();
  for (let start = 0; start < news.length; start += IDS_AT_ONCE)
    await tx
      .deleteFrom('wave_news')
      .where('id', 'in', news.slice(start, start + IDS_AT_ONCE))
      .execute();
}
