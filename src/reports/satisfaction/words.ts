import type { Storage } from '../../storage/index.ts';
import { codingsBehind, openAnswers } from '../leaving-store.ts';
import type { Filter } from './filter.ts';
import * as store from './words-store.ts';
import type { Behind, WordsRow } from './words-store.ts';

export type { Behind } from './words-store.ts';

/** An answer in somebody's own words, without their name. */
export interface Spoken extends WordsRow {
  texts: { text: string; language: string }[];
  codeIds: string[];
  coders: string[];
}

const A_PAGE = 12;

/** The answers behind a theme, in random order from a point between 0 and 1. */
export async function wordsOf(
  { read }: Pick<Storage, 'read'>,
  behind: Behind,
  codeIds: string[],
  filter: Filter,
  after: number,
): Promise<{ rows: Spoken[]; next: string | null }> {
  const { rows, next } = await store.wordsBehind(read, codeIds, behind, filter, after, A_PAGE);
  const ids = rows.map(({ responseId }) => responseId);
  const answers = await openAnswers(read, ids);
  const codings = await codingsBehind(read, ids);
  const { questionKey } = behind;
  const spoken = rows.map((row): Spoken => {
    const own = codings.filter((each) => each.response_id === row.responseId && each.coder_kind === 'colleague');
    const said = answers.filter(
      (each) =>
        each.response_id === row.responseId &&
        each.verbatim &&
        (each.question_key === questionKey || each.question_key === `${questionKey}.probe`),
    );
    return {
      ...row,
      texts: said.map((each) => ({ text: each.verbatim ?? '', language: each.language })),
      codeIds: row.byEngine === null ? own.map((each) => each.code_id) : [behind.codeId],
      coders: row.byEngine === null ? [...new Set(own.flatMap(({ coder }) => (coder ? [coder] : [])))] : [],
    };
  });
  return { rows: spoken, next };
}
