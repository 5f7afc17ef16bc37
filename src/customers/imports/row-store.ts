import type { CellError } from '../import/index.ts';
import type { Db, Schema, Tx } from '../../storage/index.ts';

type State = Schema['import_row']['state'];

/** A row that waits to be imported. `row` is the spreadsheet's number. */
export interface WaitingRow {
  row: number;
  state: 'new' | 'update';
  data: object;
  /** As the file has them; for customers only where there is something to say about one, and only that. */
  cells: string[];
  /** What is to be said about it, though it is taken. */
  errors: CellError[];
}

/** A row that is taken, with something to be said about it. */
export interface RemarkedRow {
  row: number;
  cells: string[];
  remarks: CellError[];
}

export interface BadRow {
  row: number;
  state: 'bad';
  cells: string[];
  errors: CellError[];
}

export interface ImportedRow {
  row: number;
  data: object;
  recordId: string;
  before: object | null;
  revisionAfter: number | null;
}

// These rows are written and read by nobody else, and there are a hundred thousand of them: they are not parsed by a
// schema again.
const packed = (row: WaitingRow | BadRow) =>
  row.state === 'bad' ? { cells: row.cells } : { data: row.data, cells: row.cells };

export async function insertRows(tx: Tx, importId: string, rows: (WaitingRow | BadRow)[]): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map((row) => ({
    import_id: importId,
    row_number: row.row,
    state: row.state,
    data: JSON.stringify(packed(row)),
    errors: JSON.stringify(row.errors),
  }));
  await tx.insertInto('import_row').values(values).execute();
}

async function rowsIn(db: Db, importId: string, state: State, after: number, limit: number) {
  return await db
    .selectFrom('import_row')
    .selectAll()
    .where('import_id', '=', importId)
    .where('state', '=', state)
    .where('row_number', '>', after)
    .orderBy('row_number')
    .limit(limit)
    .execute();
}

/** The next that wait: first the new ones, then the updates. */
export async function waitingRows(db: Db, importId: string, limit: number): Promise<WaitingRow[]> {
  for (const state of ['new', 'update'] as const) {
    const rows = await rowsIn(db, importId, state, 0, limit);
    if (rows.length > 0)
      return rows.map(({ row_number: row, data, errors }) => ({
        row,
        state,
        errors: JSON.parse(errors) as CellError[],
        ...(JSON.parse(data) as Pick<WaitingRow, 'data' | 'cells'>),
      }));
  }
  return [];
}

/** In the file's order, after that row. */
export async function badRows(db: Db, importId: string, after: number, limit: number): Promise<BadRow[]> {
  const rows = await rowsIn(db, importId, 'bad', after, limit);
  return rows.map(({ row_number: row, data, errors }) => ({
    row,
    state: 'bad',
    errors: JSON.parse(errors) as CellError[],
    cells: (JSON.parse(data) as { cells: string[] }).cells,
  }));
}

const TAKEN: State[] = ['new', 'update', 'imported', 'same'];

const remarked = (db: Db, importId: string) =>
  db.selectFrom('import_row').where('import_id', '=', importId).where('state', 'in', TAKEN).where('errors', '!=', '[]');

/** In the file's order, the first of them. */
export async function remarkedRows(db: Db, importId: string, limit: number): Promise<RemarkedRow[]> {
  const rows = await remarked(db, importId).selectAll().orderBy('row_number').limit(limit).execute();
  return rows.map(({ row_number: row, data, errors }) => ({
    row,
    remarks: JSON.parse(errors) as CellError[],
    cells: (JSON.parse(data) as { cells: string[] }).cells,
  }));
}

export async function countRemarked(db: Db, importId: string): Promise<number> {
  const { count } = await remarked(db, importId)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function importedRows(
  db: Db,
  importId: string,
  state: 'imported' | 'kept',
  after: number,
  limit: number,
): Promise<ImportedRow[]> {
  const rows = await rowsIn(db, importId, state, after, limit);
  return rows.map((row) => ({
    row: row.row_number,
    data: (JSON.parse(row.data) as { data: object }).data,
    recordId: row.record_id ?? '',
    before: row.before === null ? null : (JSON.parse(row.before) as object),
    revisionAfter: row.revision_after,
  }));
}

export interface Mark {
  row: number;
  state: 'imported' | 'same' | 'bad';
  recordId: string | null;
  before: object | null;
  revisionAfter: number | null;
  errors: CellError[];
}

/** Notes what became of rows that waited; says how many did. Fewer than given: somebody else has them done already. */
export async function markWritten(tx: Tx, importId: string, marks: Mark[]): Promise<number> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('import_row')
    .values(
      marks.map((mark) => ({
        import_id: importId,
        row_number: mark.row,
        state: mark.state,
        data: '',
        errors: JSON.stringify(mark.errors),
        record_id: mark.recordId,
        before: mark.before && JSON.stringify(mark.before),
        revision_after: mark.revisionAfter,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['import_id', 'row_number'])
        .doUpdateSet((eb) => ({
          state: eb.ref('excluded.state'),
          errors: eb.ref('excluded.errors'),
          record_id: eb.ref('excluded.record_id'),
          before: eb.ref('excluded.before'),
          revision_after: eb.ref('excluded.revision_after'),
        }))
        .where('import_row.state', 'in', ['new', 'update']),
    )
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows ?? 0n);
}

/** How many of these were imported and have now been undone, or kept. */
export async function markReverted(
  tx: Tx,
  importId: string,
  rows: number[],
  state: 'undone' | 'kept',
): Promise<number> {
  if (rows.length === 0) return 0;
  const { numUpdatedRows } = await tx
    .updateTable('import_row')
    .set({ state })
    .where('import_id', '=', importId)
    .where('row_number', 'in', rows)
    .where('state', '=', 'imported')
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** Whether there were any. */
export async function deleteSomeRows(tx: Tx, importId: string, limit: number): Promise<boolean> {
  const some = tx.selectFrom('import_row').select('row_number').where('import_id', '=', importId).limit(limit);
  const query = tx.deleteFrom('import_row').where('import_id', '=', importId).where('row_number', 'in', some);
  return (await query.executeTakeFirstOrThrow()).numDeletedRows > 0n;
}
