/** A log-likelihood at one point: its value, its slopes and its curvature, in the parameters themselves. */
export interface Likelihood {
  value: number;
  gradient: number[];
  hessian: number[][];
}

export interface Maximum {
  parameters: number[];
  value: number;
  /** The square roots of the diagonal of the inverse observed information. */
  standardErrors: number[];
}

const MOST_STEPS = 300;
/** In logarithms: further than this nobody's customers are. */
const BOUND = 14;
const LONGEST_STEP = 1.5;
/** Half of Newton's decrement: how much higher the maximum can still be. */
const CLOSE = 1e-9;

/**
 * The maximum of a log-likelihood of positive parameters, by Newton's method in their logarithms with Levenberg's damping.
 * Undefined where there is none within reason: the data do not tell the parameters.
 */
export function maximise(start: number[], likelihood: (parameters: number[]) => Likelihood): Maximum | undefined {
  let theta = start.map(Math.log);
  let here = inLogarithms(theta, likelihood);
  let damping = 1;
  for (let step = 0; step < MOST_STEPS; step++) {
    const newton = solve(negated(here.hessian), here.gradient);
    if (newton && dot(newton, here.gradient) < CLOSE * (1 + Math.abs(here.value) * 1e-6)) return asMaximum(theta, here);
    const move = solve(negated(here.hessian, damping), here.gradient);
    const next = move && theta.map((each, i) => each + shortened(move)[i]!);
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

function asMaximum(theta: number[], { value, hessian }: Likelihood): Maximum | undefined {
  const parameters = theta.map(Math.exp);
  const information = negated(hessian);
  const variances = theta.map(
    (_, i) =>
      solve(
        information,
        theta.map((__, j) => (i === j ? 1 : 0)),
      )?.[i] ?? NaN,
  );
  const standardErrors = variances.map((variance, i) => Math.sqrt(variance) * parameters[i]!);
  return standardErrors.every(Number.isFinite) ? { parameters, value, standardErrors } : undefined;
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
