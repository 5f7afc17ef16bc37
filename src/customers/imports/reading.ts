import { setImmediate as nextTurn } from 'node:timers/promises';
import { dayIn } from '../../shared/dates.ts';
import type { Db, Storage } from '../../storage/index.ts';
import {
  type CheckedRow,
  type FileSummary,
  FileFault,
  readInWorker,
  type ReadJob,
  type ReadResult,
} from '../import/index.ts';
import type { GoOn, ImportsDeps } from './deps.ts';
import { choiceOf, UNREAD, type Facts, type Import } from './facts.ts';
import { createJudge, type Judgement } from './judging.ts';
import { deleteSomeRows, insertRows } from './row-store.ts';
import { addCounts, changeImport, deleteFilePart, insertFilePart, readFilePart } from './store.ts';

const PART_BYTES = 384 * 1024;
/** Rows of one transaction: some milliseconds. */
const SLICE = 200;
const DELETED_AT_ONCE = 1000;
const MOST_STRANGERS = 5;

/** Keeps the uploaded file in the database: whichever process reads it, and after a crash, it is there. */
export async function keepFile(storage: Storage, importId: string, bytes: Buffer): Promise<void> {
  for (let part = 0; part * PART_BYTES < bytes.length; part++) {
    const content = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
    await storage.transaction((tx) => insertFilePart(tx, importId, part, content));
    await nextTurn();
  }
}

async function keptFile(db: Db, importId: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (;;) {
    const part = await readFilePart(db, importId, parts.length);
    if (!part) return Buffer.concat(parts);
    parts.push(part);
  }
}

export async function dropFile(storage: Storage, importId: string): Promise<void> {
  for (let part = 0; await storage.transaction((tx) => deleteFilePart(tx, importId, part)); part++) await nextTurn();
}

export async function dropRows(storage: Storage, importId: string): Promise<void> {
  while (await storage.transaction((tx) => deleteSomeRows(tx, importId, DELETED_AT_ONCE))) await nextTurn();
}

/**
 * Reads and checks the file from its start, whatever an earlier try has left. False where it was told to stop: then the
 * import stays as it is, to be read anew. A file that cannot be taken ends as 'failed'.
 */
export async function readStage(deps: ImportsDeps, job: Import, goOn: GoOn): Promise<boolean> {
  const { storage } = deps;
  await dropRows(storage, job.id);
  let read: ReadResult;
  try {
    read = await readInWorker(await jobFor(deps, job));
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    await refuse(storage, job, error);
    return true;
  }
  const facts = { ...job.facts, ...UNREAD, ...found(read.summary) };
  await storage.transaction((tx) =>
    changeImport(tx, job.id, 'reading', { facts, ...FRESH, rows_total: read.summary.rows }),
  );
  const noticed = await readRows(deps, job, facts, read, goOn);
  if (!noticed) return false;
  const state = 'checked';
  await storage.transaction((tx) => changeImport(tx, job.id, 'reading', { state, facts: { ...facts, ...noticed } }));
  return true;
}

const FRESH = { rows_bad: 0, rows_new: 0, rows_update: 0, rows_same: 0, rows_done: 0, rows_kept: 0 };

async function jobFor(
  { storage, company, clock }: ImportsDeps,
  { id, kind, filename, facts }: Import,
): Promise<ReadJob> {
  const { currency, timeZone } = await company();
  const { given, chosenDecimal } = facts;
  return {
    bytes: await keptFile(storage.read, id),
    filename,
    kind,
    choice: choiceOf(facts),
    context: {
      currency,
      locale: given.locale,
      today: dayIn(timeZone, clock.now()),
      decimal: chosenDecimal,
      legalBasis: given.legalBasis ?? undefined,
    },
  };
}

async function refuse(storage: Storage, { id, facts }: Import, { key, values }: FileFault): Promise<void> {
  const failed: Facts = { ...facts, ...UNREAD, fault: { key, values }, failedIn: 'reading' };
  await storage.transaction((tx) => changeImport(tx, id, 'reading', { state: 'failed', facts: failed, ...FRESH }));
  await dropFile(storage, id);
}

function found({ facts: table, recognition, decimal, samples }: FileSummary) {
  const { mapping, unused, missing, twice } = recognition;
  return { table, mapping: mapping as Record<string, number>, unused, missing, twice, decimal, samples };
}

/** The contact persons nobody knows, and who is probably here already; undefined where it was told to stop. */
async function readRows(deps: ImportsDeps, job: Import, facts: Facts, read: ReadResult, goOn: GoOn) {
  const judge = await createJudge(deps, job.kind, facts);
  const strangers: Facts['strangers'] = { names: [], rows: 0 };
  let [alike, remarked] = [0, 0];
  for await (const batch of read.batches) {
    for (let from = 0; from < batch.length; from += SLICE) {
      if (!(await goOn())) return undefined;
      const part = batch.slice(from, from + SLICE);
      const judged = await judge(part);
      await keepRows(deps.storage, job.id, part, judged);
      alike += judged.alike;
      remarked += judged.rows.filter(({ state, errors }) => state !== 'bad' && errors.length > 0).length;
      strangers.rows += judged.strangers.length;
      strangers.names = [...new Set([...strangers.names, ...judged.strangers])].slice(0, MOST_STRANGERS);
      await nextTurn();
    }
  }
  return { strangers, alike, remarked };
}

async function keepRows(storage: Storage, id: string, part: CheckedRow[], { rows, same }: Judgement): Promise<void> {
  const count = (state: string) => rows.filter((row) => row.state === state).length;
  const counts = { new: count('new'), update: count('update'), bad: count('bad'), same, done: part.length };
  await storage.transaction(async (tx) => {
    await insertRows(tx, id, rows);
    await addCounts(tx, id, counts);
  });
}
