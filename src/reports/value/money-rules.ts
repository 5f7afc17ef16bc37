/** Yearly figures of one customer. Money may be in any unit; shares are between 0 and 1. */
export interface Yearly {
  /** What is left of a year's spend after what the goods cost. */
  margin: number;
  /** The share that stays for another year. */
  retention: number;
  /** What money is worth less for coming a year later. */
  discount: number;
}

/** Customers x share lost x yearly spend: 700 x 20 % x 300 = 42,000 a year. */
export function lostInYear(customers: number, shareLost: number, yearlySpend: number): number {
  return customers * shareLost * yearlySpend;
}

/**
 * Margin m of each year to come, as long as they stay (r) and discounted (d): m r / (1 + d - r). 300, 0.8 and 0.1 -> 800.
 * Infinity where nobody leaves and nothing is discounted.
 */
export function lifetimeValue({ margin, retention, discount }: Yearly): number {
  return margin === 0 ? 0 : (margin * retention) / (1 + discount - retention);
}

/** The same with this year's payment, which comes for sure: m (1 + d) / (1 + d - r). 300, 0.8 and 0.1 -> 1,100. */
export function lifetimeValueFromNow({ margin, retention, discount }: Yearly): number {
  return margin === 0 ? 0 : (margin * (1 + discount)) / (1 + discount - retention);
}

/** Without discount, this year's payment counted: m / (1 - r). 300 and 0.8 -> 1,500. */
export function undiscounted({ margin, retention }: Omit<Yearly, 'discount'>): number {
  return lifetimeValueFromNow({ margin, retention, discount: 0 });
}

const POINT = 0.01;

/** What one point more of retention brings with so many customers. */
export interface Point {
  /** Spend that stays, in the first year. */
  yearlySpend: number;
  /** More lifetime value of all customers together. */
  lifetime: number;
}

/** @param yearlySpend of one customer, before what the goods cost */
export function worthOfPoint(customers: number, yearlySpend: number, yearly: Yearly): Point {
  const better = { ...yearly, retention: Math.min(1, yearly.retention + POINT) };
  const gain = better.retention - yearly.retention;
  return {
    yearlySpend: customers * gain * yearlySpend,
    lifetime: gain === 0 ? 0 : customers * (lifetimeValue(better) - lifetimeValue(yearly)),
  };
}

/** The most that pays for itself, for each customer with whom it works. */
export interface MayBeSpent {
  /** On keeping somebody who would have left: all that they would still bring. */
  keeping: number;
  /** On winning somebody back, and on acquiring somebody: their first payment comes with it. */
  winningBack: number;
  acquiring: number;
}

export function mayBeSpent(yearly: Yearly): MayBeSpent {
  const fromNow = lifetimeValueFromNow(yearly);
  return { keeping: lifetimeValue(yearly), winningBack: fromNow, acquiring: fromNow };
}
