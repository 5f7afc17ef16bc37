import pg from 'pg';
import { migrate } from '../../src/storage/migrate.ts';
import { startCluster, type Cluster } from './cluster.ts';

declare global {
  var testCluster: Cluster | undefined;
}

/** One PostgreSQL server for the run; a migrated template from which each jest worker's database is made. */
export default async function setup(): Promise<void> {
  const cluster = await startCluster();
  globalThis.testCluster = cluster;
  const admin = new pg.Client(cluster.url('postgres'));
  await admin.connect();
  await admin.query('create database template');
  await admin.end();
  await migrate(cluster.url('template'));
  process.env.TEST_POSTGRES = cluster.url('');
}
