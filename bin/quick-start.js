// Halves the time until the first page, twice. Given by --import, in plain JavaScript: it runs before Node has to take
// the types out of any file, for which it would first load a compiler.
import { enableCompileCache, registerHooks } from 'node:module';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { COMPILED, currentPack, ENTRIES, ROOT } from './pack.js';

const { mkdirSync } = process.getBuiltinModule('node:fs');
const name = basename(process.argv[1] ?? '', '.ts');
const entry = ENTRIES.includes(name) ? pathToFileURL(join(ROOT, `src/${name}.ts`)).href : undefined;
const pack = entry && currentPack();

// Each keeps its own: the first that ends says for all later ones which functions are kept compiled, and a command needs
// few of the server's.
const compiled = join(COMPILED, pack ? basename(pack) : 'modules', name);
// The folder of the data is made with it.
mkdirSync(compiled, { recursive: true, mode: 0o700 });
enableCompileCache(compiled);

/** Packages of several hundred small ES modules, whose relative imports name the very file as ours do. */
const EXACT = /\/node_modules\/(kysely|zod)\/.*\.js$/;

// Node would look on the disk, for each of some eight hundred files, whether it is there, a link, or of another format.
registerHooks({
  resolve(specifier, context, next) {
    if (pack && specifier === entry) return found(pathToFileURL(join(pack, `${name}.mjs`)).href, 'module');
    if (!specifier.startsWith('.') || context.parentURL === undefined) return next(specifier, context);
    const { href } = new URL(specifier, context.parentURL);
    if (href.endsWith('.ts')) return found(href, 'module-typescript');
    if (EXACT.test(href)) return found(href, 'module');
    return next(specifier, context);
  },
});

function found(url, format) {
  return { url, format, shortCircuit: true };
}
