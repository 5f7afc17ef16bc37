import type { Schema } from '../../storage/index.ts';
import { addAudited, type Ultimate } from './audited.ts';
import { FIELDS, SUMMED, valueIn, type Field } from './filter.ts';
import { written } from './packed.ts';
import { standing, topicOf, type Counted, type Words } from './parts.ts';
import type { Places } from './places.ts';
import { addSums, countsAt, type Sums } from './sums.ts';

export type Kind = Schema['satisfaction_total']['kind'];
export type SpanSums = Omit<Schema['satisfaction_total'], 'span'>;

export const KINDS: readonly Kind[] = ['score', 'code', 'audited', 'low'];

/** Which themes go with low scores is worked out of everybody alone. */
const fieldsOf = (kind: Kind): readonly Field[] => (kind === 'low' ? [''] : SUMMED);

/** Everything that is summed up, by what. */
export const SUMS = KINDS.flatMap((kind) => fieldsOf(kind).map((field) => ({ kind, field })));
export type SumsBy = (typeof SUMS)[number];

/** Responses of customers who are alike in all fields. */
interface Alike {
  of: Counted;
  sums: Record<Kind, Sums>;
}

/** Counts responses, some at a time: together with those that are alike, of which all other sums are made. */
export function createFolding(places: Places, ultimate: Ultimate) {
  const all = new Map<string, Alike>();

  function sumsOf(of: Counted): Alike['sums'] {
    const key = JSON.stringify(FIELDS.map((field) => of[field]));
    let found = all.get(key);
    if (!found) {
      const none = (): Sums => new Map();
      all.set(key, (found = { of, sums: { score: none(), code: none(), audited: none(), low: none() } }));
    }
    return found.sums;
  }

  return {
    add(response: Counted): void {
      const sums = sumsOf(response);
      addScores(sums.score, places, response);
      for (const words of response.words) {
        const placeOf = places.of(topicOf({ ...response, questionKey: words.questionKey }));
        addCodes(sums.code, placeOf, words);
        addAudited(sums.audited, placeOf, words, ultimate);
        if (response.part === 'satisfaction' && response.score !== null)
          addLow(sums.low, places.of(words.questionKey), words, response.score);
      }
    },
    /** As rows of their table. */
    spans({ kind, field }: SumsBy): SpanSums[] {
      const byValue = Map.groupBy(all.values(), ({ of }) => valueIn(field, of));
      return Array.from(byValue, ([value, alike]) => {
        const total = alike.reduce((sum, { sums }) => addSums(sum, sums[kind]), new Map() as Sums);
        return { kind, field, value, total };
      }).flatMap(({ total, ...row }) => (total.size > 0 ? [{ ...row, sums: written(total) }] : []));
    },
  };
}

type PlaceOf = (item: string) => number;

const count = (to: Sums, place: number): void => void countsAt(to, place)[0]++;

function addScores(to: Sums, places: Places, { part, score, likely, expected }: Counted): void {
  if (score !== null) count(to, places.of(`score ${part}`)(String(score)));
  if (likely !== null) count(to, places.of(`likely ${part}`)(String(likely)));
  if (part !== 'after' || score === null || expected === null) return;
  count(to, places.of('pair')(score > expected ? 'better' : score < expected ? 'worse' : 'same'));
}

function addCodes(to: Sums, placeOf: PlaceOf, { codes, chances }: Words): void {
  const all = countsAt(to, placeOf(''));
  all[0]++;
  if (codes) all[1]++;
  if (chances) all[2]++;
  if (chances && !codes) all[3]++;
  for (const codeId of codes ?? []) count(to, placeOf(codeId));
  for (const [codeId, chance] of chances ?? []) {
    const counts = countsAt(to, placeOf(codeId));
    counts[2] += chance;
    if (!codes) counts[3] += chance;
  }
}

/** Under the score and the code, '' for all whose words somebody has read. */
function addLow(to: Sums, placeOf: PlaceOf, words: Words, score: number): void {
  const codes = standing(words);
  if (!codes) return;
  count(to, placeOf(`${score} `));
  for (const { codeId } of codes) count(to, placeOf(`${score} ${codeId}`));
}
