import { parentPort } from 'node:worker_threads';
import { createRowChecker, keptTable, surveyTable } from './check-table.ts';
import { recogniseColumns } from './columns.ts';
import { readTable } from './read-file.ts';
import type { FromWorker, ReadJob, ToWorker } from './read-in-worker.ts';
import { FileFault } from './table.ts';
import { cellText } from './text-value.ts';

const port = parentPort!;
const SAMPLES = 5;

const report = (message: FromWorker) => port.postMessage(message);

/** Batches that the other side is ready to take; it asks for more as it uses them up. */
let wanted = 0;
let resume = () => {};
port.on('message', (message: ToWorker) => {
  if (message.type === 'read') return void take(message.job);
  wanted += message.batches;
  resume();
});

async function take(job: ReadJob): Promise<void> {
  wanted = 0;
  try {
    await read(job);
    report({ type: 'end' });
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    report({ type: 'fault', key: error.key, values: error.values });
  }
}

async function send(message: FromWorker): Promise<void> {
  while (wanted === 0) await new Promise<void>((resolve) => (resume = resolve));
  wanted -= 1;
  report(message);
}

async function read(job: ReadJob): Promise<void> {
  const table = keptTable(await readTable(job.bytes, job.filename));
  const { facts } = table;
  const recognition = recogniseColumns(job.kind, facts.header, job.choice);
  const usable = recognition.missing.length === 0 && recognition.twice.length === 0;
  const { rows, decimal: found } = await surveyTable(table, recognition.mapping);
  const decimal = job.context.decimal ?? found;
  const samples = await firstRows(table.batches());
  report({ type: 'begin', summary: { facts, recognition, rows, decimal, samples } });
  if (!usable) return;
  const check = createRowChecker(job.kind, recognition.mapping, facts.header.length, { ...job.context, decimal });
  for await (const batch of table.batches()) await send({ type: 'batch', rows: batch.map(check) });
}

async function firstRows(batches: AsyncGenerator<{ cells: (string | number)[] }[]>): Promise<string[][]> {
  for await (const batch of batches) return batch.slice(0, SAMPLES).map(({ cells }) => cells.map(cellText));
  return [];
}
