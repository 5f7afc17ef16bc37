import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { shown, type Move, type Standing } from './clock.ts';
import { BOUNCE_ADDRESS, MAIL_FROM, NOW, type Ground } from './ground.ts';
import { ownPort } from './ports.ts';

const root = join(import.meta.dirname, '../../..');
/** Our clocks run so many times as fast. */
const PACE = 8;
/** Of this machine: so long the sender waits for a server that says nothing. */
export const SILENCE_MS = 900;
const STARTING_MS = 180_000;
const ENDING_MS = 60_000;

/** The clock of a run, the same for all its processes. */
export interface Time {
  now(): number;
  standing(): Standing;
  /** Resolves when all these know. */
  move(move: Move, processes: Process[]): Promise<void>;
}

export function createTime(): Time {
  const standing: Standing = { from: Date.parse(NOW), start: Date.now(), pace: PACE };
  return {
    now: () => shown(standing),
    standing: () => ({ ...standing }),
    async move(move, processes) {
      standing.from += move.ms;
      await Promise.all(processes.map((each) => each.move(move)));
    },
  };
}

export interface Process {
  baseUrl: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** As an administrator stops it. @returns what is wrong about how it ended */
  stop(): Promise<string | undefined>;
  move(move: Move): Promise<void>;
  /** Why it has ended without being asked to; undefined while all is well. */
  fallen(): string | undefined;
  log(): string;
}

interface Settings {
  ground: Ground;
  smtpPort: number;
  time: Time;
}

function environment({ ground, smtpPort, time }: Settings, port: number): Record<string, string | undefined> {
  // What waits for the other end of a connection takes real time; the rest of nodemailer's patience is in ours.
  const patience = `socketTimeout=${SILENCE_MS}&connectionTimeout=${SILENCE_MS * PACE}&greetingTimeout=${SILENCE_MS * PACE}`;
  return {
    ...process.env,
    NODE_OPTIONS: '',
    CLOCK: JSON.stringify(time.standing()),
    LOG_LEVEL: 'warn',
    PORT: String(port),
    BASE_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: ground.databaseUrl,
    SECRET_FILE: ground.secretFile,
    SMTP_URL: `smtp://127.0.0.1:${smtpPort}/?ignoreTLS=true&${patience}`,
    MAIL_FROM,
    BOUNCE_ADDRESS,
  };
}

function begin(words: string[], env: Record<string, string | undefined>): { child: ChildProcess; log: string[] } {
  const clock = join(import.meta.dirname, 'clock.ts');
  const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
  const child = spawn(process.execPath, ['--import', clock, ...words], { cwd: root, env, stdio: [...stdio] });
  const log: string[] = [];
  child.stdout?.on('data', (chunk) => log.push(String(chunk)));
  child.stderr?.on('data', (chunk) => log.push(String(chunk)));
  return { child, log };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

const ends = new WeakMap<ChildProcess, Promise<void>>();

/** One listener for each process, however often somebody waits for its end. */
function end(child: ChildProcess): Promise<void> {
  const known = ends.get(child);
  if (known) return known;
  const ended = new Promise<void>((resolve) => {
    if (hasEnded(child)) resolve();
    else child.once('exit', () => resolve());
  });
  ends.set(child, ended);
  return ended;
}

const within = <T>(ms: number, what: Promise<T>): Promise<T | 'too long'> =>
  Promise.race([what, new Promise<'too long'>((resolve) => setTimeout(resolve, ms, 'too long').unref())]);

/** The server as it is started in earnest, but for its clock. */
export async function createProcess(settings: Settings): Promise<Process> {
  const port = await ownPort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const logs: string[][] = [];
  let child: ChildProcess | undefined;
  return {
    baseUrl,
    async start() {
      const begun = begin(['--max-semi-space-size=8', 'src/server.ts'], environment(settings, port));
      logs.push(begun.log);
      child = begun.child;
      await ready(`${baseUrl}/readyz`, begun.child, begun.log);
    },
    async kill() {
      const ending = child;
      child = undefined;
      ending?.kill('SIGKILL');
      if (ending) await end(ending);
    },
    async stop() {
      const ending = child;
      child = undefined;
      if (!ending) return undefined;
      ending.kill('SIGTERM');
      const late = (await within(ENDING_MS, end(ending))) === 'too long';
      if (late) ending.kill('SIGKILL');
      if (late) return 'it did not end when it was told to';
      return ending.exitCode === 0 ? undefined : `it ended with ${ending.exitCode ?? ending.signalCode}`;
    },
    async move(move) {
      const moving = child;
      if (!moving || hasEnded(moving)) return;
      const moved = new Promise<void>((resolve) => moving.once('message', () => resolve()));
      moving.send(move, () => {});
      await within(5000, Promise.race([moved, end(moving)]));
    },
    fallen: () => (child && hasEnded(child) ? `it ended with ${child.exitCode ?? child.signalCode}` : undefined),
    log: () => logs.flat().join(''),
  };
}

async function ready(url: string, child: ChildProcess, log: string[]): Promise<void> {
  const last = performance.now() + STARTING_MS;
  while (performance.now() < last) {
    if (hasEnded(child)) throw new Error(`The server ended with ${child.exitCode}: ${log.join('').slice(-2000)}`);
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  child.kill('SIGKILL');
  throw new Error(`The server did not become ready: ${log.join('').slice(-2000)}`);
}

/** `comeback send-due`, as a timer of the machine may run it beside the server. */
export function sendDue(
  settings: Settings,
  baseUrl: string,
): { done: Promise<string | undefined>; kill(): void; log(): string } {
  const { child, log } = begin(['src/cli.ts', 'send-due'], {
    ...environment(settings, 0),
    BASE_URL: baseUrl,
  });
  let killed = false;
  return {
    done: end(child).then(() => (killed || child.exitCode === 0 ? undefined : `send-due ended with ${child.exitCode}`)),
    kill() {
      killed = !hasEnded(child);
      child.kill('SIGKILL');
    },
    log: () => log.join(''),
  };
}
