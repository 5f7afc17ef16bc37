import { Worker } from 'node:worker_threads';

const HEAP_MEGABYTES = 1024;
const KEPT_MS = 60_000;

let kept: { thread: Worker; timer: NodeJS.Timeout } | undefined;

/** A thread that has nothing to do: the one kept since the last file, or a new one. */
export function takeThread(): Worker {
  if (!kept) return startThread();
  const { thread, timer } = kept;
  kept = undefined;
  clearTimeout(timer);
  forgetListeners(thread);
  thread.ref();
  return thread;
}

function startThread(): Worker {
  return new Worker(new URL('./read.worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  });
}

/**
 * Keeps a thread that has read its file to the end for a minute: starting one takes longer than reading most files.
 * It does not keep the process from ending.
 */
export function keepThread(thread: Worker): void {
  if (kept) return void thread.terminate();
  const forget = () => {
    if (kept?.thread !== thread) return;
    clearTimeout(kept.timer);
    kept = undefined;
  };
  forgetListeners(thread);
  thread.on('error', forget).on('exit', forget).unref();
  kept = { thread, timer: setTimeout(() => void thread.terminate(), KEPT_MS).unref() };
}

/** By name: a thread has listeners of Node's own, which it needs. */
function forgetListeners(thread: Worker): void {
  for (const event of ['message', 'error', 'exit']) thread.removeAllListeners(event);
}
