import type { Audited, Everyone } from '../coding/index.ts';
import type { AuditedAnswer, Code, ReadAnswers } from './estimate.ts';

/** Each first-level reason has a column; all codes for not knowing, and having no main reason, share the last one. */
export interface Columns {
  /** The first-level reasons, in the order of their columns. */
  ids: string[];
  /** The column of any code, of the second level and merged ones too. */
  of: Map<string, number>;
}

// A page works out two years of months with the same codes and the same audited answers.
const known = new WeakMap<Code[], Columns>();
const rows = new WeakMap<Columns, WeakMap<AuditedAnswer, Audited>>();

export function columnsOf(codes: Code[]): Columns {
  let columns = known.get(codes);
  if (!columns) known.set(codes, (columns = newColumns(codes)));
  return columns;
}

function newColumns(codes: Code[]): Columns {
  const byId = new Map(codes.map((code) => [code.id, code]));
  const ids = codes.filter((code) => code.kind !== 'unknown' && topOf(code, byId) === code).map(({ id }) => id);
  const column = (code: Code) => {
    const top = topOf(code, byId);
    return top.kind === 'unknown' ? ids.length : ids.indexOf(top.id);
  };
  return { ids, of: new Map(codes.map((code) => [code.id, column(code)])) };
}

/** What a code counts as: the one that it was merged into, then the one above it. */
function topOf(code: Code, byId: Map<string, Code>): Code {
  let top = code;
  for (let steps = 0; steps < byId.size; steps++) {
    const next = byId.get(top.mergedIntoId ?? top.parentId ?? '');
    if (!next) return top;
    top = next;
  }
  return top;
}

/** An audited answer as a row of the estimate; its chances are made to add up to one. */
export function labelled(answer: AuditedAnswer, columns: Columns): Audited {
  let known = rows.get(columns);
  if (!known) rows.set(columns, (known = new WeakMap()));
  let row = known.get(answer);
  if (!row) known.set(answer, (row = newRow(answer, columns)));
  return row;
}

function newRow({ codeId, chances, inclusion }: AuditedAnswer, columns: Columns): Audited {
  const labels = new Float64Array(columns.ids.length + 1);
  labels[columns.of.get(codeId ?? '') ?? columns.ids.length] = 1;
  return { labels, predictions: normal(summed(chances, columns, ({ chance }) => chance)), inclusion };
}

/** What is predicted of all that were read, by the number of answers or by the money lost with them. */
export function everyoneIn(read: ReadAnswers, columns: Columns, by: 'chance' | 'minor' = 'chance'): Everyone {
  const { count, lostMinor, chances } = read;
  const predicted = normal(summed(chances, columns, (each) => each[by]));
  return { count, amount: by === 'minor' ? lostMinor : count, predicted };
}

function summed<T extends { codeId: string }>(chances: T[], columns: Columns, of: (each: T) => number): Float64Array {
  const sums = new Float64Array(columns.ids.length + 1);
  for (const each of chances) sums[columns.of.get(each.codeId) ?? columns.ids.length]! += of(each);
  return sums;
}

function normal(sums: Float64Array): Float64Array {
  const total = sums.reduce((sum, each) => sum + each, 0);
  if (total > 0) for (let i = 0; i < sums.length; i++) sums[i]! /= total;
  return sums;
}
