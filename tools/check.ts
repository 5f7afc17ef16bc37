// Everything that can be checked without running the product, as many at once as there are processors; one exit code.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';

const CHECKS: [name: string, command: string, ...rest: string[]][] = [
  ['lint', 'eslint', '--quiet', 'src'],
  // By its path: ESLint's plug-in has a tsc of the version before, many times slower.
  ['types', 'node', 'node_modules/typescript-native/bin/tsc', '-p', '.'],
  ['format', 'prettier', '--check', '--log-level=warn', '.'],
  ['boundaries', 'depcruise', 'src', '--config', '.dependency-cruiser.mjs', '--output-type', 'err'],
  ['templates', 'node', 'tools/check-templates.ts'],
  ['texts', 'node', 'tools/check-texts.ts'],
  ['README', 'node', 'tools/check-readme.ts'],
];

/** Runs one, and says at its end what it found. */
async function check([name, command, ...rest]: (typeof CHECKS)[number]): Promise<boolean> {
  const started = performance.now();
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, complained, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  process.stdout.write(said + complained);
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return status === 0;
}

const waiting = CHECKS.values();
const found: boolean[] = [];
const worker = async () => {
  for (const each of waiting) found.push(await check(each));
};
await Promise.all(Array.from({ length: availableParallelism() }, worker));
process.exitCode = found.every(Boolean) ? 0 : 1;
