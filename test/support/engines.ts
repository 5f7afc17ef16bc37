import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { sql } from 'kysely';
import { openStorage, type Engine, type Storage, type Tx } from '../../src/storage/index.ts';
import { quickFolder } from './quick-folder.ts';

interface TestDatabase {
  url(): string;
  open(): Promise<Storage>;
  drop(storage: Storage): Promise<void>;
}

declare global {
  var ofWorker: Map<string, Storage>;
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
    async drop(storage) {
      await storage.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/**
 * One database for each jest worker, emptied before each file: making one costs up to 0.4 s on a slow disk, emptying 2 ms.
 * Its connections are kept with it: a new one begins by reading what tables there are, and works out each statement anew.
 */
function postgres(): TestDatabase {
  const url = `${process.env.TEST_POSTGRES}worker_${process.env.JEST_WORKER_ID}`;
  return {
    url: () => url,
    async open() {
      const storage = ofWorker.get(url) ?? (await openStorage(url));
      ofWorker.set(url, storage);
      await storage.transaction(empty);
      return storage;
    },
    async drop() {},
  };
}

const BLOATED_BYTES = 1024 * 1024;

/**
 * Only what was ever written to; as replica: no foreign keys and no triggers stand in the way. Nothing vacuums here, so
 * what large files left behind goes by truncating, fifty times the cost.
 */
async function empty(tx: Tx): Promise<void> {
  const { rows } = await sql<{ name: string; bytes: number }>`
    select format('%I', relname) as name, pg_relation_size(oid)::int as bytes from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'migration' and pg_relation_size(oid) > 0
  `.execute(tx);
  const bloated = rows.filter(({ bytes }) => bytes > BLOATED_BYTES).map(({ name }) => name);
  if (bloated.length > 0) await sql.raw(`truncate ${bloated.join(', ')} cascade`).execute(tx);
  const deletes = rows.map(({ name }) => `delete from ${name}`);
  await sql.raw(['set local session_replication_role = replica', ...deletes].join(';')).execute(tx);
}

export interface TestEngine {
  engine: Engine;
  storage(): Storage;
  url(): string;
}

const ENGINES: Record<Engine, () => TestDatabase> = { sqlite, postgres };

/** Declares the same tests once for each engine, on a fresh database for each file. */
export function onBothEngines(tests: (on: TestEngine) => void): void {
  onEngines(['sqlite', 'postgres'], tests);
}

/** The same on these alone. */
export function onEngines(engines: Engine[], tests: (on: TestEngine) => void): void {
  describe.each(engines)('on %s', (engine) => {
    const database = ENGINES[engine]();
    let storage: Storage;
    beforeAll(async () => {
      storage = await database.open();
    });
    afterAll(async () => {
      await database.drop(storage);
    });
    tests({ engine, storage: () => storage, url: () => database.url() });
  });
}
