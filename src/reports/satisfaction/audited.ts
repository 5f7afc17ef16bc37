import type { AuditedSums } from '../../coding/index.ts';
import type { Chances, Words } from './parts.ts';
import { countsAt, type Sum, type Sums } from './sums.ts';

/** What a code has become by merging; undefined of one that is in no codebook. */
export type Ultimate = (codeId: string) => string | undefined;

/** Audited answers of one question are counted under the probability with which they were drawn, and the code: '' for all. */
const itemOf = (inclusion: number, codeId: string): string => `${inclusion} ${codeId}`;

/**
 * Adds an answer of an audit: how many there are; by code the label (1 where a colleague gave it), the engine's chance, their
 * product, and the square of the chance.
 */
export function addAudited(sums: Sums, placeOf: (item: string) => number, words: Words, ultimate: Ultimate): void {
  const { inclusion, chances, codes } = words;
  if (inclusion === null || !chances) return;
  countsAt(sums, placeOf(itemOf(inclusion, '')))[0]++;
  const given = new Set((codes ?? []).map(ultimate));
  for (const [codeId, chance] of byUltimate(chances, [...given], ultimate)) {
    const label = given.has(codeId) ? 1 : 0;
    const counts = countsAt(sums, placeOf(itemOf(inclusion, codeId)));
    counts[0] += label;
    counts[1] += chance;
    counts[2] += label * chance;
    counts[3] += chance * chance;
  }
}

/** Every code that somebody names, the engine or a colleague, with its chance. */
function byUltimate(chances: Chances, given: (string | undefined)[], ultimate: Ultimate): Map<string, number> {
  const all = new Map(given.flatMap((codeId) => (codeId === undefined ? [] : [[codeId, 0]])));
  for (const [codeId, chance] of chances) {
    const last = ultimate(codeId);
    if (last !== undefined) all.set(last, (all.get(last) ?? 0) + chance);
  }
  return all;
}

/**
 * The audited answers of one question for an estimate of the shares of these codes. Of codes that were merged since it was
 * counted the products between them are missing until it is counted anew.
 */
export function auditedSums(sums: Sum[], codeIds: readonly string[], ultimate: Ultimate): AuditedSums[] {
  const place = new Map(codeIds.map((codeId, i) => [codeId, i]));
  const groups = Map.groupBy(sums, ({ item }) => item.slice(0, item.indexOf(' ')));
  return Array.from(groups, ([inclusion, all]) => {
    const none = () => new Float64Array(codeIds.length);
    const group = { labels: none(), predictions: none(), products: none(), squares: none() };
    let count = 0;
    for (const { item, n, coded, chance, rest } of all) {
      const codeId = item.slice(inclusion.length + 1);
      if (codeId === '') count += n;
      const at = place.get(ultimate(codeId) ?? '');
      if (at === undefined) continue;
      group.labels[at]! += n;
      group.predictions[at]! += coded;
      group.products[at]! += chance;
      group.squares[at]! += rest;
    }
    return { inclusion: Number(inclusion), count, ...group };
  });
}
