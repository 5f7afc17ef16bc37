import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  mkdirSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { QUICK } from './support/commands.ts';
import { quickFolder } from './support/quick-folder.ts';

const root = join(import.meta.dirname, '..');
const copy = mkdtempSync(join(quickFolder(), 'comeback-pack-'));
const HELP = join(copy, 'src/cli.ts');

beforeAll(() => {
  for (const each of ['bin', 'data', 'src', 'tools', 'views', 'package.json', 'package-lock.json'])
    cpSync(join(root, each), join(copy, each), { recursive: true, filter: (path) => path !== join(root, 'data/var') });
  mkdirSync(join(copy, 'node_modules'));
  for (const each of readdirSync(join(root, 'node_modules')).filter((name) => name !== '.cache'))
    symlinkSync(join(root, 'node_modules', each), join(copy, 'node_modules', each));
});
afterAll(() => rmSync(copy, { recursive: true }));

const node = (...args: string[]) => spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
const help = () => node(...QUICK, 'src/cli.ts', 'help').stdout;
const packs = () =>
  readdirSync(join(copy, 'node_modules/.cache/packs'))
    .filter((each) => /^\d/.test(each))
    .sort();

const ASK = "import('./bin/pack.js').then((it) => console.log(it.currentPack() ?? 'none'))";
const current = () => basename(node('-e', ASK).stdout.trim());

/** A pack that says so when it is used. */
function pack(): void {
  const { status, stderr } = node('tools/pack.js');
  if (status !== 0) throw new Error(stderr);
  appendFileSync(
    join(copy, 'node_modules/.cache/packs', packs().at(-1) ?? '', 'cli.mjs'),
    "\nconsole.log('from the pack');\n",
  );
}

test('A command runs from the pack while that says what the modules say, else from the modules', () => {
  // Of an earlier one.
  mkdirSync(join(copy, 'node_modules/.cache/packs/1-1'), { recursive: true });
  pack();
  expect(packs()).toHaveLength(2);
  expect(help()).toMatch(/comeback <command>[^]*from the pack/);

  writeFileSync(HELP, readFileSync(HELP, 'utf8').replace('comeback <command>', 'comeback <COMMAND>'));
  expect(help()).toContain('comeback <COMMAND>');
  expect(help()).not.toContain('from the pack');

  const before = packs().at(-1);
  pack();
  expect(help()).toMatch(/comeback <COMMAND>[^]*from the pack/);
  // The last but one stays for who runs from it.
  expect(packs()).toEqual([before, current()]);
});

test('With other packages, or when it cannot be read, a pack is not used', () => {
  const lock = join(copy, 'package-lock.json');
  const was = readFileSync(lock);
  expect(current()).toBe(packs().at(-1));
  appendFileSync(lock, '\n');
  expect(current()).toBe('none');
  writeFileSync(lock, was);
  expect(current()).toBe(packs().at(-1));
  writeFileSync(join(copy, 'node_modules/.cache/packs/newest.json'), '{');
  expect(current()).toBe('none');
});
