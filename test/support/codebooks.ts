import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quickFolder } from './quick-folder.ts';

const DATA = join(import.meta.dirname, '../../data/codebook');
const KEPT = ['leaving.json', 'satisfaction.json'];
const LEXICONS = ['leaving/en', 'leaving/de', 'satisfaction/en'].map((name) => `lexicon/${name}.json`);
const EXAMPLES = 'examples/leaving.en.jsonl';
const ONE_IN = 16;

/** A word that only answers written along with the codebook explain. */
const STRANGE = ['They snorfled me twice.', 'Snorfled, sadly.', 'All snorfled in the end', 'I got snorfled in March'];

/** The product's codebooks with their lexicons in two languages, and so few written answers that they are learned at once. */
export function smallCodebooks(): string {
  const folder = mkdtempSync(join(quickFolder(), 'codebooks-'));
  for (const file of [...KEPT, ...LEXICONS]) cpSync(join(DATA, file), join(folder, file), { recursive: true });
  mkdirSync(join(folder, 'examples'));
  const written = readFileSync(join(DATA, EXAMPLES), 'utf8').split('\n');
  const some = written.filter((line, i) => line !== '' && i % ONE_IN === 0);
  const strange = STRANGE.map((text) => JSON.stringify({ text, labels: ['payment'], main: 'payment' }));
  writeFileSync(join(folder, EXAMPLES), `${[...some, ...strange, ...strange].join('\n')}\n`);
  return folder;
}
