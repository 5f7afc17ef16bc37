import { daysBetween } from '../../shared/dates.ts';
import type { Expected, Purchases } from './model.ts';
import { HORIZON_YEARS } from './model.ts';
import { lifetimeValue, type Yearly } from './money-rules.ts';
import type { CustomerValue, purchasesBetween, ValuedCustomer } from './value-store.ts';

type Bought = Awaited<ReturnType<typeof purchasesBetween>>;

/** Those of a slice who bought anything, with their purchases at the same places. */
export interface Slice {
  customers: ValuedCustomer[];
  buyers: string[];
  purchases: Purchases;
}

export function sliceOf(customers: ValuedCustomer[], bought: Bought, today: string): Slice {
  const buyers = customers.map(({ id }) => id).filter((id) => bought.has(id));
  const column = (of: (each: NonNullable<ReturnType<Bought['get']>>) => number) =>
    Float64Array.from(buyers, (id) => of(bought.get(id)!));
  const purchases = {
    frequency: column(({ days }) => days - 1),
    recency: column(({ first, last }) => daysBetween(first, last)),
    age: column(({ first }) => daysBetween(first, today)),
    total: column(({ total }) => total),
  };
  return { customers, buyers, purchases };
}

/** What the simple formula goes by: yearly, and the same for all customers. */
export type Rates = Omit<Yearly, 'margin'> & { marginShare: number };

/**
 * The simple formula, in whole minor units. Where nobody leaves and nothing is discounted it has no end: then ten years count,
 * as far as the model looks.
 */
function byFormula(spendMinor: number, { marginShare, retention, discount }: Rates): number {
  const margin = spendMinor * marginShare;
  const value = lifetimeValue({ margin, retention, discount });
  return Math.round(Number.isFinite(value) ? value : margin * HORIZON_YEARS);
}

/** A row for each customer of the slice: by the model where there is one for them, else by the formula. */
export function valued(slice: Slice, expected: Expected | null, rates: Rates, at: string): CustomerValue[] {
  const places = new Map(slice.buyers.map((id, place) => [id, place]));
  return slice.customers.map((customer) => {
    const place = places.get(customer.id);
    const formula = byFormula(customer.worth_minor, rates);
    const history = place === undefined ? NO_PURCHASES : historyAt(slice.purchases, place);
    const left = customer.status === 'left';
    const modelled =
      expected && place !== undefined
        ? byModel(expected, place, history.frequency, rates.marginShare, left ? formula : null)
        : { alive: null, expected_year: null, purchase_minor: null, lifetime_minor: formula };
    return {
      customer_id: customer.id,
      ...history,
      ...modelled,
      spend_year_minor: customer.worth_minor,
      has_left: left ? 1 : 0,
      source: sourceOf(customer),
      computed_at: at,
    };
  });
}

const NO_PURCHASES = { frequency: 0, recency_days: 0, age_days: 0 };

const historyAt = ({ frequency, recency, age }: Purchases, place: number) => ({
  frequency: frequency[place]!,
  recency_days: recency[place]!,
  age_days: age[place]!,
});

/** @param foregone of somebody who has left: what the model would say of them is known better */
function byModel(expected: Expected, place: number, frequency: number, margin: number, foregone: number | null) {
  const purchase_minor = Math.round(expected.purchase[place]!);
  if (foregone !== null) return { alive: 0, expected_year: 0, purchase_minor, lifetime_minor: foregone };
  return {
    alive: frequency === 0 ? null : expected.alive[place]!,
    expected_year: expected.year[place]!,
    purchase_minor,
    lifetime_minor: Math.round(expected.lifetime[place]! * margin),
  };
}

function sourceOf({ first_purchase_on, yearly_value_minor }: ValuedCustomer): CustomerValue['source'] {
  if (first_purchase_on !== null) return 'purchases';
  return yearly_value_minor === null ? 'none' : 'typed';
}
