// Writes the modules that start the server and the command into a few files, from which both begin in half the time and
// with a sixth less memory than from two thousand. Where these are missing or old, the modules themselves are loaded.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { COMPILED, ENTRIES, NEWEST, PACKS, ROOT, stamp, surroundings } from '../bin/pack.js';

/** Pure JavaScript that every start loads. What is loaded later, or brings a binary, stays where it is. */
const PACKED = /^(ejs|express|express-rate-limit|express-session|helmet|kysely|zod)(\/|$)/;

/** A server may still be running from the last but one. */
const KEPT = 2;

/** As an import, Node would read all that a module of its own exports, and some of that loads half a dozen others. */
const builtin = {
  name: "Node's own modules",
  setup(building) {
    building.onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'builtin' } : undefined,
    );
    building.onLoad({ filter: /^/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

const own = {
  name: 'own modules',
  setup(building) {
    building.onResolve({ filter: /^[^./]/ }, ({ path, importer }) =>
      importer.includes('node_modules') || PACKED.test(path) ? undefined : { path, external: true },
    );
    // A module that asks where it lies must hear of its own place, not of the pack's.
    building.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }));
  },
};

const began = Date.now();
const folder = `${began}-${process.pid}`;
const { metafile } = await build({
  entryPoints: ENTRIES.map((name) => join(ROOT, `src/${name}.ts`)),
  absWorkingDir: ROOT,
  outdir: join(PACKS, folder),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  metafile: true,
  legalComments: 'none',
  // What is packed is older than ES modules here and there, and asks for Node's own modules by require.
  banner: { js: `const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);` },
  plugins: [builtin, own],
});
const files = Object.keys(metafile.inputs)
  .filter((file) => !file.includes('node_modules') && !file.startsWith('builtin:'))
  .map((file) => join(ROOT, file));
// A module that was written meanwhile may have been read before that.
if (files.every((file) => statSync(file).mtimeMs < began)) name();

function name() {
  const stamps = Object.fromEntries(files.map((file) => [file, stamp(file)]));
  const beside = `${NEWEST}.${process.pid}`;
  writeFileSync(beside, JSON.stringify({ within: surroundings(), folder, files: stamps }));
  renameSync(beside, NEWEST);
  const packs = foldersIn(PACKS).sort();
  const old = packs.slice(0, -KEPT);
  for (const each of old) rmSync(join(PACKS, each), { recursive: true, force: true });
  const compiled = foldersIn(COMPILED).filter((each) => each !== 'modules' && !packs.slice(-KEPT).includes(each));
  for (const each of compiled) rmSync(join(COMPILED, each), { recursive: true, force: true });
}

function foldersIn(folder) {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder, { withFileTypes: true }).filter((each) => each.isDirectory());
  return found.map((each) => each.name);
}
