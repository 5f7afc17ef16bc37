import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import type { Tx } from '../../storage/index.ts';
import { asCellError } from '../code-remarks.ts';
import type { CellError } from '../import/index.ts';
import type { CustomerRow } from '../customer.ts';
import type { UpsertOptions, Written } from '../bulk.ts';
import type { DealingRow, InvoiceRow, PurchaseRow } from '../records.ts';
import type { GoOn, ImportsDeps } from './deps.ts';
import type { Import } from './facts.ts';
import { UNKNOWN_CUSTOMER } from './judging.ts';
import { dropFile } from './reading.ts';
import { countRemarked, markWritten, waitingRows, type Mark, type WaitingRow } from './row-store.ts';
import { addCounts, changeImport, type Counts } from './store.ts';

/** Rows of one transaction: some milliseconds, with the events and figures that follow from them. */
const SLICE = 50;

/**
 * Brings the rows in that wait. Each is marked in the transaction that writes it, so that it can stop, or be killed, at
 * any moment and go on later. False where it was told to stop.
 */
export async function writeStage(deps: ImportsDeps, job: Import, goOn: GoOn): Promise<boolean> {
  const { storage } = deps;
  for (;;) {
    if (!(await goOn())) return false;
    const rows = await waitingRows(storage.read, job.id, SLICE);
    if (rows.length === 0) break;
    await write(deps, job, rows);
    await nextTurn();
  }
  const finished_at = timestamp(deps.clock);
  const facts = { ...job.facts, remarked: await countRemarked(storage.read, job.id) };
  await storage.transaction((tx) => changeImport(tx, job.id, 'importing', { state: 'done', finished_at, facts }));
  await dropFile(storage, job.id);
  return true;
}

async function write(deps: ImportsDeps, job: Import, rows: WaitingRow[]): Promise<void> {
  const { language, country } = job.facts.given;
  const options: UpsertOptions = {
    importId: job.id,
    defaults: { language, country },
    inSameTransaction: (tx, outcomes, from) => note(tx, job, rows.slice(from, from + outcomes.length), outcomes),
  };
  await writeData(
    deps,
    job,
    rows.map((row) => row.data),
    options,
  );
}

async function writeData({ customers }: ImportsDeps, { kind, facts }: Import, data: object[], options: UpsertOptions) {
  const actor: Actor = facts.actor;
  if (kind === 'customers') await customers.upsertMany(actor, data as CustomerRow[], options);
  else if (kind === 'purchases') await customers.addPurchases(actor, data as PurchaseRow[], options);
  else if (kind === 'invoices') await customers.addInvoices(actor, data as InvoiceRow[], options);
  else await customers.addDealings(actor, data as DealingRow[], options);
}

async function note(tx: Tx, { id, kind }: Import, rows: WaitingRow[], outcomes: readonly Written[]): Promise<void> {
  // What was said of a postal code stands; whether the code of an offer counts is known only now.
  const said = (row: WaitingRow | undefined, { remark }: Written) =>
    kind === 'customers' ? (row?.errors ?? []) : remark ? [asCellError(remark)] : [];
  const marks = outcomes.map((outcome, at) => markOf(rows[at]?.row ?? 0, outcome, said(rows[at], outcome)));
  if ((await markWritten(tx, id, marks)) !== marks.length) throw new Conflict('error.changed');
  await addCounts(tx, id, countsOf(rows, outcomes));
}

function markOf(row: number, { id, outcome, before, revisionAfter }: Written, errors: CellError[]): Mark {
  if (outcome === 'unknownCustomer') {
    return { row, state: 'bad', recordId: null, before: null, revisionAfter: null, errors: [UNKNOWN_CUSTOMER] };
  }
  if (outcome === 'same') return { row, state: 'same', recordId: id, before: null, revisionAfter: null, errors: [] };
  return { row, state: 'imported', recordId: id, before, revisionAfter: revisionAfter ?? null, errors };
}

const COUNTED = { added: 'new', updated: 'update', same: 'same', unknownCustomer: 'bad' } as const;

/** What was foreseen gives way to what came: somebody may have added or removed a customer since. */
function countsOf(rows: WaitingRow[], outcomes: readonly Written[]): Counts {
  const counts: Required<Counts> = { new: 0, update: 0, same: 0, bad: 0, done: rows.length, kept: 0 };
  for (const { state } of rows) counts[state] -= 1;
  for (const { outcome } of outcomes) counts[COUNTED[outcome]] += 1;
  return counts;
}
