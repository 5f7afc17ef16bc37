import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { setTimeout as after } from 'node:timers/promises';
import { ground } from '../main-job/ground.ts';

/** Longer than SQLite waits for a lock. */
const LOCKED_MS = 7000;
const NOW = '2026-11-24T09:00:00.000Z';

test('a server whose background work cannot begin yet goes on serving, and begins it later', async () => {
  const { server, baseUrl, databaseUrl, remove, sink } = await ground('sqlite');
  await server.start();
  await server.stop();
  const rows = new Database(databaseUrl.slice('sqlite:'.length));
  // Left behind by a process that died: writing down that nobody knows what became of it is how the work begins.
  rows.exec(
    `insert into outgoing_mail (id, kind, subject_id, detail, state, not_before, attempts, claimed_by, message_id, created_at)
     values ('one', 'test', 'one', '{}', 'sending', '${NOW}', 1, 'whoever died', 'one@example.com', '${NOW}')`,
  );
  await server.start();
  rows.exec('begin immediate');
  await after(LOCKED_MS);
  rows.exec('rollback');
  expect((await fetch(`${baseUrl}/healthz`)).status).toBe(200);
  const state = rows.prepare<[], string>('select state from outgoing_mail').pluck();
  while (server.running() && state.get() === 'sending') await after(100);
  expect([server.running(), state.get()]).toEqual([true, 'unknown']);
  rows.close();
  await server.stop();
  sink.stop();
  await remove();
});
