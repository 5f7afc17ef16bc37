import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Db, Schema, Tx } from '../../storage/index.ts';

const figuresSchema = z.object({
  /** Micro-F1 by cross-validation on everything it learned from; null below ten answers. */
  micro: z.number().nullable(),
  /** On the answers coded since the model before: how that one did, and how this one, which had not seen them either. */
  compared: z
    .object({ answers: z.number(), before: z.number(), after: z.number(), error: z.number().default(0) })
    .nullable(),
});

export type ModelFigures = z.infer<typeof figuresSchema>;

export interface EngineModel {
  id: string;
  programmeId: string;
  turn: number;
  state: 'in_use' | 'past' | 'declined';
  revision: number;
  learnedUntil: string;
  answers: number;
  figures: ModelFigures;
  accountId: string | null;
  createdAt: string;
}

const toModel = (row: Selectable<Schema['engine_model']>): EngineModel => ({
  id: row.id,
  programmeId: row.programme_id,
  turn: row.turn,
  state: row.state,
  revision: row.codebook_revision,
  learnedUntil: row.learned_until,
  answers: row.answers,
  figures: figuresSchema.parse(JSON.parse(row.figures)),
  accountId: row.account_id,
  createdAt: row.created_at,
});

export async function modelInUse(db: Db, programmeId: string): Promise<EngineModel | undefined> {
  const row = await db
    .selectFrom('engine_model')
    .selectAll()
    .where('programme_id', '=', programmeId)
    .where('state', '=', 'in_use')
    .executeTakeFirst();
  return row && toModel(row);
}

/** The newest first. */
export async function models(db: Db, programmeId: string, limit: number): Promise<EngineModel[]> {
  const rows = await db
    .selectFrom('engine_model')
    .selectAll()
    .where('programme_id', '=', programmeId)
    .orderBy('turn', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toModel);
}

export async function modelAt(db: Db, programmeId: string, turn: number): Promise<EngineModel | undefined> {
  const row = await db
    .selectFrom('engine_model')
    .selectAll()
    .where('programme_id', '=', programmeId)
    .where('turn', '=', turn)
    .executeTakeFirst();
  return row && toModel(row);
}

/** One that is put in use takes the place of the one that is; false where another process was faster. */
export async function addModel(tx: Tx, { figures, ...model }: EngineModel): Promise<boolean> {
  if (model.state === 'in_use') {
    await tx
      .updateTable('engine_model')
      .set({ state: 'past' })
      .where('programme_id', '=', model.programmeId)
      .where('state', '=', 'in_use')
      .where('turn', '<', model.turn)
      .execute();
  }
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('engine_model')
    .values({
      id: model.id,
      programme_id: model.programmeId,
      turn: model.turn,
      state: model.state,
      codebook_revision: model.revision,
      learned_until: model.learnedUntil,
      answers: model.answers,
      figures: JSON.stringify(figures),
      account_id: model.accountId,
      created_at: model.createdAt,
    })
    .onConflict((on) => on.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}
