import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const lineSchema = z.object({
  at: z.string().max(40),
  /** The key of the address: nothing of the address itself. */
  key: z.string().min(1).max(100),
  did: z.enum(['suppress', 'lift']),
  kind: z.enum(['hard', 'soft', 'complaint', 'person']).default('hard'),
  how: z.string().max(60).default(''),
});
export type JournalLine = z.infer<typeof lineSchema>;

/** What was decided about addresses, outside the database and its copies: a restored older copy learns it again. */
export interface Journal {
  /** Written and on the disk when it returns. */
  append(lines: JournalLine[]): void;
  /** The last word on each address. Lines that a crash has cut are passed over. */
  last(): Map<string, JournalLine>;
}

/** A file of one JSON line a decision, which only ever grows. Without a path nothing is kept. */
export function openJournal(path: string | undefined): Journal {
  if (path === undefined) return { append: () => {}, last: () => new Map() };
  return {
    append(lines) {
      if (lines.length === 0) return;
      mkdirSync(dirname(path), { recursive: true });
      const file = openSync(path, 'a', 0o600);
      try {
        // A line that a crash has cut stays alone.
        writeSync(file, `\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    },
    last() {
      const last = new Map<string, JournalLine>();
      for (const line of existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []) {
        const read = readLine(line);
        if (read && read.at >= (last.get(read.key)?.at ?? '')) last.set(read.key, read);
      }
      return last;
    },
  };
}

function readLine(line: string): JournalLine | undefined {
  if (line === '') return undefined;
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
