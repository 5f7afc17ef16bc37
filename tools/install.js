// Runs on whatever Node the machine has: installs what the lockfile names when node_modules is missing or of another lockfile.
// Not `npm ci`: it refuses a lockfile without the optional packages of other platforms.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { currentPack } from '../bin/pack.js';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const MARK = 'node_modules/.installed';
const everything = process.argv.includes('--dev');
const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
const have = existsSync(MARK) ? readFileSync(MARK, 'utf8') : '';
if (have !== `${lock} all` && (everything || have !== lock)) {
  console.log('Installing what is missing ...');
  const npm = process.env.npm_execpath;
  const flags = ['install', '--no-save', '--loglevel=error', ...(everything ? [] : ['--omit=dev'])];
  execFileSync(npm ? process.execPath : 'npm', npm ? [npm, ...flags] : flags, { stdio: 'inherit' });
  writeFileSync(MARK, everything ? `${lock} all` : lock);
}
// Without a pack all works, only slower.
if (!currentPack()) spawnSync('node_modules/.bin/node', ['tools/pack.js'], { stdio: ['ignore', 'ignore', 'inherit'] });
