import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { isId } from '../shared/ids.ts';

const lineSchema = z.object({ at: z.iso.datetime(), id: z.string().refine(isId) });
/** Who was erased when: a number that says nothing without a copy of the database. */
type Erased = z.infer<typeof lineSchema>;

/** Who was erased, outside the database and its copies: a restored older copy erases them again. */
interface ErasureJournal {
  /** Written and on the disk when it returns. */
  append(erased: Erased): void;
  /** Lines that a crash has cut are passed over. */
  all(): Erased[];
}

/** A file of one JSON line an erasure, which only ever grows. Without a path nothing is kept. */
export function openErasureJournal(path: string | undefined): ErasureJournal {
  if (path === undefined) return { append: () => {}, all: () => [] };
  return {
    append(erased) {
      mkdirSync(dirname(path), { recursive: true });
      const file = openSync(path, 'a', 0o600);
      try {
        // A line that a crash has cut stays alone.
        writeSync(file, `\n${JSON.stringify(erased)}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    },
    all: () => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').flatMap(readLine) : []),
  };
}

function readLine(line: string): Erased[] {
  if (line === '') return [];
  try {
    const read = lineSchema.safeParse(JSON.parse(line));
    return read.success ? [read.data] : [];
  } catch {
    return [];
  }
}
