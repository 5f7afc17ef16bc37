import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { MessageValues } from '../../shared/errors.ts';
import type { CheckedRow } from './check-table.ts';
import type { ColumnChoice, Recognition } from './columns.ts';
import type { CheckContext } from './field-readers.ts';
import type { ImportKind } from './fields.ts';
import type { DecimalMark } from './money-value.ts';
import { keepThread, takeThread } from './reading-thread.ts';
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
  /** For whoever needs no more; reading to the end, or leaving the loop, does so too. */
  close(): Promise<void>;
}

export type FromWorker =
  | { type: 'begin'; summary: FileSummary }
  | { type: 'batch'; rows: CheckedRow[] }
  | { type: 'end' }
  | { type: 'fault'; key: string; values: MessageValues };

export type ToWorker = { type: 'read'; job: ReadJob } | { type: 'more'; batches: number };

/** Two on their way keep the worker busy while one is being used. */
const IN_FLIGHT = 3;

/**
 * Reads and checks a file in a thread of its own. Rejects with a FileFault where the file as a whole cannot be taken:
 * all of those are found before the first batch.
 */
export async function readInWorker<K extends ImportKind>(job: ReadJob<K>): Promise<ReadResult<K>> {
  const reading = beginReading(job);
  const first = await reading.next();
  if (first.type !== 'begin') throw new Error('The reader sent rows before it said what they are');
  const summary = first.summary as FileSummary<K>;
  return { summary, batches: batches<K>(reading), close: reading.leave };
}

async function* batches<K extends ImportKind>({ ask, next, leave }: Reading): AsyncGenerator<CheckedRow<K>[]> {
  try {
    ask(IN_FLIGHT);
    for (;;) {
      const message = await next();
      if (message.type !== 'batch') return;
      yield message.rows as CheckedRow<K>[];
      ask(1);
    }
  } finally {
    await leave();
  }
}

interface Reading {
  ask(batches: number): void;
  /** Messages in their order; a fault, a crash and an early end are its errors. */
  next(): Promise<FromWorker>;
  /** Ends a thread that is not at the end of the file. */
  leave(): Promise<void>;
}

function beginReading(job: ReadJob): Reading {
  const thread = takeThread();
  const inbox = createInbox(thread);
  const tell = (message: ToWorker) => {
    if (!inbox.over()) thread.postMessage(message);
  };
  tell({ type: 'read', job });
  return {
    ask: (batches) => tell({ type: 'more', batches }),
    next: inbox.next,
    async leave() {
      if (!inbox.over()) await thread.terminate();
    },
  };
}

interface Inbox {
  next(): Promise<FromWorker>;
  /** The thread is dead, or kept for another file. */
  over(): boolean;
}

function createInbox(thread: Worker): Inbox {
  const waiting: FromWorker[] = [];
  let failure: Error | undefined;
  let over = false;
  const arrived = new EventTarget();
  const wake = () => arrived.dispatchEvent(new Event('change'));
  const end = (error?: Error) => {
    over = true;
    failure ??= error;
    wake();
  };
  thread.on('message', (message: FromWorker) => {
    if (message.type === 'end' || message.type === 'fault') keepThread(thread);
    if (message.type === 'fault') return end(new FileFault(message.key, message.values));
    waiting.push(message);
    if (message.type === 'end') end();
    else wake();
  });
  thread.on('error', (error: Error & { code?: string }) =>
    end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? fault('tooMuchMemory') : error),
  );
  thread.on('exit', () => end(new Error('The reader ended early')));
  const next = async (): Promise<FromWorker> => {
    while (waiting.length === 0) {
      if (failure) throw failure;
      await once(arrived, 'change');
    }
    return waiting.shift()!;
  };
  return { next, over: () => over };
}
