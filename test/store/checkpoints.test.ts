import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openDatabase, openSqlite, type SqliteStorage } from '../../src/storage/sqlite.ts';

let folder: string;
let path: string;
let storage: SqliteStorage;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'comeback-checkpoints-'));
  path = join(folder, 'some.db');
  storage = openSqlite(path);
  storage.writer.exec('create table pile (id text primary key, words text) without rowid');
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true });
});

/** Scattered over the whole table, so that each row writes a page of its own. */
async function write(commits: number): Promise<void> {
  const insert = storage.writer.prepare('insert into pile values (?, ?)');
  for (let commit = 0; commit < commits; commit++) {
    await storage.group.transaction(() => {
      for (let row = 0; row < 40; row++) insert.run(randomUUID(), 'x'.repeat(900));
      return Promise.resolve();
    });
  }
}

const log = () => (storage.writer.pragma('wal_checkpoint(noop)') as { log: number; checkpointed: number }[])[0]!;

test('what is written is carried over beside, long before SQLite would do it at a commit, and the log begins anew', async () => {
  let [longest, beganAnew] = [0, false];
  for (let round = 0; round < 200 && !beganAnew; round++) {
    await write(10);
    const { log: length } = log();
    beganAnew = length < longest;
    longest = Math.max(longest, length);
    // On a slow disk the thread needs longer; it only has to come before SQLite does.
    await pause(longest < 20_000 ? 20 : 500);
  }
  expect(beganAnew).toBe(true);
  // Not before it is worth it. It begins anew sooner than it must where the thread has carried all over between two commits.
  expect(longest).toBeGreaterThan(2000);
  expect(longest).toBeLessThan(30_000);
});

test('closed in the middle of it, nothing is lost', async () => {
  await write(150);
  await storage.close();
  const db = openDatabase(path);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(db.prepare('select count(*) from pile').pluck().get()).toBe(6000);
  db.close();
  storage = openSqlite(path);
});

test('emptied after erasing, the log is empty, also while pages are being carried over', async () => {
  await write(150);
  await storage.scrub();
  expect(log().log).toBe(0);
});
