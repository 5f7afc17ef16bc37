import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { migrate, migrations } from '../../src/storage/migrate.ts';
import { quickFolder } from '../support/quick-folder.ts';

const folder = mkdtempSync(join(quickFolder(), 'migrations-'));
const path = join(folder, 'old.db');

/** A database as it was before the random audit, with an answer that the engine had read. */
beforeAll(() => {
  const db = new Database(path);
  db.pragma('foreign_keys = off');
  db.exec('create table migration (name text primary key, applied_at text not null)');
  for (const { name, statements } of migrations.slice(
    0,
    migrations.findIndex((each) => each.name === '0010-audit'),
  )) {
    for (const statement of statements('sqlite')) db.exec(statement);
    db.prepare('insert into migration values (?, ?)').run(name, '2026-11-01T00:00:00.000Z');
  }
  db.exec(`insert into coding_task (response_id, question_key, programme_id, state, random_number, created_at, engine_turn)
    values ('r', 'happened', 'p', 'coded', 0.5, '2026-11-01T00:00:00.000Z', 3)`);
  db.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

test('what the engine read before it told main reasons is read again; nothing else changes', async () => {
  await migrate(`sqlite:${path}`);
  const db = new Database(path, { readonly: true });
  const rows = db.prepare('select * from coding_task').all();
  db.close();
  expect(rows).toEqual([
    expect.objectContaining({
      response_id: 'r',
      state: 'coded',
      random_number: 0.5,
      engine_turn: 0,
      inclusion: null,
      blind: 0,
      worth_asking: 0,
      names_read: 0,
    }),
  ]);
});
