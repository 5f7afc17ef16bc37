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

/**
 * The same for a query that writes a whole row: compiled once for each set of columns that comes.
 *   const insertOne = preparedRow<EventRow>()((db, row) => db.insertInto('case_event').values(row))
 */
export function preparedRow<Row extends object>() {
  return <R>(build: (db: Kysely<Schema>, row: Row) => Compilable<R>) => {
    const runs = new Map<string, (db: Db, row: Row) => Promise<QueryResult<R>>>();
    return async (db: Db, row: Row): Promise<QueryResult<R>> => {
      const columns = Object.keys(row) as (keyof Row)[];
      const key = columns.join();
      let run = runs.get(key);
      if (!run) runs.set(key, (run = prepared<Row>()((each, p) => build(each, named(p, columns)))));
      return await run(db, row);
    };
  };
}

/** Most lists on hot paths hold one id: so long a list still has a statement of its own. */
const LONGEST_KEPT = 4;

/**
 * The same for a query about a list of ids: compiled once for each length up to four, built anew for a longer one.
 * About nobody nothing is asked: there are no rows then.
 *   const readTags = preparedList()((db, ids) => db.selectFrom('customer_tag').selectAll().where('customer_id', 'in', ids))
 */
export function preparedList<P extends object = object>() {
  return <R>(build: (db: Kysely<Schema>, ids: string[], p: P) => Compilable<R>) => {
    const kept = Array.from({ length: LONGEST_KEPT }, (_, last) => {
      const places = Array.from({ length: last + 1 }, (_place, i) => i);
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
      const run = kept[ids.length - 1];
      if (run) return await run(db, { ...p, ...ids });
      return await (db as Tx).executeQuery(build(db as unknown as Kysely<Schema>, [...ids], p).compile());
    };
  };
}
