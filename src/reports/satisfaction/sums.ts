/**
 * How many, of one item (a score; or a code by its id, '' standing for all who wrote):
 * - `n`: responses; of a code those that colleagues gave it to
 * - `coded`: of all who wrote, those whose words colleagues have coded
 * - `chance`: read by the engine; of a code the sum of its chances
 * - `rest`: the same where no colleague has coded
 */
export type Counts = [n: number, coded: number, chance: number, rest: number];

/** By topic and item; those of days add up to those of months. */
export type Sums = Map<string, Map<string, Counts>>;

export interface Sum {
  topic: string;
  item: string;
  n: number;
  coded: number;
  chance: number;
  rest: number;
}

const DIGITS = 1e6;

export function topicIn(sums: Sums, topic: string): Map<string, Counts> {
  const found = sums.get(topic);
  if (found) return found;
  const made = new Map<string, Counts>();
  sums.set(topic, made);
  return made;
}

export function countsIn(items: Map<string, Counts>, item: string): Counts {
  const found = items.get(item);
  if (found) return found;
  const made: Counts = [0, 0, 0, 0];
  items.set(item, made);
  return made;
}

/** Adds what was written to what is there. */
export function addWritten(sums: Sums, text: string): void {
  const read = JSON.parse(text) as Record<string, Record<string, Counts>>;
  for (const [topic, items] of Object.entries(read)) {
    const own = topicIn(sums, topic);
    for (const [item, counts] of Object.entries(items)) {
      const all = countsIn(own, item);
      for (const i of [0, 1, 2, 3] as const) all[i] += counts[i];
    }
  }
}

/** As text; sums of chances to a millionth. */
export function written(sums: Sums): string {
  const short = (value: number) => Math.round(value * DIGITS) / DIGITS;
  const topics = Array.from(sums, ([topic, items]) => {
    const counts = Array.from(items, ([item, own]) => [item, own.map(short)]);
    return [topic, Object.fromEntries(counts) as Record<string, Counts>];
  });
  return JSON.stringify(Object.fromEntries(topics));
}

export const listOf = (sums: Sums): Sum[] =>
  Array.from(sums, ([topic, items]) =>
    Array.from(items, ([item, [n, coded, chance, rest]]) => ({ topic, item, n, coded, chance, rest })),
  ).flat();
