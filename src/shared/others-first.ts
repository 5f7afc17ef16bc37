import { setImmediate as nextTurn } from 'node:timers/promises';

/** A turn of the event loop that took longer had somebody else's work in it. */
const IDLE_MS = 0.3;
/** Whoever works in the background goes on at some time, however much there is to do. */
const MOST_TURNS = 30;

/**
 * Between the slices of long work: waits until a turn of the event loop has passed in which nobody else had anything to do. A
 * page or an answer needs several turns; so it waits for one slice at most, and none comes between its steps.
 */
export async function othersFirst(): Promise<void> {
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const began = performance.now();
    await nextTurn();
    if (performance.now() - began < IDLE_MS) return;
  }
}
