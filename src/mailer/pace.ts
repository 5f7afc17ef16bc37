/** Waits until the next message may go; comes back at once when there is no more use in waiting. */
export type Pace = (shouldStop: () => boolean) => Promise<void>;

/** A stop is noticed after so many milliseconds, however slow the pace is. */
const LOOK_MS = 200;

/** Evenly, never more than so many messages a second; without a number as fast as it goes. */
export function createPace(perSecond: number | undefined): Pace {
  if (perSecond === undefined) return () => Promise.resolve();
  const gap = 1000 / perSecond;
  let next = 0;
  let queue = Promise.resolve();
  const wait = async (shouldStop: () => boolean) => {
    for (let left = next - performance.now(); left > 0 && !shouldStop(); left = next - performance.now()) {
      await new Promise((resume) => setTimeout(resume, Math.min(left, LOOK_MS)));
    }
    // Whoever stops has sent nothing, and leaves the moment to those after it.
    if (!shouldStop()) next = Math.max(next, performance.now()) + gap;
  };
  return (shouldStop) => (queue = queue.then(() => wait(shouldStop)));
}
