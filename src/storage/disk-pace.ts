import type Database from 'better-sqlite3';
import { open, type FileHandle } from 'node:fs/promises';

/** So many pages wait for the disk without anybody noticing: 64 KB. */
const FEW = 16;

/**
 * Has work in the background go on only when the disk has what it wrote. Its commits do not wait for that; without this, the
 * next answer that comes in would wait for all that was written meanwhile, megabytes at night.
 */
export class DiskPace {
  #look: Database.Statement<[], { log: number }>;
  #path: string;
  #file: Promise<FileHandle> | undefined;
  /** Pages in SQLite's log when it was last looked at. */
  #log = 0;
  #waiting = 0;

  constructor(writer: Database.Database) {
    this.#look = writer.prepare('pragma wal_checkpoint(noop)');
    this.#path = `${writer.name}-wal`;
  }

  /** After each commit, when no transaction is open. One that waited for the disk took all before it along. */
  committed(waited: boolean): void {
    if (waited) {
      this.#waiting = 0;
      return;
    }
    const { log } = this.#look.get() ?? { log: 0 };
    // Less than before: the log has begun anew.
    this.#waiting += log < this.#log ? log : log - this.#log;
    this.#log = log;
  }

  async keep(): Promise<void> {
    if (this.#waiting <= FEW) return;
    this.#waiting = 0;
    this.#file ??= open(this.#path, 'r+');
    await (await this.#file).datasync();
  }

  async close(): Promise<void> {
    await (await this.#file)?.close();
  }
}
