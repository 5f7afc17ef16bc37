import type { Db, Tx } from '../../storage/index.ts';

/** Programmes whose answers the engine has read through by a newer model than was counted, with that model's turn. */
export async function turnsOfProgrammes(db: Db): Promise<{ programmeId: string; turn: number }[]> {
  const rows = await db
    .selectFrom('engine_model')
    .select(['programme_id', 'turn'])
    .where('state', '=', 'in_use')
    .execute();
  return rows.map((row) => ({ programmeId: row.programme_id, turn: row.turn }));
}

export async function anyUnread(db: Db, programmeId: string, turn: number): Promise<boolean> {
  const found = await db
    .selectFrom('coding_task')
    .select('response_id')
    .where('programme_id', '=', programmeId)
    .where('engine_turn', '<', turn)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** Under this stands another word whenever something was counted anew. */
export const COUNTED = 'counted';

export async function stateOf(db: Db, name: string): Promise<string | undefined> {
  const row = await db.selectFrom('satisfaction_state').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value;
}

export async function keepState(tx: Tx, name: string, value: string): Promise<void> {
  await tx
    .insertInto('satisfaction_state')
    .values({ name, value })
    .onConflict((on) => on.column('name').doUpdateSet({ value }))
    .execute();
}
