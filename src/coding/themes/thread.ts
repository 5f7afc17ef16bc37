import { createThread } from '../../shared/threads/thread.ts';
import type { ClashesAsk, LineFound } from './clashes.ts';
import type { FoundNames, NamesAsk } from './names.ts';
import type { FoundTheme, ThemesAsk } from './finding.ts';

export type Ask = ThemesAsk | NamesAsk | ClashesAsk;

interface Replies {
  themes: FoundTheme[];
  names: FoundNames;
  clashes: LineFound[];
}

/** One question at a time, on a thread, so that no page waits. */
export interface ThemesThread {
  ask<A extends Ask>(ask: A): Promise<Replies[A['type']]>;
  /** What is under way is given up, and nothing more is taken up. */
  stop(): Promise<void>;
}

const HEAP_MEGABYTES = 512;
/** Long enough to gather names from one part of the answers after the other. */
const KEPT_MS = 2000;

/** @param knowledge the folder of what was written for the product's own codebooks */
export function createThemesThread(knowledge: string): ThemesThread {
  const thread = createThread(new URL('./themes.worker.ts', import.meta.url), {
    data: knowledge,
    heapMegabytes: HEAP_MEGABYTES,
    keptMs: KEPT_MS,
  });
  return { ask: (ask) => thread.ask(ask) as Promise<never>, stop: thread.stop };
}
