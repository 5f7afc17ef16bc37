import type { Audited } from '../../src/coding/engine/shares.ts';
import { seeded } from '../../src/coding/engine/random.ts';

export interface Person {
  labels: number[];
  predictions: number[];
  amount: number;
  /** Between 0 and 1, drawn once. */
  number: number;
}

/**
 * People with one main reason each, and predictions that know something about it: a mix of the truth, of another reason and of
 * how frequent reasons are, adding up to one. Amounts are skewed as spending is, and depend on the reason.
 */
export function madeUpPeople(count: number, shares: number[], seed: number): Person[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const main = drawnFrom(shares, random());
    const wrong = drawnFrom(shares, random());
    const trust = 0.2 + random() * 0.7;
    const predictions = shares.map((share, code) => (1 - trust) * share + trust * Number(code === main));
    if (random() < 0.3) [predictions[main], predictions[wrong]] = [predictions[wrong]!, predictions[main]!];
    const amount = Math.round(10_000 * (1 + main) * Math.exp(0.8 * bell(random)));
    return { labels: shares.map((_, code) => Number(code === main)), predictions, amount, number: random() };
  });
}

/** About normal. */
const bell = (random: () => number) => 1.41 * (random() + random() + random() + random() + random() + random() - 3);

function drawnFrom(shares: number[], point: number): number {
  let sum = 0;
  const found = shares.findIndex((share) => point < (sum += share));
  return found < 0 ? shares.length - 1 : found;
}

export const asAudited = ({ labels, predictions }: Person, inclusion: number, amount?: number): Audited => ({
  labels,
  predictions,
  inclusion,
  amount,
});

export const shareOf = (people: Person[], code: number, weight = (_: Person) => 1): number =>
  people.reduce((sum, each) => sum + weight(each) * each.labels[code]!, 0) /
  people.reduce((sum, each) => sum + weight(each), 0);
