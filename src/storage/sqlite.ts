import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect, type SqliteDatabase } from 'kysely';
import { makePrivate } from '../shared/private-files.ts';
import { Checkpoints } from './checkpoints.ts';
import { DiskPace } from './disk-pace.ts';
import { GroupCommit } from './group-commit.ts';
import { runsDirectly } from './prepared.ts';
import type { Schema } from './schema/index.ts';
import { refuseInsideTransaction, refuseOutsideTransaction } from './scope.ts';
import type { Reader, Storage } from './storage.ts';

/** Every checkpoint holds up one commit: at the usual 1000 pages, more than one answer in a hundred. */
const PAGES_A_CHECKPOINT = 4000;
const SETTINGS = [
  'journal_mode = wal',
  'synchronous = full',
  'foreign_keys = on',
  'busy_timeout = 5000',
  'journal_size_limit = 67108864',
  // What was erased is overwritten, not only let go: whoever reads the file itself finds none of it.
  'secure_delete = on',
  'cache_size = -32768',
  `wal_autocheckpoint = ${PAGES_A_CHECKPOINT}`,
];
/** Where a thread does that beside: only if it does not keep up. */
const PAGES_AT_MOST = 32_000;
const MOST_STATEMENTS = 1000;
const SCRUB_TRIES = 1000;
const SCRUB_PAUSE_MS = 5;

export function openDatabase(path: string): Database.Database {
  mkdirSync(dirname(path), { recursive: true });
  makePrivate(path);
  // SQLite gives new ones the mode of the database; these were left behind by a process that died.
  for (const beside of [`${path}-wal`, `${path}-shm`]) if (existsSync(beside)) makePrivate(beside);
  const db = new Database(path);
  for (const setting of SETTINGS) db.pragma(setting);
  return db;
}

/** Kysely prepares anew for every query, four times the cost of the rest; here each text is prepared once. */
function guardedAndKept(db: Database.Database, guard: () => void): SqliteDatabase {
  const kept = new Map<string, Database.Statement>();
  return {
    close: () => {
      db.close();
    },
    prepare(sql) {
      guard();
      let statement = kept.get(sql);
      if (!statement) {
        if (kept.size >= MOST_STATEMENTS) kept.clear();
        kept.set(sql, (statement = db.prepare(sql)));
      }
      return statement;
    },
  };
}

function kysely(db: Database.Database, guard: () => void): Kysely<Schema> {
  const database = guardedAndKept(db, guard);
  const handle = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) });
  runsDirectly(handle, (sql) => {
    const statement = db.prepare(sql);
    const run = statement.reader
      ? (parameters: unknown[]) => ({ rows: statement.all(parameters) })
      : (parameters: unknown[]) => ({ rows: [], numAffectedRows: BigInt(statement.run(parameters).changes) });
    return (parameters) => {
      guard();
      return run(parameters);
    };
  });
  return handle;
}

export interface SqliteStorage extends Storage {
  group: GroupCommit;
  writer: Database.Database;
}

/** One connection writes, with commits shared by the writers of a turn; another reads and never waits for it. */
export function openSqlite(path: string, durable = true): SqliteStorage {
  const writer = openDatabase(path);
  if (!durable) writer.pragma('synchronous = off');
  // What the savepoints of a shared commit would take back is kept in memory: in a file it doubled what is written.
  writer.pragma('temp_store = memory');
  const reader = openDatabase(path);
  reader.pragma('query_only = on');
  // Whatever the writer commits empties the reader's cache: this reads pages again without copying them.
  reader.pragma('mmap_size = 268435456');
  const checkpoints = durable ? new Checkpoints(writer) : undefined;
  if (checkpoints) writer.pragma(`wal_autocheckpoint = ${PAGES_AT_MOST}`);
  const pace = durable ? new DiskPace(writer) : undefined;
  const group = new GroupCommit(writer, committed, durable);
  const tx = kysely(writer, () => {
    refuseOutsideTransaction();
    if (!writer.inTransaction) throw new Error('The database rolled the transaction back');
  });
  const read = kysely(reader, refuseInsideTransaction);

  function committed(waited: boolean): void {
    pace?.committed(waited);
    checkpoints?.committed();
  }

  return {
    engine: 'sqlite',
    group,
    writer,
    read: read as unknown as Reader,
    transaction: (body) => group.transaction(() => body(tx)),
    async backgroundTransaction(body) {
      const result = await group.transaction(() => body(tx), true);
      await pace?.keep();
      return result;
    },
    async ping() {
      reader.prepare('select 1').get();
    },
    async bytes() {
      const [pages, size] = ['page_count', 'page_size'].map((name) => Number(reader.pragma(name, { simple: true })));
      return (pages ?? 0) * (size ?? 0);
    },
    async backup(to) {
      await reader.backup(to);
    },
    async scrub() {
      for (let tries = 0; tries < SCRUB_TRIES; tries++) {
        if (!writer.inTransaction && isWhole(writer.pragma('wal_checkpoint(truncate)'))) return;
        await pause(SCRUB_PAUSE_MS);
      }
    },
    async close() {
      await checkpoints?.close();
      await pace?.close();
      reader.close();
      writer.close();
    },
  };
}

/** Not where another connection was just carrying pages over itself. */
const isWhole = (rows: unknown): boolean => (rows as { busy: number }[])[0]?.busy === 0;
