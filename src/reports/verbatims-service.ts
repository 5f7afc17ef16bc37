import { NotFound } from '../shared/errors.ts';
import type { Db } from '../storage/index.ts';
import type { LeaverFilter } from './covers-rules.ts';
import * as store from './leaving-store.ts';

export interface Verbatim {
  customerId: string;
  responseId: string;
  /** The open answers in the order in which they were given. */
  texts: { text: string; language: string }[];
  submittedAt: string;
  mode: string;
  customerSince: string | null;
  worthMinor: number;
  codes: { codeId: string; main: boolean }[];
  coders: string[];
  /** Where the engine gave the main reason: how sure it was. */
  byEngine: { codeId: string; chance: number } | null;
  statedCodeId: string | null;
}

/** From which point between 0 and 1 of their random order on, and how many. */
export interface Place {
  after: number;
  most: number;
}

/** The answers behind one reason, second-level codes included, in random order. @throws NotFound */
export async function verbatimsOf(db: Db, programmeKey: string, filter: LeaverFilter, codeKey: string, place: Place) {
  const codes = await store.codesOf(db, programmeKey);
  const code = codes.find((each) => each.key === codeKey);
  if (!code) throw new NotFound();
  const family = codes.filter((each) => each.id === code.id || each.parentId === code.id).map((each) => each.id);
  const found = await store.verbatims(db, filter, family, place.after, place.most);
  return { code, codes, rows: await withWords(db, found.rows), next: found.next };
}

async function withWords(db: Db, rows: store.VerbatimRow[]): Promise<Verbatim[]> {
  const ids = rows.map((row) => row.response_id);
  const answers = await store.openAnswers(db, ids);
  const codings = await store.codingsBehind(db, ids);
  return rows.map((row) => {
    const own = codings.filter((each) => each.response_id === row.response_id && each.coder_kind !== 'respondent');
    return {
      customerId: row.customer_id,
      responseId: row.response_id,
      texts: answers
        .filter((each) => each.response_id === row.response_id && each.verbatim)
        .map((each) => ({ text: each.verbatim ?? '', language: each.language })),
      submittedAt: row.submitted_at,
      mode: row.mode,
      customerSince: row.customer_since,
      worthMinor: row.lost_minor,
      codes: own.map((each) => ({ codeId: each.code_id, main: each.is_main === 1 })),
      coders: [...new Set(own.flatMap((each) => (each.coder ? [each.coder] : [])))],
      byEngine:
        row.main_source === 'engine' && row.main_code_id !== null
          ? { codeId: row.main_code_id, chance: row.chance ?? 0 }
          : null,
      statedCodeId: row.stated_code_id,
    };
  });
}
