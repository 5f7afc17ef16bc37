/** A share of something with its 95 % interval, all between 0 and 1. */
export interface Share {
  share: number;
  low: number;
  high: number;
}

/** The 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * The share k of n with Wilson's score interval (E. B. Wilson, 1927), two-sided 95 %: right for small bases too,
 * and never outside 0 to 1. 81 of 263 -> 30.8 % (25.5-36.6). With n = 0 nothing is known: 0-100 %.
 * @param z how many standard errors to either side: more where the error itself is uncertain
 */
export function wilson(k: number, n: number, z: number = Z): Share {
  if (n === 0) return { share: 0, low: 0, high: 1 };
  const share = k / n;
  const z2 = z * z;
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (z / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return { share, low: k === 0 ? 0 : middle - half, high: k === n ? 1 : middle + half };
}

/**
 * The 97.5 % point of Student's t with so many degrees of freedom, from 3 on within 0.02 (Cornish-Fisher expansion; Abramowitz
 * and Stegun 1964, 26.7.5).
 */
export function student(freedom: number): number {
  const [z, n] = [Z, freedom];
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + (z ** 3 + z) / (4 * n) + second / n ** 2 + third / n ** 3;
}
