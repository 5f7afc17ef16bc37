/** Below so many leavers a holdout could not say anything for years. Source: measures, "honest power". */
export const LEAVERS_NEEDED = 400;
/** In percent. */
export const MOST_SHARE = 50;
export const SUGGESTED_SHARE = 20;

/** A number drawn uniformly from 0 to 100 holds out when it is below the share in percent. */
export const isBelow = (number: number, share: number): boolean => number < share;

/** Whether so many leavers make a holdout worth its while, and if not, why none is proposed. */
export function adviceFor(leavers: number): 'tooFew' | 'enough' {
  return leavers < LEAVERS_NEEDED ? 'tooFew' : 'enough';
}
