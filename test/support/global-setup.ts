import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/storage/migrate.ts';
import { startCluster, type Cluster } from './cluster.ts';
import { quickFolder } from './quick-folder.ts';

declare global {
  var testCluster: Cluster | undefined;
}

/** One PostgreSQL server for the run; migrated templates of which each worker's PostgreSQL database and each file's SQLite one are copies. */
export default async function setup(): Promise<void> {
  const cluster = await startCluster();
  globalThis.testCluster = cluster;
  const admin = new pg.Client(cluster.url('postgres'));
  await admin.connect();
  await admin.query('create database template');
  await admin.end();
  await migrate(cluster.url('template'));
  process.env.TEST_POSTGRES = cluster.url('');
  process.env.TEST_SQLITE = join(mkdtempSync(join(quickFolder(), 'comeback-template-')), 'template.db');
  await migrate(`sqlite:${process.env.TEST_SQLITE}`);
}
