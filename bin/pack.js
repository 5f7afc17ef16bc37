// Where the modules that start the server and the command lie in a few files, and whether those still say what the
// modules say. Plain JavaScript, and asked before anything else is loaded.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// An import would read all that these export, and some of that loads half a dozen others.
const { readFileSync, statSync } = process.getBuiltinModule('node:fs');
const { createHash } = process.getBuiltinModule('node:crypto');

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Beside the packages, not beside the data: whoever may write data need not be able to write what is run. */
export const PACKS = join(ROOT, 'node_modules/.cache/packs');
/** What has been compiled of each pack, by whoever runs the server. */
export const COMPILED = join(ROOT, 'data/var/compiled');
export const NEWEST = join(PACKS, 'newest.json');

/** Each is packed as a file of its own name. */
export const ENTRIES = ['server', 'cli', 'sample'];

/** Changes when another set of packages is installed, and where the folder has moved: a pack names its paths. */
export const surroundings = () =>
  createHash('sha256')
    .update(ROOT)
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');

/** Changes whenever a file is written, also with the same length and date as before. */
export function stamp(file) {
  const { size, mtimeMs, ctimeMs } = statSync(file);
  return `${size} ${mtimeMs} ${ctimeMs}`;
}

/** The folder of the newest pack; nothing where there is none, or where a module has changed since. */
export function currentPack() {
  try {
    const { within, folder, files } = JSON.parse(readFileSync(NEWEST, 'utf8'));
    const same = within === surroundings() && Object.entries(files).every(([file, then]) => stamp(file) === then);
    return same ? join(PACKS, folder) : undefined;
  } catch {
    return undefined;
  }
}
