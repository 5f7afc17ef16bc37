import type { Schema } from '../../storage/index.ts';
import { standing, topicOf, type Counted, type Words } from './parts.ts';

export type Cell = Omit<Schema['satisfaction_cell'], 'span'>;
export type Tally = Omit<Schema['satisfaction_tally'], 'on_day'>;

const SEPARATOR = '\u001f';

/** Counts the responses of one day, some at a time. */
export function createFolding() {
  const cells = new Map<string, Cell>();
  const tallies = new Map<string, Tally>();

  function cell(of: Counted, kind: Cell['kind'], topic: string, item: string): Cell {
    const { segment, country, language } = of;
    const key = [kind, topic, item, segment, country, language].join(SEPARATOR);
    const made = { kind, topic, item, segment, country, language, n: 0, coded: 0, chance: 0, rest: 0 };
    return entry(cells, key, made);
  }

  function tally(questionKey: string, codeId: string, score: number): void {
    const key = [questionKey, codeId, score].join(SEPARATOR);
    entry(tallies, key, { question_key: questionKey, code_id: codeId, score, n: 0 }).n++;
  }

  function addScores(of: Counted): void {
    const { part, score, likely, expected } = of;
    if (score !== null) cell(of, 'score', `score ${part}`, String(score)).n++;
    if (likely !== null) cell(of, 'score', `likely ${part}`, String(likely)).n++;
    if (part !== 'after' || score === null || expected === null) return;
    cell(of, 'score', 'pair', score > expected ? 'better' : score < expected ? 'worse' : 'same').n++;
  }

  function addWords(of: Counted, words: Words): void {
    const topic = topicOf({ ...of, questionKey: words.questionKey });
    const all = cell(of, 'code', topic, '');
    const { codes, chances } = words;
    all.n++;
    if (codes) all.coded++;
    for (const codeId of codes ?? []) cell(of, 'code', topic, codeId).n++;
    if (!chances) return;
    all.chance++;
    if (!codes) all.rest++;
    for (const [codeId, chance] of Object.entries(chances)) {
      const each = cell(of, 'code', topic, codeId);
      each.chance += chance;
      if (!codes) each.rest += chance;
    }
  }

  function addTally({ part, score }: Counted, words: Words): void {
    const codes = standing(words);
    if (part !== 'satisfaction' || score === null || !codes) return;
    tally(words.questionKey, '', score);
    for (const { codeId } of codes) tally(words.questionKey, codeId, score);
  }

  return {
    add(response: Counted): void {
      addScores(response);
      for (const words of response.words) {
        addWords(response, words);
        addTally(response, words);
      }
    },
    cells: () => [...cells.values()],
    tallies: () => [...tallies.values()],
  };
}

function entry<T>(map: Map<string, T>, key: string, made: T): T {
  const found = map.get(key);
  if (found) return found;
  map.set(key, made);
  return made;
}
