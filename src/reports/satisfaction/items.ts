import type { Storage } from '../../storage/index.ts';
import { itemsOf } from './items-store.ts';
import { createPlaces } from './places.ts';
import { listOf, type Sum, type Sums } from './sums.ts';

/** Says what sums count. What stands at a place never changes, so it is read again only where sums know a place more. */
export function createItems({ read }: Pick<Storage, 'read'>) {
  let places = createPlaces();

  return {
    async listOf(sums: Sums): Promise<Sum[]> {
      const isKnown = Array.from(sums.keys()).every((place) => places.itemAt(place));
      if (!isKnown) places = createPlaces(await itemsOf(read));
      return listOf(sums, places.itemAt);
    },
  };
}
