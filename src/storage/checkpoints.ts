import type Database from 'better-sqlite3';
import type { Asking } from '../shared/threads/asking.ts';
import { createThread } from '../shared/threads/thread.ts';

/** Looking costs some microseconds. */
const COMMITS_A_LOOK = 16;
/** So many pages that stand in the log alone are worth carrying over: 8 MB. */
const WORTH = 2000;
/** Carried over at a commit without anybody noticing: two or three milliseconds. */
const FEW = 100;
/** So often what was written meanwhile is carried over beside, each time less of it. */
const ROUNDS = 4;
/** From so many on the log is to begin anew: 64 MB. More often, those who answer beside much writing would wait for it. */
const LONG = 16_000;
const HEAP_MEGABYTES = 16;
const KEPT_MS = 10_000;

interface Log {
  /** Pages in the log. */
  log: number;
  /** Those of them that stand in the database file already. */
  checkpointed: number;
}

const NOTHING: Log = { log: 0, checkpointed: 0 };

/**
 * Carries what stands in SQLite's log over into the database file on a thread of its own: at a commit it would hold up
 * everybody for as long as the disk needs. What is written meanwhile is carried over here, a few pages, so that the log
 * can begin anew. Where the thread does not keep up, SQLite does it at a commit, as ever (`wal_autocheckpoint`).
 */
export class Checkpoints {
  #look: Database.Statement<[], Log>;
  #carry: Database.Statement<[], Log>;
  #thread: Asking;
  #commits = 0;
  #rounds = 0;
  #state: 'idle' | 'carrying' | 'carried' = 'idle';

  constructor(writer: Database.Database) {
    this.#look = writer.prepare('pragma wal_checkpoint(noop)');
    this.#carry = writer.prepare('pragma wal_checkpoint(passive)');
    const options = { data: writer.name, heapMegabytes: HEAP_MEGABYTES, keptMs: KEPT_MS };
    this.#thread = createThread(new URL('./checkpoint.worker.ts', import.meta.url), options);
  }

  /** After each commit, when no transaction is open. */
  committed(): void {
    if (this.#state === 'carried') return this.#goOn();
    if (++this.#commits % COMMITS_A_LOOK > 0 || this.#state !== 'idle') return;
    this.#rounds = 0;
    if (this.#left() >= WORTH) this.#carryBeside();
  }

  #left(): number {
    const { log, checkpointed } = this.#look.get() ?? NOTHING;
    return log - checkpointed;
  }

  #carryBeside(): void {
    this.#rounds++;
    this.#state = 'carrying';
    this.#thread.ask(null).then(
      () => (this.#state = 'carried'),
      () => (this.#state = 'idle'),
    );
  }

  #goOn(): void {
    this.#state = 'idle';
    const { log, checkpointed } = this.#look.get() ?? NOTHING;
    if (log < LONG) return;
    if (log - checkpointed > FEW && this.#rounds < ROUNDS) this.#carryBeside();
    else this.#carry.get();
  }

  /** Ends the thread; whatever is left in the log is carried over when the database is closed. */
  async close(): Promise<void> {
    await this.#thread.stop();
  }
}
