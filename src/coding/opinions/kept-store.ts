import { z } from 'zod';
import type { Db, Tx } from '../../storage/index.ts';
import type { Group } from './fields.ts';
import type { ModelName } from './model-name.ts';

/** A piece of a model as it is kept, as text (base64). */
interface KeptPart {
  part: number;
  parts: number;
  groups: Group[];
  content: string;
}

const groupsSchema = z.array(z.string().nullable());

/** How often what was learned in a programme had to be forgotten. */
export async function timesForgotten(db: Db, programmeId: string): Promise<number> {
  const row = await db
    .selectFrom('engine_memory')
    .select('forgotten')
    .where('programme_id', '=', programmeId)
    .executeTakeFirst();
  return row?.forgotten ?? 0;
}

/** Whoever keeps or forgets passes here first. False where something was forgotten since. */
export async function lockMemory(tx: Tx, programmeId: string, forgotten: number): Promise<boolean> {
  await tx
    .insertInto('engine_memory')
    .values({ programme_id: programmeId, forgotten: 0 })
    .onConflict((on) => on.doNothing())
    .execute();
  const { numUpdatedRows } = await tx
    .updateTable('engine_memory')
    .set({ forgotten })
    .where('programme_id', '=', programmeId)
    .where('forgotten', '=', forgotten)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Whatever was kept of a programme goes, and who is learning just now does not keep it. */
export async function forget(tx: Tx, programmeId: string): Promise<void> {
  await tx
    .insertInto('engine_memory')
    .values({ programme_id: programmeId, forgotten: 1 })
    .onConflict((on) =>
      on.column('programme_id').doUpdateSet((eb) => ({ forgotten: eb('engine_memory.forgotten', '+', 1) })),
    )
    .execute();
  await removeKept(tx, programmeId);
}

/** Of all turns of a programme. */
export async function removeKept(tx: Tx, programmeId: string): Promise<void> {
  await tx.deleteFrom('engine_kept').where('programme_id', '=', programmeId).execute();
}

export async function addPart(tx: Tx, { programmeId, turn }: ModelName, { groups, ...part }: KeptPart): Promise<void> {
  await tx
    .insertInto('engine_kept')
    .values({ programme_id: programmeId, turn, groups: JSON.stringify(groups), ...part })
    .execute();
}

export async function partOf(db: Db, { programmeId, turn }: ModelName, part: number): Promise<KeptPart | undefined> {
  const row = await db
    .selectFrom('engine_kept')
    .select(['part', 'parts', 'groups', 'content'])
    .where('programme_id', '=', programmeId)
    .where('turn', '=', turn)
    .where('part', '=', part)
    .executeTakeFirst();
  return row && { ...row, groups: groupsSchema.parse(JSON.parse(row.groups)) };
}
