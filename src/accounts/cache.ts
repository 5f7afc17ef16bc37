import type { Clock } from '../shared/clock.ts';

interface Cached<T> {
  get(): Promise<T>;
  /** After a change, so that whoever made it sees it at once. */
  forget(): void;
}

const FRESH_MS = 5000;

/** Reads at most once in five seconds: what another process changes is seen a little later. */
export function cached<T>(clock: Clock, load: () => Promise<T>): Cached<T> {
  let value: Promise<T> | undefined;
  let readAt = 0;
  const forget = () => {
    value = undefined;
  };
  return {
    get() {
      const now = clock.now().getTime();
      if (value && now >= readAt && now < readAt + FRESH_MS) return value;
      readAt = now;
      const loading = load();
      value = loading;
      loading.catch(forget);
      return loading;
    },
    forget,
  };
}
