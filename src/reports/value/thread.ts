import { othersFirst } from '../../shared/others-first.ts';
import { createProcess } from '../../shared/threads/process.ts';
import type { Expected, Model, Purchases } from './model.ts';

export type Ask =
  | { type: 'gather'; isFirst: boolean; purchases: Purchases }
  | { type: 'fit' }
  | { type: 'forecast'; purchases: Purchases; model: Model; discount: number };

/** Of all customers. */
export type Columns = Record<keyof Purchases, number[]>;

/** Fits and forecasts in a process of its own, so that no page waits. */
export interface ValueThread {
  fit(purchases: Columns): Promise<Model | undefined>;
  forecast(purchases: Purchases, model: Model, discount: number): Promise<Expected>;
  /** The night's work is done: the process ends, another night begins another. */
  stop(): Promise<void>;
}

const HEAP_MEGABYTES = 256;
const KEPT_MS = 1000;

/** So many customers are handed over at a time, so that no page waits for it. */
const PART = 5000;

export function createValueThread(): ValueThread {
  const options = { heapMegabytes: HEAP_MEGABYTES, keptMs: KEPT_MS };
  const thread = createProcess(new URL('./value.worker.ts', import.meta.url), options);
  const ask = (wish: Ask) => thread.ask(wish);
  return {
    async fit(purchases) {
      for (let start = 0; start < purchases.age.length; start += PART) {
        await ask({ type: 'gather', isFirst: start === 0, purchases: partOf(purchases, start) });
        await othersFirst();
      }
      return (await ask({ type: 'fit' })) as Model | undefined;
    },
    forecast: (purchases, model, discount) =>
      ask({ type: 'forecast', purchases, model, discount }) as Promise<Expected>,
    stop: thread.stop,
  };
}

function partOf(purchases: Columns, start: number): Purchases {
  const column = (name: keyof Purchases) => Float64Array.from(purchases[name].slice(start, start + PART));
  return { frequency: column('frequency'), recency: column('recency'), age: column('age'), total: column('total') };
}
