import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/storage/migrate.ts';
import { startCluster, type Cluster } from './cluster.ts';
import { quickFolder } from './quick-folder.ts';

declare global {
  var testCluster: Cluster | undefined;
}

/**
 * One PostgreSQL server for the run, with a database for each worker; a migrated SQLite file of which each test file
 * has a copy.
 */
export default async function setup({ maxWorkers }: { maxWorkers: number }): Promise<void> {
  const cluster = await startCluster();
  globalThis.testCluster = cluster;
  const admin = new pg.Client(cluster.url('postgres'));
  await admin.connect();
  await admin.query('create database template');
  await migrate(cluster.url('template'));
  for (let worker = 1; worker <= maxWorkers; worker++) {
    await admin.query(`create database worker_${worker} template template`);
  }
  await admin.end();
  process.env.TEST_POSTGRES = cluster.url('');
  process.env.TEST_SQLITE = join(mkdtempSync(join(quickFolder(), 'comeback-template-')), 'template.db');
  await migrate(`sqlite:${process.env.TEST_SQLITE}`);
}
