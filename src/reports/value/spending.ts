import { lnGamma } from '../../shared/distributions.ts';
import { maximise, type Likelihood } from './maximum.ts';
import { digamma, trigamma } from './special.ts';

/** What customers spend: each at its own place, how many purchases, and their mean amount. Amounts are above 0. */
interface Spends {
  purchases: ArrayLike<number>;
  mean: ArrayLike<number>;
}

/** p, q and gamma of the Gamma-Gamma model; gamma is in the unit of the amounts. */
export interface Spending {
  p: number;
  q: number;
  gamma: number;
}

export interface FittedSpending extends Spending {
  /** Null where amounts are so alike that the parameter has no estimate but its most. */
  standardErrors: Record<keyof Spending, number | null>;
  logLikelihood: number;
}

const STARTS = [
  [3, 3, 3],
  [1, 2, 1],
  [15, 8, 0.5],
  [40, 3, 0.1],
];

/** Of p, q and gamma: beyond this one customer's amounts, or all customers' means, are the same. */
const MOST = [1000, 1000, Infinity];

/**
 * The Gamma-Gamma model of spend (P. S. Fader and B. G. S. Hardie, 2013; Colombo and Jiang 1999), by maximum likelihood.
 * Undefined where the amounts do not tell its parameters.
 */
export function fitSpending({ purchases, mean }: Spends): FittedSpending | undefined {
  const unit = Array.from(mean).reduce((sum, each) => sum + each, 0) / mean.length;
  const scaled = Float64Array.from(mean, (each) => each / unit);
  const likelihood = ([p = 1, q = 1, gamma = 1]: number[]) => likelihoodOf(purchases, scaled, { p, q, gamma });
  for (const start of STARTS) {
    const found = maximise(start, MOST, likelihood);
    if (!found) continue;
    const [p = 0, q = 0, gamma = 0] = found.parameters;
    const [p1, q1, gamma1] = found.standardErrors;
    const standardErrors = { p: p1 ?? null, q: q1 ?? null, gamma: gamma1 == null ? null : gamma1 * unit };
    const logLikelihood = found.value - mean.length * Math.log(unit);
    return { p, q, gamma: gamma * unit, standardErrors, logLikelihood };
  }
  return undefined;
}

/** What depends on the number of purchases alone, worked out once for each. */
interface Terms {
  value: number;
  both: number;
  own: number;
  bothCurve: number;
  ownCurve: number;
}

function likelihoodOf(purchases: ArrayLike<number>, mean: Float64Array, { p, q, gamma }: Spending): Likelihood {
  const known = new Map<number, Terms>();
  const [lnGammaQ, psiQ, psiQ1] = [lnGamma(q), digamma(q), trigamma(q)];
  let value = 0;
  let [gp, gq, gg, pp, pq, pg, qq, qg, gg2] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < mean.length; i++) {
    const x = purchases[i]!;
    const t = known.get(x) ?? termsOf(x, p, q);
    known.set(x, t);
    const z = mean[i]!;
    const all = gamma + x * z;
    const lnOwn = Math.log((x * z) / all);
    const lnPrior = Math.log(gamma / all);
    value += t.value - lnGammaQ + p * x * lnOwn + q * lnPrior - Math.log(z);
    gp += x * (t.both - t.own + lnOwn);
    gq += t.both - psiQ + lnPrior;
    gg += q / gamma - (q + p * x) / all;
    pp += x * x * (t.bothCurve - t.ownCurve);
    pq += x * t.bothCurve;
    pg -= x / all;
    qq += t.bothCurve - psiQ1;
    qg += 1 / gamma - 1 / all;
    gg2 += (q + p * x) / (all * all) - q / (gamma * gamma);
  }
  const hessian = [
    [pp, pq, pg],
    [pq, qq, qg],
    [pg, qg, gg2],
  ];
  return { value, gradient: [gp, gq, gg], hessian };
}

function termsOf(x: number, p: number, q: number): Terms {
  const [both, own] = [p * x + q, p * x];
  return {
    value: lnGamma(both) - lnGamma(own),
    both: digamma(both),
    own: digamma(own),
    bothCurve: trigamma(both),
    ownCurve: trigamma(own),
  };
}

/**
 * What a purchase of somebody comes to who made so many with that mean: between their own mean and everybody's, the nearer to
 * their own the more they bought. Undefined where the model has no mean.
 */
export function expectedSpend(purchases: number, mean: number, { p, q, gamma }: Spending): number | undefined {
  const below = p * purchases + q - 1;
  return below > 0 ? (p * (gamma + purchases * mean)) / below : undefined;
}
