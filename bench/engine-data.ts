import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCodebook, readRows, type Knowledge } from '../src/commands/engine-files.ts';
import type { Example } from '../src/coding/engine/index.ts';

const DATA = join(import.meta.dirname, '../../shared/data');

/** What could not be run, and why. */
export const missing: string[] = [];

/** The rows of a public file, or nothing and a note that its lines are left out. */
export function publicRows(name: string, what: string): Example[] | undefined {
  const file = join(DATA, name);
  if (existsSync(file)) return readRows(file);
  missing.push(`${what}: ${file} is not there`);
  return undefined;
}

const labelsOf = (rows: Example[]) => [...new Set(rows.flatMap(({ labels }) => labels))].sort();

export const codebook = (name: string, rows: Example[]): Knowledge =>
  readCodebook(join(import.meta.dirname, 'engine', name), labelsOf(rows));
