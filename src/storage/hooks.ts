import type { Tx } from './storage.ts';

export type Hook<T> = (tx: Tx, news: T) => Promise<unknown>;

/** Who is to know of something, in the transaction in which it happens. */
export interface Hooks<T> {
  on(hook: Hook<T>): void;
  tell(tx: Tx, news: T): Promise<void>;
}

export function createHooks<T>(): Hooks<T> {
  const hooks: Hook<T>[] = [];
  return {
    on: (hook) => void hooks.push(hook),
    async tell(tx, news) {
      for (const hook of hooks) await hook(tx, news);
    },
  };
}
