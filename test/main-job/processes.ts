import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { COMEBACK, SERVER } from '../support/commands.ts';

const root = join(import.meta.dirname, '../..');
const STARTING_MS = 60_000;

export interface Mail {
  to: string[];
  source: string;
}

export interface Sink {
  url: string;
  mails: Mail[];
  stop(): void;
}

/** A real mail server process. */
export async function startSink(): Promise<Sink> {
  const child = fork(join(import.meta.dirname, 'sink.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const mails: Mail[] = [];
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.on('message', (message: Mail | { url: string }) => {
      if ('url' in message) resolve({ url: message.url, mails, stop: () => child.kill() });
      else mails.push(message);
    });
  });
}

export interface Server {
  start(): Promise<void>;
  /** As if the machine lost its power. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  running(): boolean;
  command(args: string[], input?: string): string;
}

/** A server process of its own that can be killed and started again over the same data. */
export function serverOn(environment: Record<string, string>): Server {
  const env = { ...process.env, LOG_LEVEL: 'warn', ...environment };
  const port = environment.PORT ?? '';
  let child: ChildProcess | undefined;
  const ended = (process: ChildProcess) =>
    new Promise<void>((resolve) => {
      if (process.exitCode !== null || process.signalCode !== null) resolve();
      else process.once('exit', () => resolve());
    });
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const ending = child;
    child = undefined;
    if (!ending) return;
    const over = ended(ending);
    ending.kill(signal);
    await over;
  };
  return {
    async start() {
      child = spawn(process.execPath, SERVER, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
      await ready(`http://127.0.0.1:${port}/readyz`, child);
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    running: () => child !== undefined && child.exitCode === null,
    command(args, input = '') {
      const done = spawnSync(process.execPath, [...COMEBACK, ...args], { cwd: root, env, input, encoding: 'utf8' });
      if (done.status !== 0) throw new Error(`comeback ${args[0]} ended with ${done.status}: ${done.stderr}`);
      return done.stdout.trim();
    },
  };
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const end = performance.now() + STARTING_MS;
  while (performance.now() < end) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('The server did not become ready');
}
