import type { Told } from './predict.ts';

/** How much each part of the worth of asking counts. */
const NOVELTY = 0.35;

/**
 * What a person's word on this answer would teach, between 0 and 1: how close the engine's codes are to being otherwise
 * (uncertainty sampling, Lewis and Gale 1994, by the margin to the threshold of each code) and how many of its words the
 * engine has never met.
 */
export function worthOfAsking({ chances, thresholds, knownWords }: Told & { thresholds: readonly number[] }): number {
  let closest = 0;
  for (let code = 0; code < chances.length; code++)
    closest = Math.max(closest, closeness(chances[code]!, thresholds[code]!));
  return (1 - NOVELTY) * closest + NOVELTY * (1 - knownWords);
}

/** 1 at the threshold, falling to 0 at certainty on either side. */
function closeness(chance: number, threshold: number): number {
  return chance < threshold ? chance / threshold : (1 - chance) / (1 - threshold);
}
