import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The arguments of Node with which `npm start` and `npx comeback` run; from the repository's root. */
export const QUICK = ['--min-semi-space-size=4', '--max-semi-space-size=8', '--import', './bin/quick-start.js'];

export const SERVER = [...QUICK, 'src/server.ts'];
export const COMEBACK = [...QUICK, 'src/cli.ts'];

export interface Outcome {
  status: number;
  stdout: string;
  stderr: string;
}

interface Given {
  environment?: Record<string, string>;
  /** Read by the first that asks for it. */
  input?: Buffer;
}

/** What `comeback` says with each list of arguments, one after the other in one process of its own. */
export function severalCommands(lists: string[][], { environment = {}, input }: Given = {}): Outcome[] {
  const program = [...QUICK, 'test/support/several-commands.ts', JSON.stringify(lists)];
  const { stdout, stderr } = spawnSync(process.execPath, program, {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    ...(input && { input }),
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Outcome[];
}
