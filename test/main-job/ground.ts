import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort, startCluster, type Cluster } from '../support/cluster.ts';
import { serverOn, startSink, type Server, type Sink } from './processes.ts';

/** A fresh database, a server for it that is not yet started, and a mail server. */
export interface Ground {
  name: string;
  baseUrl: string;
  databaseUrl: string;
  server: Server;
  sink: Sink;
  remove(): Promise<void>;
}

export async function ground(engine: 'sqlite' | 'postgres'): Promise<Ground> {
  const directory = mkdtempSync(join(tmpdir(), 'comeback-job-'));
  const cluster = engine === 'postgres' ? await startCluster({ durable: true }) : undefined;
  const databaseUrl = cluster ? await newDatabase(cluster) : `sqlite:${join(directory, 'job.db')}`;
  const [port, sink] = [await freePort(), await startSink()];
  const baseUrl = `http://127.0.0.1:${port}`;
  const server = serverOn({
    PORT: String(port),
    BASE_URL: baseUrl,
    DATABASE_URL: databaseUrl,
    SECRET_FILE: join(directory, 'secret'),
    SMTP_URL: sink.url,
    MAIL_FROM: 'hello@example.com',
  });
  return {
    name: engine === 'sqlite' ? 'SQLite' : 'PostgreSQL',
    baseUrl,
    databaseUrl,
    server,
    sink,
    async remove() {
      await cluster?.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function newDatabase(cluster: Cluster): Promise<string> {
  const admin = new pg.Client(cluster.url('postgres'));
  await admin.connect();
  await admin.query('create database job');
  await admin.end();
  return cluster.url('job');
}
