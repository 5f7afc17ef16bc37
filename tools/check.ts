// Everything that can be checked without running the product, one after the other; all problems, then one exit code.
import { spawnSync } from 'node:child_process';

const CHECKS: [name: string, command: string, ...rest: string[]][] = [
  ['format', 'prettier', '--check', '--log-level=warn', '.'],
  ['types', 'tsc', '-p', '.'],
  ['lint', 'eslint', '--quiet', 'src'],
  ['boundaries', 'depcruise', 'src', '--config', '.dependency-cruiser.mjs', '--output-type', 'err'],
  ['templates', 'node', 'tools/check-templates.ts'],
  ['texts', 'node', 'tools/check-texts.ts'],
  ['README', 'node', 'tools/check-readme.ts'],
];

const failed = CHECKS.filter(([name, command, ...rest]) => {
  const started = performance.now();
  const { status } = spawnSync(command, rest, { stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return status !== 0;
});
process.exitCode = failed.length > 0 ? 1 : 0;
