import { judge, type Verdict } from './head.ts';
import type { Trial } from './validation.ts';

/**
 * Verdicts on the rows of a trial, each by a model and a calibration fitted to the other folds (cross-fitting, Chernozhukov
 * et al. 2018), as prediction-powered shares need them. Texts are known to all of it, labels are not.
 */
export function crossFitted({ margins, head, headOf }: Trial): Verdict[] {
  const codes = head.calibration.length;
  return Array.from({ length: margins.length / codes }, (_, row) => judge(headOf(row), margins, row * codes));
}
