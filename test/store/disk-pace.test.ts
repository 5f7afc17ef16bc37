import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { openSqlite, type SqliteStorage } from '../../src/storage/sqlite.ts';

let folder: string;
let storage: SqliteStorage;
let isClosed = false;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'comeback-pace-'));
  storage = openSqlite(join(folder, 'some.db'));
  storage.writer.exec('create table pile (words text)');
});
afterEach(async () => {
  jest.restoreAllMocks();
  if (!isClosed) await storage.close();
  rmSync(folder, { recursive: true });
});

function write(pages: number): Promise<void> {
  return storage.backgroundTransaction(async () => {
    storage.writer.prepare('insert into pile values (?)').run('x'.repeat(pages * 4096));
    await Promise.resolve();
  });
}

/** Counts how often a file is taken to the disk; it still is. */
async function syncs() {
  const any = await open(folder);
  const spy = jest.spyOn(Object.getPrototypeOf(any) as typeof any, 'datasync');
  await any.close();
  return spy;
}

test('who writes much in the background goes on when the disk has it; after a little nobody waits', async () => {
  const spy = await syncs();
  await write(2);
  expect(spy).toHaveBeenCalledTimes(0);
  await write(100);
  expect(spy).toHaveBeenCalledTimes(1);
  // An answer takes along all that was written before.
  for (let some = 0; some < 10; some++) {
    await write(2);
    await storage.transaction(async () => {
      storage.writer.exec("insert into pile values ('an answer')");
      await Promise.resolve();
    });
  }
  expect(spy).toHaveBeenCalledTimes(1);
  for (let few = 0; few < 10; few++) await write(2);
  expect(spy.mock.calls.length).toBeGreaterThan(1);
  expect(spy.mock.calls.length).toBeLessThan(6);
});

test('also where the log has begun anew meanwhile, and closed with everything else', async () => {
  const spy = await syncs();
  await write(100);
  await storage.scrub();
  await write(100);
  expect(spy).toHaveBeenCalledTimes(2);
  await storage.close();
  isClosed = true;
  const files = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return [];
    }
  });
  expect(files.filter((file) => file.startsWith(folder))).toEqual([]);
});
