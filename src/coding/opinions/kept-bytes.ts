import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Group } from './fields.ts';
import { knowledgeFiles } from './knowledge-files.ts';

/** What was learned about the questions of one group. */
export interface SavedField {
  group: Group;
  /** Null where there is too little to be told apart. */
  model: Uint8Array | null;
  fitted: Fitted;
}

/** Cross-fitted verdicts on the answers that it learned from, places x codes. */
export interface Fitted {
  places: string[];
  chances: Float32Array;
  mains: Float32Array;
}

interface Written {
  version: string;
  fields: SavedField[];
}

/** What was learned as bytes. Words are in them only as hashes, see `writeModel`, and as the lexicon has them. */
export const pack = (fields: SavedField[], version: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(gzipSync(serialize({ version, fields } satisfies Written), { level: 4 }));

/** What `pack` wrote; nothing where another version of the engine did, or the bytes are broken. */
export function unpack(bytes: Uint8Array, version: string): SavedField[] | undefined {
  try {
    const written = deserialize(gunzipSync(bytes)) as Written;
    return written.version === version ? written.fields : undefined;
  } catch {
    return undefined;
  }
}

/** Names the engine itself and what is written along with a codebook: a model of another version is learned again. */
export function versionOf(knowledge: string, programmeKey: string): string {
  const engine = globSync(join(import.meta.dirname, '../engine/*.ts')).sort();
  const hash = createHash('sha256');
  for (const file of [...engine, join(import.meta.dirname, 'fields.ts'), ...knowledgeFiles(knowledge, programmeKey)])
    hash.update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}
