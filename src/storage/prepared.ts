import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely';
import type { Schema } from './schema.ts';
import type { Db, Tx } from './storage.ts';

/** Stands for a named parameter while a query is compiled; Kysely takes it for a value. */
class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Builds and compiles a query once for each connection; a call only binds. For the few statements on hot paths:
 *   const addAnswer = prepared<AnswerRow>()((db, p) => db.insertInto('answer').values({ value: p.value }))
 *   await addAnswer(tx, { value: 'x' })
 */
export function prepared<P extends object>() {
  return <R>(build: (db: Kysely<Schema>, p: P) => Compilable<R>) => {
    const compiled = new WeakMap<object, CompiledQuery<R>>();
    const slots = new Proxy({}, { get: (_, name: string) => new Slot(name) }) as P;
    return (db: Db, values: P): Promise<QueryResult<R>> => {
      const executor = (db as Tx).getExecutor();
      let query = compiled.get(executor.adapter);
      if (!query) compiled.set(executor.adapter, (query = build(db as unknown as Kysely<Schema>, slots).compile()));
      const parameters = query.parameters.map((each) => (each instanceof Slot ? values[each.name as keyof P] : each));
      return (db as Tx).executeQuery({ ...query, parameters });
    };
  };
}
