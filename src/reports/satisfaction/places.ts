/** What is counted: under a topic (scores of a part, a question) an item (a score, a code; '' standing for all). */
export interface Item {
  topic: string;
  item: string;
}

export interface ItemRow extends Item {
  place: number;
}

export type Places = ReturnType<typeof createPlaces>;

/** Gives each item a place, a number by which sums name it. */
export function createPlaces(known: readonly ItemRow[] = []) {
  const topics = new Map<string, Map<string, number>>();
  const items = new Map<number, Item>();
  let added: ItemRow[] = [];
  let next = 1;

  const itemsIn = (topic: string): Map<string, number> => {
    let found = topics.get(topic);
    if (!found) topics.set(topic, (found = new Map()));
    return found;
  };

  function keep({ place, topic, item }: ItemRow): void {
    itemsIn(topic).set(item, place);
    items.set(place, { topic, item });
    next = Math.max(next, place + 1);
  }
  for (const row of known) keep(row);

  function add(topic: string, item: string): number {
    const row = { place: next, topic, item };
    keep(row);
    added.push(row);
    return row.place;
  }

  return {
    /** The places of a topic's items; an item without one is given the next. */
    of(topic: string): (item: string) => number {
      const own = itemsIn(topic);
      return (item) => own.get(item) ?? add(topic, item);
    },
    itemAt: (place: number): Item | undefined => items.get(place),
    added: (): readonly ItemRow[] => added,
    /** What was added is kept by now. */
    areKept: () => void (added = []),
  };
}
