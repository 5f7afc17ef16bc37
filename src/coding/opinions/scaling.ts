/** Chances under this tell nothing that a share would feel. */
const LEAST = 0.01;

/** The chances of being the main reason that are worth keeping, by code, so that they add up to one. */
export function scaled(codes: readonly string[], mains: readonly number[]): Record<string, number> {
  const kept = codes.map((code, i) => [code, mains[i] ?? 0] as const).filter(([, chance]) => chance >= LEAST);
  const all = kept.reduce((sum, [, chance]) => sum + chance, 0);
  return Object.fromEntries(kept.map(([code, chance]) => [code, chance / all]));
}
