import type { Kysely } from 'kysely';
import type { ReadonlyKysely } from 'kysely/readonly';
import type { Schema } from './schema/index.ts';

/** Queries inside a transaction. */
export type Tx = Pick<
  Kysely<Schema>,
  'selectFrom' | 'insertInto' | 'updateTable' | 'deleteFrom' | 'with' | 'fn' | 'executeQuery' | 'getExecutor'
>;

/** Queries outside one: they see what has been committed. Store functions that only read take either. */
export type Reader = ReadonlyKysely<Schema>;
export type Db = Reader | Tx;

export type Engine = 'sqlite' | 'postgres';

export interface Storage {
  engine: Engine;
  read: Reader;
  /**
   * Runs the body in one transaction; resolves after the commit that holds its writes. The body may wait for nothing
   * but its own queries: no network, no password hashing, no timers.
   */
  transaction<T>(body: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * The same for work in the background that is done again if it is lost, and that nobody is told of before somebody else's
   * commit: on SQLite the commit does not wait for the disk, so that nobody who answers meanwhile does; who writes much does.
   */
  backgroundTransaction<T>(body: (tx: Tx) => Promise<T>): Promise<T>;
  /** Throws unless the database answers. */
  ping(): Promise<void>;
  /** How large it is on the disk. */
  bytes(): Promise<number>;
  /** Writes a whole, consistent copy to a file (SQLite only). */
  backup(path: string): Promise<void>;
  /** After erasing: earlier versions of the pages leave the write-ahead log. The file itself overwrites what is deleted. */
  scrub(): Promise<void>;
  close(): Promise<void>;
}
