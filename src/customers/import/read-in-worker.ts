import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { MessageValues } from '../../shared/errors.ts';
import type { CheckedRow } from './check-table.ts';
import type { ColumnChoice, Recognition } from './columns.ts';
import type { CheckContext } from './field-readers.ts';
import type { ImportKind } from './fields.ts';
import type { DecimalMark } from './money-value.ts';
import { fault, FileFault, type TableFacts } from './table.ts';

/** `context.decimal` null lets the file tell; a mark given there is a person's word for it. */
export interface ReadJob<K extends ImportKind = ImportKind> {
  bytes: Uint8Array;
  filename: string;
  kind: K;
  choice?: ColumnChoice;
  context: CheckContext;
}

/** `rows` without header and empty rows; `samples` are the first five as text, by column. */
export interface FileSummary<K extends ImportKind = ImportKind> {
  facts: TableFacts;
  recognition: Recognition<K>;
  rows: number;
  decimal: DecimalMark | null;
  samples: string[][];
}

export interface ReadResult<K extends ImportKind = ImportKind> {
  summary: FileSummary<K>;
  /** To be read once; there are none while a required column is missing or a field was chosen twice. */
  batches: AsyncGenerator<CheckedRow<K>[]>;
  /** Ends the worker for whoever needs no more; reading to the end, or leaving the loop, does so too. */
  close(): Promise<void>;
}

export type FromWorker =
  | { type: 'begin'; summary: FileSummary }
  | { type: 'batch'; rows: CheckedRow[] }
  | { type: 'end' }
  | { type: 'fault'; key: string; values: MessageValues };

export interface ToWorker {
  batches: number;
}

/** Two on their way keep the worker busy while one is being used. */
const IN_FLIGHT = 3;
const HEAP_MEGABYTES = 1024;

/**
 * Reads and checks a file in a thread of its own. Rejects with a FileFault where the file as a whole cannot be taken:
 * all of those are found before the first batch.
 */
export async function readInWorker<K extends ImportKind>(job: ReadJob<K>): Promise<ReadResult<K>> {
  const worker = new Worker(new URL('./read.worker.ts', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  });
  const inbox = createInbox(worker);
  const first = await inbox.next();
  if (first.type !== 'begin') throw new Error('The reader sent rows before it said what they are');
  const summary = first.summary as FileSummary<K>;
  const close = async () => void (await worker.terminate());
  return { summary, batches: batches<K>(worker, inbox), close };
}

async function* batches<K extends ImportKind>(worker: Worker, inbox: Inbox): AsyncGenerator<CheckedRow<K>[]> {
  const ask = (batches: number) => worker.postMessage({ batches } satisfies ToWorker);
  try {
    ask(IN_FLIGHT);
    for (;;) {
      const message = await inbox.next();
      if (message.type !== 'batch') return;
      yield message.rows as CheckedRow<K>[];
      ask(1);
    }
  } finally {
    await worker.terminate();
  }
}

interface Inbox {
  next(): Promise<FromWorker>;
}

/** Messages in their order; a fault, a crash and an early end are errors of `next()`. */
function createInbox(worker: Worker): Inbox {
  const waiting: FromWorker[] = [];
  let failure: Error | undefined;
  const arrived = new EventTarget();
  const wake = () => arrived.dispatchEvent(new Event('change'));
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'fault') failure ??= new FileFault(message.key, message.values);
    else waiting.push(message);
    wake();
  });
  worker.on('error', (error: Error & { code?: string }) => {
    failure ??= error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? fault('tooMuchMemory') : error;
    wake();
  });
  worker.on('exit', () => {
    failure ??= new Error('The reader ended early');
    wake();
  });
  const next = async (): Promise<FromWorker> => {
    while (waiting.length === 0) {
      if (failure) throw failure;
      await once(arrived, 'change');
    }
    return waiting.shift()!;
  };
  return { next };
}
