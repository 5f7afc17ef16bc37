import { afterAll, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { freePort } from '../support/cluster.ts';
import { SERVER } from '../support/commands.ts';
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

describe('a disk without room', () => {
  /** A file system of its own in memory, which only root may have. */
  const room = mkdtempSync(join(tmpdir(), 'comeback-room-'));
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'none', room]).status === 0;
  const filler = join(room, 'filler');
  const fill = () => spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k'], { stdio: 'ignore' });
  const environment = async () => {
    const port = String(await freePort());
    const DATABASE_URL = `sqlite:${join(room, 'data/c.db')}`;
    return { ...process.env, PORT: port, DATABASE_URL, SECRET_FILE: join(room, 'secret'), LOG_LEVEL: 'error' };
  };
  afterAll(() => {
    if (isMounted) spawnSync('umount', ['-l', room]);
    rmSync(room, { recursive: true, force: true });
  });

  async function serverThere() {
    const env = await environment();
    const server = spawn(process.execPath, SERVER, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { out: '', err: '' };
    server.stdout.on('data', (part: Buffer) => (said.out += String(part)));
    server.stderr.on('data', (part: Buffer) => (said.err += String(part)));
    const ended = new Promise<number | null>((resolve) => server.once('exit', resolve));
    return { server, said, ended, at: `http://127.0.0.1:${env.PORT}/healthz` };
  }

  (isMounted ? test : test.skip)('is named where a server begins on it, which begins once there is room', async () => {
    fill();
    const first = await serverThere();
    expect([await first.ended, first.said.err.trim().split('\n')]).toEqual([
      1,
      [`The disk is full: nothing more can be written into ${join(room, 'data')}`],
    ]);
    // What it left behind does not stand in its way once there is room.
    rmSync(filler);
    const second = await serverThere();
    while (second.server.exitCode === null && !(await fetch(second.at).catch(() => undefined))?.ok) await after(100);
    second.server.kill('SIGTERM');
    expect([await second.ended, second.said.err]).toEqual([0, '']);
  });
});
