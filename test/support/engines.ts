import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import pg from 'pg';
import { openStorage, type Engine, type Storage } from '../../src/storage/index.ts';
import { quickFolder } from './quick-folder.ts';

interface TestDatabase {
  url(): string;
  open(): Promise<Storage>;
  drop(): Promise<void>;
}

function sqlite(): TestDatabase {
  const directory = mkdtempSync(join(quickFolder(), 'comeback-'));
  const path = join(directory, 'test.db');
  const url = `sqlite:${path}`;
  return {
    url: () => url,
    async open() {
      copyFileSync(process.env.TEST_SQLITE ?? '', path);
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

const BLOATED_BYTES = 1024 * 1024;

/**
 * Only what was ever written to; as replica: no foreign keys and no triggers stand in the way. Nothing vacuums here, so
 * what large files left behind goes by truncating, fifty times the cost.
 */
async function empty(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; bytes: number }>(
    `select format('%I', relname) as name, pg_relation_size(oid)::int as bytes from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'migration' and pg_relation_size(oid) > 0`,
  );
  const bloated = rows.filter(({ bytes }) => bytes > BLOATED_BYTES).map(({ name }) => name);
  if (bloated.length > 0) await client.query(`truncate ${bloated.join(', ')} cascade`);
  const deletes = rows.map(({ name }) => `delete from ${name}`);
  await client.query(['set session_replication_role = replica', ...deletes].join(';'));
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
