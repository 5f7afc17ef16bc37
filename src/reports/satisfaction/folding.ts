import type { Schema } from '../../storage/index.ts';
import { addAudited, type Ultimate } from './audited.ts';
import { standing, topicOf, type Counted, type Words } from './parts.ts';
import type { Places } from './places.ts';
import { countsAt, written, type Sums } from './sums.ts';

export type Kind = Schema['satisfaction_sum']['kind'];
export type Field = Schema['satisfaction_sum']['field'];
export type SpanSums = Omit<Schema['satisfaction_sum'], 'span'>;

export const KINDS: readonly Kind[] = ['score', 'code', 'audited', 'low'];

/** Which themes go with low scores is worked out of everybody alone. */
export const fieldsOf = (kind: Kind, fields: readonly Field[]): readonly Field[] =>
  kind === 'low' ? fields.filter((field) => field === '') : fields;

/** Counts responses, some at a time: for everybody, and for each value of some fields. */
export function createFolding(fields: readonly Field[], places: Places, ultimate: Ultimate) {
  const sums = new Map<Kind, Map<Field, Map<string, Sums>>>();
  for (const kind of KINDS) sums.set(kind, new Map(fieldsOf(kind, fields).map((field) => [field, new Map()])));

  /** Where a response counts. */
  const sumsFor = (of: Counted, kind: Kind): Sums[] =>
    Array.from(sums.get(kind) ?? [], ([field, values]) => {
      const value = field === '' ? '' : of[field];
      let found = values.get(value);
      if (!found) values.set(value, (found = new Map()));
      return found;
    });

  function addWords(response: Counted): void {
    const [code, audited, low] = [sumsFor(response, 'code'), sumsFor(response, 'audited'), sumsFor(response, 'low')];
    for (const words of response.words) {
      const placeOf = places.of(topicOf({ ...response, questionKey: words.questionKey }));
      addCodes(code, placeOf, words);
      if (words.inclusion !== null) for (const each of audited) addAudited(each, placeOf, words, ultimate);
      if (response.part === 'satisfaction' && response.score !== null)
        addLow(low, places.of(words.questionKey), words, response.score);
    }
  }

  return {
    add(response: Counted): void {
      addScores(sumsFor(response, 'score'), places, response);
      if (response.words.length > 0) addWords(response);
    },
    /** As rows of their table. */
    spans: (): SpanSums[] =>
      KINDS.flatMap((kind) =>
        Array.from(sums.get(kind) ?? [], ([field, values]) =>
          Array.from(values).flatMap(([value, own]) =>
            own.size > 0 ? [{ kind, field, value, sums: written(own) }] : [],
          ),
        ).flat(),
      ),
    /** Of everybody who was counted. */
    of: (kind: Kind): Sums => sums.get(kind)?.get('')?.get('') ?? new Map<number, never>(),
  };
}

type PlaceOf = (item: string) => number;

function count(to: Sums[], place: number): void {
  for (const sums of to) countsAt(sums, place)[0]++;
}

function addScores(to: Sums[], places: Places, { part, score, likely, expected }: Counted): void {
  if (score !== null) count(to, places.of(`score ${part}`)(String(score)));
  if (likely !== null) count(to, places.of(`likely ${part}`)(String(likely)));
  if (part !== 'after' || score === null || expected === null) return;
  count(to, places.of('pair')(score > expected ? 'better' : score < expected ? 'worse' : 'same'));
}

function addCodes(to: Sums[], placeOf: PlaceOf, { codes, chances }: Words): void {
  const all = placeOf('');
  for (const sums of to) {
    const counts = countsAt(sums, all);
    counts[0]++;
    if (codes) counts[1]++;
    if (chances) counts[2]++;
    if (chances && !codes) counts[3]++;
  }
  for (const codeId of codes ?? []) count(to, placeOf(codeId));
  for (const [codeId, chance] of chances ?? []) {
    const place = placeOf(codeId);
    for (const sums of to) {
      const counts = countsAt(sums, place);
      counts[2] += chance;
      if (!codes) counts[3] += chance;
    }
  }
}

/** Under the score and the code, '' for all whose words somebody has read. */
function addLow(to: Sums[], placeOf: PlaceOf, words: Words, score: number): void {
  const codes = standing(words);
  if (!codes) return;
  count(to, placeOf(`${score} `));
  for (const { codeId } of codes) count(to, placeOf(`${score} ${codeId}`));
}
