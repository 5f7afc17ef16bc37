import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import pg from 'pg';
import { migrate, openStorage, type Engine, type Storage } from '../../src/storage/index.ts';
import { quickFolder } from './quick-folder.ts';

interface TestDatabase {
  url(): string;
  open(): Promise<Storage>;
  drop(): Promise<void>;
}

function sqlite(): TestDatabase {
  const directory = mkdtempSync(join(quickFolder(), 'comeback-'));
  const url = `sqlite:${join(directory, 'test.db')}`;
  return {
    url: () => url,
    async open() {
      await migrate(url);
      return await openStorage(url);
    },
    async drop() {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** One database for each jest worker, emptied before each file: creating one costs up to 0.4 s on a slow disk, emptying 2 ms. */
function postgres(): TestDatabase {
  const base = process.env.TEST_POSTGRES ?? '';
  const name = `worker_${process.env.JEST_WORKER_ID}`;
  return {
    url: () => base + name,
    async open() {
      await onServer(`${base}postgres`, (client) => createIfMissing(client, name));
      await onServer(base + name, empty);
      return await openStorage(base + name);
    },
    async drop() {},
  };
}

async function onServer(url: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

async function createIfMissing(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
  if (rowCount === 0) await client.query(`create database ${name} template template`);
}

/** As replica: no foreign keys and no triggers stand in the way of emptying. */
async function empty(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ text: string }>(
    `select format('delete from %I', tablename) as text from pg_tables where schemaname = 'public' and tablename <> 'migration'`,
  );
  await client.query(['set session_replication_role = replica', ...rows.map((row) => row.text)].join(';'));
}

export interface TestEngine {
  engine: Engine;
  storage(): Storage;
  url(): string;
}

/** Declares the same tests once for each engine, on a fresh database for each file. */
export function onBothEngines(tests: (on: TestEngine) => void): void {
  describe.each([
    ['sqlite', sqlite],
    ['postgres', postgres],
  ] as const)('on %s', (engine, make) => {
    const database = make();
    let storage: Storage;
    beforeAll(async () => {
      storage = await database.open();
    });
    afterAll(async () => {
      await storage.close();
      await database.drop();
    });
    tests({ engine, storage: () => storage, url: () => database.url() });
  });
}
