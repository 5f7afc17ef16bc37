import type { Schema } from '../../storage/index.ts';
import { standing, topicOf, type Counted, type Words } from './parts.ts';
import { countsIn, topicIn, written, type Sums } from './sums.ts';

export type Kind = Schema['satisfaction_span']['kind'];
export type Field = Schema['satisfaction_span']['field'];
export type SpanSums = Omit<Schema['satisfaction_span'], 'span'>;
export type Tally = Omit<Schema['satisfaction_tally'], 'on_day'>;

const KINDS: readonly Kind[] = ['score', 'code'];
const SEPARATOR = '\u001f';

/** Counts responses, some at a time: for everybody, and for each value of some fields. */
export function createFolding(fields: readonly Field[]) {
  const sums = { score: new Map<Field, Map<string, Sums>>(), code: new Map<Field, Map<string, Sums>>() };
  const tallies = new Map<string, Tally>();

  /** Where a response counts. */
  const placesOf = (of: Counted, kind: Kind): Sums[] =>
    fields.map((field) => {
      const values = entry(sums[kind], field, () => new Map<string, Sums>());
      return entry(values, field === '' ? '' : of[field], () => new Map());
    });

  function tally(questionKey: string, codeId: string, score: number): void {
    const key = [questionKey, codeId, score].join(SEPARATOR);
    entry(tallies, key, () => ({ question_key: questionKey, code_id: codeId, score, n: 0 })).n++;
  }

  function addTally({ part, score }: Counted, words: Words): void {
    const codes = standing(words);
    if (part !== 'satisfaction' || score === null || !codes) return;
    tally(words.questionKey, '', score);
    for (const { codeId } of codes) tally(words.questionKey, codeId, score);
  }

  return {
    add(response: Counted): void {
      for (const place of placesOf(response, 'score')) addScores(place, response);
      if (response.words.length === 0) return;
      const places = placesOf(response, 'code');
      for (const words of response.words) {
        for (const place of places) addWords(place, response, words);
        addTally(response, words);
      }
    },
    /** As rows of their table. */
    spans: (): SpanSums[] =>
      KINDS.flatMap((kind) =>
        Array.from(sums[kind], ([field, values]) =>
          Array.from(values, ([value, own]) => ({ kind, field, value, sums: written(own) })),
        ).flat(),
      ),
    /** Of everybody who was counted. */
    of: (kind: Kind): Sums => sums[kind].get('')?.get('') ?? new Map<string, never>(),
    tallies: () => [...tallies.values()],
  };
}

function addScores(sums: Sums, { part, score, likely, expected }: Counted): void {
  const count = (topic: string, item: string) => countsIn(topicIn(sums, topic), item)[0]++;
  if (score !== null) count(`score ${part}`, String(score));
  if (likely !== null) count(`likely ${part}`, String(likely));
  if (part !== 'after' || score === null || expected === null) return;
  count('pair', score > expected ? 'better' : score < expected ? 'worse' : 'same');
}

function addWords(sums: Sums, of: Counted, { questionKey, codes, chances }: Words): void {
  const items = topicIn(sums, topicOf({ ...of, questionKey }));
  const all = countsIn(items, '');
  all[0]++;
  if (codes) all[1]++;
  for (const codeId of codes ?? []) countsIn(items, codeId)[0]++;
  if (!chances) return;
  all[2]++;
  if (!codes) all[3]++;
  for (const [codeId, chance] of Object.entries(chances)) {
    const each = countsIn(items, codeId);
    each[2] += chance;
    if (!codes) each[3] += chance;
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
