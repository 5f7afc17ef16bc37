import { isAlike } from '../engine/entity-merging.ts';
import type { FoundNames, Spelling } from './names.ts';

/** The programme whose answers say where customers have gone. */
export const LEAVING = 'leaving';

/** One way to name a competitor. The same under another name has a root of its own choosing. */
export interface Competitor {
  id: string;
  key: string;
  name: string;
  state: 'new' | 'yes' | 'no' | 'same';
  mergedIntoId: string | null;
  rootId: string;
  decidedAt: string | null;
  accountId: string | null;
  /** How many name it, itself or in another spelling; of what counts as another, none. */
  responses: number;
}

/** Whether other names may count as this one. */
export const mayHaveOthers = ({ state }: Competitor): boolean => state !== 'same' && state !== 'no';

/** What each name counts as, through any number of mergers. */
export function rootsOf(all: Pick<Competitor, 'id' | 'mergedIntoId'>[]): Map<string, string> {
  const into = new Map(all.map(({ id, mergedIntoId }) => [id, mergedIntoId]));
  const rootOf = (id: string, steps = 0): string => {
    const next = into.get(id);
    return next && steps < all.length ? rootOf(next, steps + 1) : id;
  };
  return new Map(all.map(({ id }) => [id, rootOf(id)]));
}

/** A spelling that is not known yet, and the key of the name that it is another way to write. */
export interface NewName extends Spelling {
  sameAs: string | null;
}

/**
 * The new among these names. Each further spelling of a name stands under its first; a name that differs from a known one
 * by a slip stands under that one.
 */
export function newNames(found: FoundNames['names'], known: Pick<Competitor, 'key'>[]): NewName[] {
  const keys = new Set(known.map(({ key }) => key));
  const fresh: NewName[] = [];
  for (const { spellings } of found) {
    let first = known.find((each) => spellings.some(({ key }) => isAlike(each.key, key)))?.key ?? null;
    for (const { name, key } of spellings) {
      if (!keys.has(key)) fresh.push({ name, key, sameAs: first });
      keys.add(key);
      first ??= key;
    }
  }
  return fresh;
}
