import type Database from 'better-sqlite3';
import { createThread, type Thread } from '../shared/threads/thread.ts';

/** Looking costs some microseconds. */
const COMMITS_A_LOOK = 16;
/** So many pages that stand in the log alone are worth carrying over: 8 MB. */
const WORTH = 2000;
/** From so many on the log is to begin anew. */
const LONG = 4000;
const HEAP_MEGABYTES = 16;
const KEPT_MS = 10_000;

interface Log {
  /** Pages in the log. */
  log: number;
  /** Those of them that stand in the database file already. */
  checkpointed: number;
}

/**
 * Carries what stands in SQLite's log over into the database file on a thread of its own: at a commit it would hold up
 * everybody for as long as the disk needs. What is written meanwhile is carried over here, a few pages, so that the log
 * can begin anew. Where the thread does not keep up, SQLite does it at a commit, as ever (`wal_autocheckpoint`).
 */
export class Checkpoints {
  #look: Database.Statement<[], Log>;
  #carry: Database.Statement<[], Log>;
  #thread: Thread;
  #commits = 0;
  #state: 'idle' | 'carrying' | 'carried' = 'idle';

  constructor(writer: Database.Database) {
    this.#look = writer.prepare('pragma wal_checkpoint(noop)');
    this.#carry = writer.prepare('pragma wal_checkpoint(passive)');
    const options = { data: writer.name, heapMegabytes: HEAP_MEGABYTES, keptMs: KEPT_MS };
    this.#thread = createThread(new URL('./checkpoint.worker.ts', import.meta.url), options);
  }

  /** After each commit, when no transaction is open. */
  committed(): void {
    if (this.#state === 'carried') this.#end();
    if (++this.#commits % COMMITS_A_LOOK > 0 || this.#state !== 'idle') return;
    const { log, checkpointed } = this.#look.get() ?? { log: 0, checkpointed: 0 };
    if (log - checkpointed < WORTH) return;
    this.#state = 'carrying';
    this.#thread.ask(null).then(
      () => (this.#state = 'carried'),
      () => (this.#state = 'idle'),
    );
  }

  #end(): void {
    this.#state = 'idle';
    if ((this.#look.get()?.log ?? 0) >= LONG) this.#carry.get();
  }

  /** Ends the thread; whatever is left in the log is carried over when the database is closed. */
  async close(): Promise<void> {
    await this.#thread.stop();
  }
}
