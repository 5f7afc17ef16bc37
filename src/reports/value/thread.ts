import { createProcess } from '../../shared/threads/process.ts';
import type { Expected, Model, Purchases } from './model.ts';

export type Ask =
  { type: 'fit'; purchases: Purchases } | { type: 'forecast'; purchases: Purchases; model: Model; discount: number };

/** Fits and forecasts in a process of its own, so that no page waits. */
export interface ValueThread {
  fit(purchases: Purchases): Promise<Model | undefined>;
  forecast(purchases: Purchases, model: Model, discount: number): Promise<Expected>;
  /** The night's work is done: the process ends, another night begins another. */
  stop(): Promise<void>;
}

const HEAP_MEGABYTES = 256;
const KEPT_MS = 1000;

export function createValueThread(): ValueThread {
  const options = { heapMegabytes: HEAP_MEGABYTES, keptMs: KEPT_MS };
  const thread = createProcess(new URL('./value.worker.ts', import.meta.url), options);
  const ask = (wish: Ask) => thread.ask(wish);
  return {
    fit: (purchases) => ask({ type: 'fit', purchases }) as Promise<Model | undefined>,
    forecast: (purchases, model, discount) =>
      ask({ type: 'forecast', purchases, model, discount }) as Promise<Expected>,
    stop: thread.stop,
  };
}
