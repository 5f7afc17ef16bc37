/** The logarithmic derivative of the gamma function, of x > 0: by steps up to where its asymptotic series is exact. */
export function digamma(x: number): number {
  let [at, sum] = [x, 0];
  while (at < 10) sum -= 1 / at++;
  const q = 1 / (at * at);
  return sum + Math.log(at) - 1 / (2 * at) - q * (1 / 12 - q * (1 / 120 - q * (1 / 252 - q * (1 / 240 - q / 132))));
}

/** Its derivative, in the same way. */
export function trigamma(x: number): number {
  let [at, sum] = [x, 0];
  while (at < 10) sum += 1 / (at * at++);
  const q = 1 / (at * at);
  return sum + (1 + 1 / (2 * at) + q * (1 / 6 - q * (1 / 30 - q * (1 / 42 - q * (1 / 30 - (q * 5) / 66))))) / at;
}

const MOST_TERMS = 200_000;
const HUGE = 1e200;

/**
 * The logarithm of Gauss's hypergeometric function by its series, for 0 <= z < 1, c > 0 and a positive sum; whatever its size,
 * for what has been added up is put aside as a power before it is too large for a number.
 */
export function lnHypergeometric(a: number, b: number, c: number, z: number): number {
  let [term, sum, aside] = [1, 1, 0];
  for (let n = 0; n < MOST_TERMS; n++) {
    const ratio = (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    term *= ratio;
    sum += term;
    if (Math.abs(term) <= Math.abs(sum) * 1e-15 && Math.abs(ratio) < 1) break;
    if (sum > HUGE) {
      aside += Math.log(HUGE);
      term /= HUGE;
      sum /= HUGE;
    }
  }
  return Math.log(sum) + aside;
}
