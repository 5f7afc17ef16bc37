/** `npm run bench -- NAME`: prints our figure beside the bare limit, measured in the same run. */
import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';

const names = globSync('bench/*.bench.ts').map((file) => basename(file, '.bench.ts'));
const [name = ''] = process.argv.slice(2);
const file = join(import.meta.dirname, `${name}.bench.ts`);
if (names.includes(name) && existsSync(file)) {
  await import(file);
} else {
  console.error(`Which one? ${names.sort().join(', ')}`);
  process.exitCode = 1;
}
