import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';

/** First-level key -> second-level key, or the first-level one itself -> entries. */
const lexiconSchema = z.record(z.string(), z.record(z.string(), z.array(z.string())));

/** What the product knows of the codes that it brings along, by language. */
export type Knowledge = ReadonlyMap<string, z.infer<typeof lexiconSchema>>;

/** Reads data/codebook/lexicon/PROGRAMME/LANGUAGE.json; nothing for a programme of the business's own. */
export function readKnowledge(folder: string, programmeKey: string): Knowledge {
  const directory = join(folder, programmeKey);
  const files = globSync('*.json', { cwd: directory }).sort();
  return new Map(
    files.map((file) => [
      basename(file, '.json'),
      lexiconSchema.parse(JSON.parse(readFileSync(join(directory, file), 'utf8'))),
    ]),
  );
}
