import { createHash } from 'node:crypto';
import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { Schema } from '../../storage/index.ts';
import { FileFault, LIMITS, type ImportKind } from '../import/index.ts';
import type { ImportsDeps } from './deps.ts';
import { newFacts, type Given } from './facts.ts';
import { keepFile } from './reading.ts';
import { NO_ROWS } from './moving.ts';
import { insertImport } from './store.ts';

export interface NewImport {
  kind: ImportKind;
  filename: string;
  bytes: Buffer;
  given: Given;
}

/** Keeps a file that nobody reads yet. Throws FileFault when it is larger than we read. @returns the import's id */
export async function keepReceived(deps: ImportsDeps, actor: Actor, file: NewImport): Promise<string> {
  const { storage, clock } = deps;
  if (file.bytes.length > LIMITS.fileBytes) throw tooLarge();
  const id = newId(clock);
  const row = rowOf(id, actor, timestamp(clock), file);
  await storage.transaction((tx) => insertImport(tx, row));
  await keepFile(storage, id, file.bytes);
  return id;
}

function tooLarge(): FileFault {
  return new FileFault('import.file.tooLarge', { megabytes: LIMITS.fileBytes / 1024 / 1024 });
}

function rowOf(id: string, actor: Actor, now: string, { kind, filename, bytes, given }: NewImport): Schema['import'] {
  return {
    id,
    kind,
    filename,
    fingerprint: createHash('sha256').update(bytes).digest('hex'),
    state: 'receiving',
    facts: JSON.stringify(newFacts(given, actor)),
    ...NO_ROWS,
    created_by: accountOf(actor),
    created_at: now,
    finished_at: null,
    forgotten_at: null,
  };
}
