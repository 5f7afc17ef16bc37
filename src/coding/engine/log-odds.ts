/** How often something was said in a group and outside it, of how many sayings. */
export interface Counts {
  inside: number;
  ofInside: number;
  outside: number;
  ofOutside: number;
}

/** The prior counts as much as so many sayings, spread as all that was said. */
const PRIOR = 500;

/**
 * How much more a word belongs to a group than to the rest: the z-score of the log-odds ratio with an informative Dirichlet
 * prior (Monroe, Colaresi and Quinn 2008), which neither rare nor common words can win by chance.
 */
export function logOddsZ({ inside, ofInside, outside, ofOutside }: Counts): number {
  const prior = (PRIOR * (inside + outside)) / (ofInside + ofOutside);
  const odds = (count: number, all: number) => Math.log((count + prior) / (all + PRIOR - count - prior));
  return (odds(inside, ofInside) - odds(outside, ofOutside)) / Math.sqrt(1 / (inside + prior) + 1 / (outside + prior));
}
