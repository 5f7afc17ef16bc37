import { countsOf, type Seen } from './customers-seen.ts';
import { hindrance, type Reason } from './method-rules.ts';
import type { Model } from './model.ts';
import type { ValueThread } from './thread.ts';

/** A model of how customers buy, or why there is none. */
export interface Fitted {
  model: Model | null;
  reason: Reason | null;
  fitSeconds: number;
}

/** Fits a model to what was seen, on a thread of its own. */
export async function fitted(thread: ValueThread, seen: Seen): Promise<Fitted> {
  const found = hindrance({ ...countsOf(seen), days: seen.days, variation: seen.variation });
  if (found) return { model: null, reason: found, fitSeconds: 0 };
  const began = performance.now();
  const model = await thread.fit(seen.columns);
  const fitSeconds = (performance.now() - began) / 1000;
  return model ? { model, reason: null, fitSeconds } : { model: null, reason: 'unfit', fitSeconds };
}
