import Database from 'better-sqlite3';
import { NewerSchema, outstanding } from './migrate.ts';

/**
 * What is wrong with a file that is said to be a copy of a database of ours, or null. It is opened for writing, since SQLite
 * leaves files beside a database that was only read.
 */
export function checkCopy(path: string): string | null {
  try {
    const db = new Database(path, { fileMustExist: true });
    try {
      if (db.pragma('integrity_check', { simple: true }) !== 'ok') return 'the copy is damaged';
      const ours = db.prepare("select 1 from sqlite_master where name = 'migration'").get();
      if (!ours) return 'this is no database of Comeback';
      outstanding(db.prepare('select name from migration').pluck().all() as string[]);
      return null;
    } finally {
      db.close();
    }
  } catch (error) {
    return error instanceof NewerSchema ? error.message : 'this is no SQLite database';
  }
}

/** Whether a process has this database open: as long as one has, SQLite does not let it out of write-ahead logging. */
export function isOpenElsewhere(path: string): boolean {
  const db = new Database(path, { timeout: 0 });
  try {
    db.pragma('journal_mode = delete');
    return false;
  } catch (error) {
    // A damaged file is nobody's, and may be replaced.
    return (error as { code?: string }).code === 'SQLITE_BUSY';
  } finally {
    db.close();
  }
}
