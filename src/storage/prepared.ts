import type { Compilable, Kysely, QueryResult } from 'kysely';
import type { Schema } from './schema/index.ts';
import type { Db, Tx } from './storage.ts';

/** Stands for a named parameter while a query is compiled; Kysely takes it for a value. */
class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Makes what runs a statement at once, for an engine whose driver answers synchronously. */
type Runner = (sql: string) => (parameters: unknown[]) => QueryResult<unknown>;

const runners = new WeakMap<object, Runner>();

/** Says that the statements of this handle may go past Kysely's connection handling, which costs more than they do. */
export function runsDirectly(db: Kysely<Schema>, runner: Runner): void {
  runners.set(db.getExecutor().adapter, runner);
}

/**
 * Builds and compiles a query once for each connection; a call only binds. For the few statements on hot paths:
 *   const addAnswer = prepared<AnswerRow>()((db, p) => db.insertInto('answer').values({ value: p.value }))
 *   await addAnswer(tx, { value: 'x' })
 */
export function prepared<P extends object>() {
  return <R>(build: (db: Kysely<Schema>, p: P) => Compilable<R>) => {
    type Run = (db: Tx, values: P) => QueryResult<R> | Promise<QueryResult<R>>;
    const runs = new WeakMap<object, Run>();
    const slots = new Proxy({}, { get: (_, name: string) => new Slot(name) }) as P;
    const runOn = (db: Tx): Run => {
      const query = build(db as unknown as Kysely<Schema>, slots).compile();
      const bound = (values: P) =>
        query.parameters.map((each) => (each instanceof Slot ? values[each.name as keyof P] : each));
      const direct = runners.get(db.getExecutor().adapter)?.(query.sql);
      if (direct) return (_db, values) => direct(bound(values)) as QueryResult<R>;
      return (each, values) => each.executeQuery({ ...query, parameters: bound(values) });
    };
    return async (db: Db, values: P): Promise<QueryResult<R>> => {
      const { adapter } = (db as Tx).getExecutor();
      let run = runs.get(adapter);
      if (!run) runs.set(adapter, (run = runOn(db as Tx)));
      return await run(db as Tx, values);
    };
  };
}

/** The parameters of these names, as a row to write. */
export const named = <P extends object>(p: P, names: readonly (keyof P)[]): P =>
  Object.fromEntries(names.map((name) => [name, p[name]])) as P;

/** So many rows still have a statement of their own; more are built anew each time. */
const MOST_ROWS_KEPT = 32;

/**
 * The same for a query that writes whole rows, all with the same columns: compiled once for each set of columns and each
 * number of rows that comes. Of no rows nothing is written.
 *   const insertMany = preparedRows<EventRow>()((db, rows) => db.insertInto('case_event').values(rows))
 */
export function preparedRows<Row extends object>() {
  return <R>(build: (db: Kysely<Schema>, rows: Row[]) => Compilable<R>) => {
    const runs = new Map<string, (db: Db, values: unknown[]) => Promise<QueryResult<R>>>();
    return async (db: Db, rows: readonly Row[]): Promise<QueryResult<R>> => {
      if (rows.length === 0) return { rows: [] };
      const columns = Object.keys(rows[0] ?? {}) as (keyof Row)[];
      if (rows.length > MOST_ROWS_KEPT || rows.some((row) => Object.keys(row).length !== columns.length)) {
        return await (db as Tx).executeQuery(build(db as unknown as Kysely<Schema>, [...rows]).compile());
      }
      const key = `${rows.length} ${columns.join()}`;
      let run = runs.get(key);
      if (!run) runs.set(key, (run = prepared<unknown[]>()((each, p) => build(each, inRows(p, columns, rows.length)))));
      return await run(
        db,
        rows.flatMap((row) => columns.map((column) => row[column])),
      );
    };
  };
}

const inRows = <Row extends object>(values: unknown[], columns: (keyof Row)[], count: number): Row[] =>
  Array.from({ length: count }, (_, row) => {
    const at = row * columns.length;
    return Object.fromEntries(columns.map((column, i) => [column, values[at + i]])) as Row;
  });

/** The same for one row. */
export function preparedRow<Row extends object>() {
  return <R>(build: (db: Kysely<Schema>, row: Row) => Compilable<R>) => {
    const run = preparedRows<Row>()((db, [row]) => build(db, row as Row));
    return (db: Db, row: Row): Promise<QueryResult<R>> => run(db, [row]);
  };
}

/** A longer list of ids is built anew each time. */
const LONGEST_KEPT = 256;

/**
 * The same for a query that seeks by a list of ids (`in`): compiled once for lists of up to 1, 2, 4, 8 ... 256; the last
 * id fills up the places that are left. About nobody nothing is asked: there are no rows then.
 *   const readTags = preparedList()((db, ids) => db.selectFrom('customer_tag').selectAll().where('customer_id', 'in', ids))
 */
export function preparedList<P extends object = object>() {
  return <R>(build: (db: Kysely<Schema>, ids: string[], p: P) => Compilable<R>) => {
    const kept = Array.from({ length: Math.log2(LONGEST_KEPT) + 1 }, (_, power) => {
      const places = Array.from({ length: 2 ** power }, (_place, i) => i);
      return prepared<P & Record<number, string>>()((db, p) =>
        build(
          db,
          places.map((i) => p[i] ?? ''),
          p,
        ),
      );
    });
    return async (
      db: Db,
      ids: readonly string[],
      ...[values]: object extends P ? [] : [P]
    ): Promise<QueryResult<R>> => {
      if (ids.length === 0) return { rows: [] };
      const p = values ?? ({} as P);
      const power = Math.ceil(Math.log2(ids.length));
      const run = kept[power];
      if (run) return await run(db, { ...p, ...filledUp(ids, 2 ** power) });
      return await (db as Tx).executeQuery(build(db as unknown as Kysely<Schema>, [...ids], p).compile());
    };
  };
}

function filledUp(ids: readonly string[], length: number): readonly string[] {
  return ids.length === length ? ids : [...ids, ...Array<string>(length - ids.length).fill(ids.at(-1) ?? '')];
}
