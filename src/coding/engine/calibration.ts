import { sigmoid } from './logistic.ts';

/** Margin to probability: s(slope * margin + intercept). */
export interface Sigmoid {
  slope: number;
  intercept: number;
}

/** What is believed before any label speaks, as strongly as so many labels. */
const PRIOR_STRENGTH = 4;

/**
 * Platt scaling (Platt 1999) by Newton's method with the careful numerics of Lin, Lin and Weng (2007), drawn towards a prior
 * sigmoid so that a handful of labels cannot bend it: the prior acts as a Gaussian around its slope and intercept. The slope
 * stays above zero, so that a higher margin is never a lower probability.
 */
export function calibrate(margins: ArrayLike<number>, truths: ArrayLike<number>, prior: Sigmoid): Sigmoid {
  let { slope, intercept } = prior;
  for (let step = 0; step < 30; step++) {
    const { gradient, hessian } = derivatives(margins, truths, { slope, intercept }, prior);
    const determinant = hessian[0] * hessian[2] - hessian[1] ** 2;
    const bySlope = (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant;
    const byIntercept = (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant;
    const length = Math.min(1, 2 / (Math.abs(bySlope) + Math.abs(byIntercept) + 1e-12));
    slope = Math.max(0.05, slope - length * bySlope);
    intercept -= length * byIntercept;
    if (Math.abs(bySlope) + Math.abs(byIntercept) < 1e-6) break;
  }
  return { slope, intercept };
}

function derivatives(margins: ArrayLike<number>, truths: ArrayLike<number>, at: Sigmoid, prior: Sigmoid) {
  const gradient: [number, number] = [
    PRIOR_STRENGTH * (at.slope - prior.slope),
    PRIOR_STRENGTH * 0.25 * (at.intercept - prior.intercept),
  ];
  const hessian: [number, number, number] = [PRIOR_STRENGTH, 0, PRIOR_STRENGTH * 0.25];
  for (let i = 0; i < margins.length; i++) {
    const margin = margins[i]!;
    const p = sigmoid(at.slope * margin + at.intercept);
    const over = p - truths[i]!;
    const spread = p * (1 - p);
    gradient[0] += over * margin;
    gradient[1] += over;
    hessian[0] += spread * margin * margin;
    hessian[1] += spread * margin;
    hessian[2] += spread;
  }
  return { gradient, hessian };
}

export const probability = ({ slope, intercept }: Sigmoid, margin: number): number =>
  sigmoid(slope * margin + intercept);
