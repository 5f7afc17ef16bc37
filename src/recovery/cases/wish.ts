import type { EventRow } from './thread-store.ts';

const WISHES = ['phone', 'mail', 'no'] as const;
type Wish = (typeof WISHES)[number];

/** How they asked to be answered, as they said it last; undefined where they did not say. */
export function wishOf(newestFirst: EventRow[]): Wish | undefined {
  for (const { kind } of newestFirst) {
    const said = /^(?:wish|comment)\.(.+)$/.exec(kind)?.[1];
    const wish = WISHES.find((each) => each === said);
    if (wish) return wish;
  }
  return undefined;
}
