import { Kysely, PostgresDialect, sql, type PostgresPool } from 'kysely';
import pg from 'pg';
import { NamingClient } from './naming-client.ts';
import type { Schema } from './schema/index.ts';
import { refuseInsideTransaction, scope, type Scope } from './scope.ts';
import type { Reader, Storage } from './storage.ts';

const INT8 = 20;
const NUMERIC = 1700;

/** int8 and numeric (counts, sums) as numbers: SQLite gives numbers too. */
pg.types.setTypeParser(INT8, Number);
pg.types.setTypeParser(NUMERIC, Number);

/** A new connection knows neither tables nor statements; but none shall keep for good what was worked out on other data. */
const KEPT_OPEN = { idleTimeoutMillis: 5 * 60_000, maxLifetimeSeconds: 60 * 60 };

export function openPostgres(connectionString: string): Storage {
  const pool = new pg.Pool({ connectionString, max: 10, Client: NamingClient, ...KEPT_OPEN });
  // A connection that breaks while it idles is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  const guarded = {
    connect: () => {
      refuseInsideTransaction();
      return pool.connect();
    },
    end: () => pool.end(),
    options: pool.options,
  };
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: guarded as unknown as PostgresPool }) });
  const transaction: Storage['transaction'] = (body) =>
    db.transaction().execute(async (tx) => {
      const mine: Scope = { open: true };
      try {
        return await scope.run(mine, () => body(tx));
      } finally {
        mine.open = false;
      }
    });
  return {
    engine: 'postgres',
    read: db as unknown as Reader,
    transaction,
    // It waits for its own disk in another process, and for one connection alone.
    backgroundTransaction: transaction,
    async ping() {
      await sql`select 1`.execute(db);
    },
    async bytes() {
      const { rows } = await sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`.execute(db);
      return rows[0]?.bytes ?? 0;
    },
    backup: () => Promise.reject(new Error('Back PostgreSQL up with pg_dump')),
    // Its own vacuum takes earlier versions of rows away.
    scrub: async () => {},
    close: () => db.destroy(),
  };
}
