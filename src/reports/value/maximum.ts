/** A log-likelihood at one point: its value, its slopes and its curvature, in the parameters themselves. */
export interface Likelihood {
  value: number;
  gradient: number[];
  hessian: number[][];
}

interface Maximum {
  parameters: number[];
  value: number;
  /** The square roots of the diagonal of the inverse observed information; null for a parameter at its most. */
  standardErrors: (number | null)[];
}

const MOST_STEPS = 300;
/** In logarithms: further than this nobody's customers are. */
const BOUND = 14;
const LONGEST_STEP = 1.5;
/** Half of Newton's decrement: how much higher the maximum can still be. */
const CLOSE = 1e-9;

/**
 * The maximum of a log-likelihood of positive parameters, by Newton's method in their logarithms with Levenberg's damping.
 * A parameter that grows beyond `most` stays there: customers are then all alike in what it tells. Undefined where there is no
 * maximum within reason: the data do not tell the parameters.
 */
export function maximise(
  start: number[],
  most: number[],
  likelihood: (parameters: number[]) => Likelihood,
): Maximum | undefined {
  const highest = most.map(Math.log);
  let theta = start.map((each, i) => Math.min(Math.log(each), highest[i]!));
  let here = inLogarithms(theta, likelihood);
  let damping = 1;
  for (let step = 0; step < MOST_STEPS; step++) {
    const free = theta.flatMap((each, i) => (each < highest[i]! || here.gradient[i]! < 0 ? [i] : []));
    const slopes = part(here.gradient, free);
    const curve = square(here.hessian, free);
    const newton = solve(negated(curve), slopes);
    if (newton && dot(newton, slopes) < CLOSE * (1 + Math.abs(here.value) * 1e-6)) return asMaximum(theta, here, free);
    const move = solve(negated(curve, damping), slopes);
    const next = move && moved(theta, shortened(move), free, highest);
    const there = next?.every((each) => Math.abs(each) < BOUND) ? inLogarithms(next, likelihood) : undefined;
    if (next && there && there.value > here.value) {
      [theta, here] = [next, there];
      damping = damping < 1e-6 ? 0 : damping / 5;
    } else {
      damping = Math.max(1e-3, damping * 4);
      if (damping > 1e15) return undefined;
    }
  }
  return undefined;
}

const part = (of: number[], places: number[]): number[] => places.map((i) => of[i]!);

const square = (of: number[][], places: number[]): number[][] => places.map((i) => part(of[i]!, places));

function moved(theta: number[], move: number[], free: number[], highest: number[]): number[] {
  const next = theta.slice();
  free.forEach((i, place) => (next[i] = Math.min(theta[i]! + move[place]!, highest[i]!)));
  return next;
}

function inLogarithms(theta: number[], likelihood: (parameters: number[]) => Likelihood): Likelihood {
  const p = theta.map(Math.exp);
  const { value, gradient, hessian } = likelihood(p);
  const slopes = gradient.map((each, i) => each * p[i]!);
  return {
    value,
    gradient: slopes,
    hessian: hessian.map((row, i) => row.map((each, j) => each * p[i]! * p[j]! + (i === j ? slopes[i]! : 0))),
  };
}

function asMaximum(theta: number[], { value, hessian }: Likelihood, free: number[]): Maximum | undefined {
  const parameters = theta.map(Math.exp);
  const information = negated(square(hessian, free));
  const standardErrors = parameters.map((parameter, i) => {
    const place = free.indexOf(i);
    if (place < 0) return null;
    const column = solve(
      information,
      free.map((_, j) => (j === place ? 1 : 0)),
    );
    return Math.sqrt(column?.[place] ?? NaN) * parameter;
  });
  const known = standardErrors.every((each) => each === null || Number.isFinite(each));
  return known ? { parameters, value, standardErrors } : undefined;
}

const dot = (a: number[], b: number[]): number => a.reduce((sum, each, i) => sum + each * b[i]!, 0);

const negated = (matrix: number[][], damping = 0): number[][] =>
  matrix.map((row, i) => row.map((each, j) => (i === j ? damping : 0) - each));

function shortened(move: number[]): number[] {
  const longest = Math.max(...move.map(Math.abs));
  return longest > LONGEST_STEP ? move.map((each) => (each * LONGEST_STEP) / longest) : move;
}

/** Solves by Cholesky's decomposition; undefined unless the matrix is positive definite. */
function solve(matrix: number[][], right: number[]): number[] | undefined {
  const size = right.length;
  const lower = matrix.map(() => new Array<number>(size).fill(0));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i]![j]!;
      for (let k = 0; k < j; k++) rest -= lower[i]![k]! * lower[j]![k]!;
      if (i === j && !(rest > 1e-300)) return undefined;
      lower[i]![j] = i === j ? Math.sqrt(rest) : rest / lower[j]![j]!;
    }
  }
  const solved = right.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) solved[i]! -= lower[i]![k]! * solved[k]!;
    solved[i]! /= lower[i]![i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) solved[i]! -= lower[k]![i]! * solved[k]!;
    solved[i]! /= lower[i]![i]!;
  }
  return solved;
}
