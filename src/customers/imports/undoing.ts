import { setImmediate as nextTurn } from 'node:timers/promises';
import { Conflict } from '../../shared/errors.ts';
import type { Tx } from '../../storage/index.ts';
import type { CustomerFields } from '../customer.ts';
import type { RevertOptions } from '../bulk.ts';
import type { RevertEntry } from '../interface.ts';
import type { RecordKind, Records } from '../records.ts';
import type { GoOn, ImportsDeps } from './deps.ts';
import type { Import } from './facts.ts';
import { importedRows, markReverted, type ImportedRow } from './row-store.ts';
import { addCounts, changeImport } from './store.ts';

const SLICE = 50;

/** Takes back what nobody has changed since. Can stop and be killed at any moment, as the import itself. */
export async function undoStage(deps: ImportsDeps, job: Import, goOn: GoOn): Promise<boolean> {
  const { storage } = deps;
  for (;;) {
    if (!(await goOn())) return false;
    const rows = await importedRows(storage.read, job.id, 'imported', 0, SLICE);
    if (rows.length === 0) break;
    await revert(deps, job, rows);
    await nextTurn();
  }
  await storage.transaction((tx) => changeImport(tx, job.id, 'undoing', { state: 'undone' }));
  return true;
}

async function revert({ customers }: ImportsDeps, { id, kind, facts }: Import, rows: ImportedRow[]): Promise<void> {
  const options: RevertOptions = {
    inSameTransaction: (tx, outcomes, from) => note(tx, id, rows.slice(from, from + outcomes.length), outcomes),
  };
  if (kind === 'customers') await customers.revertMany(facts.actor, rows.map(customerEntry), options);
  else await customers.revertRecords(facts.actor, kind, rows.map(recordEntry), options);
}

function customerEntry({ recordId, before, revisionAfter }: ImportedRow): RevertEntry {
  return { id: recordId, before: before as CustomerFields | null, revisionAfter: revisionAfter ?? 0 };
}

function recordEntry({ recordId, before, data }: ImportedRow) {
  const after = Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'customerReference'));
  return { id: recordId, before: before as Records[RecordKind] | null, after: after as unknown as Records[RecordKind] };
}

async function note(tx: Tx, id: string, rows: ImportedRow[], outcomes: readonly ('undone' | 'kept')[]): Promise<void> {
  const inState = (state: 'undone' | 'kept') => rows.flatMap(({ row }, at) => (outcomes[at] === state ? [row] : []));
  const kept = await markReverted(tx, id, inState('kept'), 'kept');
  const undone = await markReverted(tx, id, inState('undone'), 'undone');
  if (kept + undone !== rows.length) throw new Conflict('error.changed');
  await addCounts(tx, id, { done: rows.length, kept });
}
