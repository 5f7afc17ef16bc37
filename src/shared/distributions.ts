/** Coefficients of the Lanczos series with g = 7 and nine terms: relative error under 1e-14. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** The natural logarithm of the gamma function (C. Lanczos, 1964). Infinity at zero and at the negative integers. */
export function lnGamma(x: number): number {
  if (x <= 0 && Number.isInteger(x)) return Infinity;
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - lnGamma(1 - x);
  const y = x - 1;
  let sum = LANCZOS[0] ?? 0;
  for (let i = 1; i < LANCZOS.length; i++) sum += (LANCZOS[i] ?? 0) / (y + i);
  const t = y + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** From here on the tail is so thin that 1 minus the rest would lose its digits. */
const TAIL = 2.5;

/**
 * The share of the standard normal distribution below z, with full relative accuracy in the tails: in the middle the
 * series of G. Marsaglia (2004), beyond it Laplace's continued fraction of Mills' ratio.
 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return NaN;
  if (z < -TAIL) return density(z) / mills(-z);
  if (z > TAIL) return 1 - density(z) / mills(z);
  let [sum, term] = [z, z];
  for (let i = 3; Math.abs(term) > 1e-18; i += 2) sum += term *= (z * z) / i;
  return 0.5 + density(z) * sum;
}

const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** z + 1/(z + 2/(z + 3/...)), from the inside outwards. */
function mills(z: number): number {
  let fraction = z;
  for (let i = 200; i > 0; i--) fraction = z + i / fraction;
  return fraction;
}

/**
 * The point below which so much of the standard normal distribution lies: P. J. Acklam's rational approximation (2003) with
 * one step of Halley's method, which takes it to the last digits. -Infinity at 0, Infinity at 1.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  if (p > 0.5) return -normalQuantile(1 - p);
  const z = p < 0.02425 ? lowerTail(Math.sqrt(-2 * Math.log(p))) : middle(p - 0.5);
  const u = (normalCdf(z) - p) / density(z);
  return z - u / (1 + (z * u) / 2);
}

const polynomial = (x: number, coefficients: number[]): number => coefficients.reduce((sum, c) => sum * x + c, 0);

function lowerTail(q: number): number {
  const above = [
    -7.784894002430293e-3, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const below = [7.784695709041462e-3, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
  return polynomial(q, above) / polynomial(q, below);
}

function middle(q: number): number {
  const above = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
  ];
  const below = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1];
  return (q * polynomial(q * q, above)) / polynomial(q * q, below);
}
