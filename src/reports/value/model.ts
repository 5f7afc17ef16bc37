import { fitBuying, type Buying, type FittedBuying, type Histories } from './buying.ts';
import { chanceAlive, expectedPurchases } from './forecast.ts';
import { expectedSpend, fitSpending, type FittedSpending, type Spending } from './spending.ts';

/** What customers bought, each at their own place: days, and money in minor units. */
export interface Purchases extends Histories {
  frequency: Float64Array;
  recency: Float64Array;
  age: Float64Array;
  /** All that they spent. */
  total: Float64Array;
}

/** Times of the model are weeks, as in the literature. */
export interface Model {
  buying: FittedBuying;
  spending: FittedSpending;
}

/** What the model expects of each customer; amounts in minor units, before what the goods cost. */
export interface Expected {
  alive: Float64Array;
  year: Float64Array;
  purchase: Float64Array;
  /** Spend of the next ten years, discounted. */
  lifetime: Float64Array;
}

const WEEK = 7;
const YEAR_IN_WEEKS = 365.25 / WEEK;
export const HORIZON_YEARS = 10;

/** Undefined where purchases or amounts do not tell. */
export function fitModel(purchases: Purchases): Model | undefined {
  const buying = fitBuying(inWeeks(purchases));
  const spending = buying && fitSpending(spends(purchases));
  return spending && { buying, spending };
}

function inWeeks({ frequency, recency, age }: Histories): Histories {
  const weeks = (days: ArrayLike<number>) => Float64Array.from(days, (each) => each / WEEK);
  return { frequency, recency: weeks(recency), age: weeks(age) };
}

/** Every day with a purchase counts, the first one too; who got back as much as they paid has no spend to learn from. */
function spends({ frequency, total }: Purchases) {
  const bought = [...total.keys()].filter((i) => total[i]! > 0);
  const purchases = Float64Array.from(bought, (i) => frequency[i]! + 1);
  return { purchases, mean: Float64Array.from(bought, (i, place) => total[i]! / purchases[place]!) };
}

/** @param discount yearly, from 0 */
export function forecast(
  purchases: Purchases,
  model: { buying: Buying; spending: Spending },
  discount: number,
): Expected {
  const { frequency, recency, age } = inWeeks(purchases);
  const size = frequency.length;
  const column = () => new Float64Array(size);
  const found = { alive: column(), year: column(), purchase: column(), lifetime: column() };
  const rate = Math.log1p(discount) / YEAR_IN_WEEKS;
  for (let i = 0; i < size; i++) {
    const history = { frequency: frequency[i]!, recency: recency[i]!, age: age[i]! };
    const bought = history.frequency + 1;
    const mean = Math.max(0, purchases.total[i]! / bought);
    found.alive[i] = chanceAlive(history, model.buying);
    found.year[i] = expectedPurchases(YEAR_IN_WEEKS, history, model.buying);
    found.purchase[i] = mean > 0 ? (expectedSpend(bought, mean, model.spending) ?? mean) : 0;
    found.lifetime[i] =
      found.purchase[i]! * expectedPurchases(YEAR_IN_WEEKS * HORIZON_YEARS, history, model.buying, rate);
  }
  return found;
}
