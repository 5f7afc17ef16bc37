import { prepared, preparedList, type Db, type Tx } from '../storage/index.ts';
import type { Counts } from './rules.ts';

const noteAll = preparedList()((db, waveIds) =>
  db.updateTable('wave_count').set({ has_changed: 1 }).where('wave_id', 'in', waveIds).where('has_changed', '=', 0),
);

/** To be called in the transaction in which deliveries or progress in these waves change, or somebody is added. */
export async function noteCounts(tx: Tx, waveIds: Iterable<string>): Promise<void> {
  await noteAll(tx, [...new Set(waveIds)]);
}

/** The same for the wave of an invitation. */
export const noteCountsOf = prepared<{ id: string }>()((db, p) =>
  db
    .updateTable('wave_count')
    .set({ has_changed: 1 })
    .where('wave_id', '=', (of) => of.selectFrom('invitation').select('wave_id').where('id', '=', p.id))
    .where('has_changed', '=', 0),
);

/** Of these waves the counts that are kept and still hold. */
export async function keptCounts(db: Db, waveIds: string[]): Promise<Map<string, Counts>> {
  const rows = await db
    .selectFrom('wave_count')
    .select(['wave_id', 'counts'])
    .where('wave_id', 'in', waveIds)
    .where('counts', 'is not', null)
    .where('has_changed', '=', 0)
    .$narrowType<{ counts: string }>()
    .execute();
  return new Map(rows.map((row) => [row.wave_id, JSON.parse(row.counts) as Counts]));
}

/** Waves that are over and not followed, or have changed and are followed since before that moment. */
export async function wavesToFollow(db: Db, before: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('wave')
    .leftJoin('wave_count', 'wave_count.wave_id', 'wave.id')
    .select('wave.id')
    .where('wave.state', 'in', ['finished', 'stopped'])
    .where(({ or, and, eb }) =>
      or([
        eb('wave_count.wave_id', 'is', null),
        and([eb('wave_count.has_changed', '=', 1), eb('wave_count.followed_at', '<', before)]),
      ]),
    )
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** From now on whatever changes in these waves is noted. */
export async function followWaves(tx: Tx, waveIds: string[], now: string): Promise<void> {
  if (waveIds.length === 0) return;
  const anew = { counts: null, has_changed: 0, followed_at: now };
  await tx
    .insertInto('wave_count')
    .values(waveIds.map((wave_id) => ({ wave_id, ...anew })))
    .onConflict((on) => on.column('wave_id').doUpdateSet(anew))
    .execute();
}

/** Waves that are followed since before that moment, did not change meanwhile, and were not counted. */
export async function wavesToCount(db: Db, before: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('wave_count')
    .select('wave_id')
    .where('counts', 'is', null)
    .where('has_changed', '=', 0)
    .where('followed_at', '<', before)
    .limit(limit)
    .execute();
  return rows.map((row) => row.wave_id);
}

/** Unless something changed while it was counted. */
export async function keepCounts(tx: Tx, waveId: string, counts: Counts): Promise<void> {
  await tx
    .updateTable('wave_count')
    .set({ counts: JSON.stringify(counts) })
    .where('wave_id', '=', waveId)
    .where('has_changed', '=', 0)
    .execute();
}
