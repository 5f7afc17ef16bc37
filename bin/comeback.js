#!/usr/bin/env node
// Plain JavaScript for whatever Node the machine has: installs what is missing, then runs the command on the pinned Node.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const QUICK = [
  '--min-semi-space-size=4',
  '--max-semi-space-size=8',
  '--import',
  new URL('quick-start.js', import.meta.url).href,
];
const installed = spawnSync(process.execPath, [at('tools/install.js')], { cwd: at('.'), stdio: ['ignore', 2, 2] });
const ran =
  installed.status === 0
    ? spawnSync(at('node_modules/.bin/node'), [...QUICK, at('src/cli.ts'), ...process.argv.slice(2)], {
        stdio: 'inherit',
      })
    : installed;
process.exitCode = ran.status ?? 1;
