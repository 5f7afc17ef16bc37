/**
 * From the start of a process to its first page, with the compiled modules of the last start and without, and the
 * memory that it holds when nothing happens. Bare: the same libraries with one table and one page. Both in turn.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SERVER as OURS } from '../test/support/commands.ts';
import { median, temporary } from './measure.ts';

const ROUNDS = 7;
const SETTLING = 3000;
const root = join(import.meta.dirname, '..');
const files = temporary();

const BARE = [join(import.meta.dirname, 'starting-bare.js'), files.path('bare.db'), files.path('cache')];

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}

interface Start {
  milliseconds: number;
  mebibytes: number;
}

async function start(args: string[], cached: boolean): Promise<Start> {
  const port = await freePort();
  const own = {
    PORT: String(port),
    DATABASE_URL: `sqlite:${files.path('ours.db')}`,
    SECRET_FILE: files.path('secret'),
  };
  const env = { ...process.env, ...own, LOG_LEVEL: 'silent', NODE_DISABLE_COMPILE_CACHE: cached ? '' : '1' };
  if (cached) delete (env as Record<string, string | undefined>).NODE_DISABLE_COMPILE_CACHE;
  const began = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  while (!(await firstPage(port))) await wait(2);
  const milliseconds = performance.now() - began;
  if (cached) await wait(SETTLING);
  const mebibytes = memoryOf(child);
  child.kill('SIGTERM');
  await new Promise((done) => child.once('exit', done));
  return { milliseconds, mebibytes };
}

const firstPage = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/sign-in`).then(
    async (reply) => (await reply.text()).length > 0 && reply.status === 200,
    () => false,
  );

const memoryOf = ({ pid }: ChildProcess): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

for (const cached of [true, false]) {
  const found = { ours: [] as Start[], bare: [] as Start[] };
  // The first of each fills what the others find: the compiled modules, the migrated database, the disk's cache.
  for (const args of [OURS, BARE]) await start(args, cached);
  for (let round = 0; round < ROUNDS; round++) {
    found.bare.push(await start(BARE, cached));
    found.ours.push(await start(OURS, cached));
  }
  const middle = (of: Start[], what: keyof Start) => Math.round(median(of.map((each) => each[what])));
  const line = (of: Start[]) => ({
    'first page, ms': middle(of, 'milliseconds'),
    ...(cached ? { 'idle memory, MiB': middle(of, 'mebibytes') } : {}),
  });
  const [ours, bare] = [middle(found.ours, 'milliseconds'), middle(found.bare, 'milliseconds')];
  console.log(`\n${cached ? 'With' : 'Without'} the compiled modules of the last start (median of ${ROUNDS})`);
  console.table({ ours: line(found.ours), bare: line(found.bare) });
  console.log(`Ours takes ${(ours / bare).toFixed(1)} times as long as bare`);
}
files.remove();
