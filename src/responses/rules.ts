import type { AnswerValue } from '../questionnaires/index.ts';
import type { StoredAnswer } from './response.ts';

/** Nothing that is mistaken for something else when read out or written down, and no vowels, so that no words appear. */
export const UNMISTAKABLE = '34679CDFGHJKMNPQRTWXY';
const PART = 3;

/** The capitals of a company's name: 'Hollerbach Kaffee' -> 'HK', 'Acme' -> 'AC', 'Über & Co.' -> 'UC'. */
export function initialsOf(company: string): string {
  const plain = company.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
  const words = plain.match(/[A-Z0-9]+/g) ?? [];
  const initials = words.map((word) => word[0] ?? '').join('');
  return (words.length > 1 ? initials : (words[0] ?? '')).slice(0, 3) || 'R';
}

/**
 * A reference that people can name: 'HK-7Q4-M9X', one of 85 million; whoever stores it tries again where it is taken.
 * Both halves come from the response's id: the second from its random end, the first from its time, so that responses
 * of one moment stand beside each other in the index and a busy minute does not rewrite all of it.
 */
export function newReference(company: string, id: string): string {
  const random = [...Buffer.from(id.slice(-PART * 2), 'hex')].map((byte) => byte % UNMISTAKABLE.length);
  return [initialsOf(company), letters(momentOf(id)), letters(random)].join('-');
}

/** Comes round every twenty minutes. */
const MOMENT_MS = 128;

function momentOf(id: string): number[] {
  const moment = Math.floor(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) / MOMENT_MS);
  const { length } = UNMISTAKABLE;
  return [Math.floor(moment / length ** 2) % length, Math.floor(moment / length) % length, moment % length];
}

const letters = (numbers: number[]): string => numbers.map((at) => UNMISTAKABLE[at]).join('');

/** How a value stands in the table: words for reading and searching in one column, the rest as JSON in the other. */
export function toColumns(value: AnswerValue): {
  kind: AnswerValue['kind'];
  verbatim: string | null;
  value: string | null;
} {
  switch (value.kind) {
    case 'open':
      return { kind: value.kind, verbatim: value.text, value: null };
    case 'reasons':
      return { kind: value.kind, verbatim: value.other ?? null, value: JSON.stringify(value.ticked) };
    case 'most':
      return { kind: value.kind, verbatim: null, value: JSON.stringify(value.code) };
    case 'scale':
    case 'yesno':
      return { kind: value.kind, verbatim: null, value: JSON.stringify(value.value) };
    case 'skipped':
      return { kind: value.kind, verbatim: null, value: null };
  }
}

/** The value that `toColumns` took apart. What no longer reads as one counts as passed over. */
export function fromColumns(row: { kind: string; verbatim: string | null; value: string | null }): AnswerValue {
  const value: unknown = row.value === null ? undefined : JSON.parse(row.value);
  switch (row.kind) {
    case 'open':
      return { kind: 'open', text: row.verbatim ?? '' };
    case 'reasons': {
      const ticked = Array.isArray(value) ? value.filter((key) => typeof key === 'string') : [];
      return row.verbatim === null ? { kind: 'reasons', ticked } : { kind: 'reasons', ticked, other: row.verbatim };
    }
    case 'most':
      return { kind: 'most', code: String(value) };
    case 'scale':
      return { kind: 'scale', value: Number(value) };
    case 'yesno':
      return { kind: 'yesno', value: value === 'yes' ? 'yes' : 'no' };
    default:
      return { kind: 'skipped' };
  }
}

export function sameValue(a: AnswerValue, b: AnswerValue): boolean {
  const [left, right] = [toColumns(a), toColumns(b)];
  return left.kind === right.kind && left.verbatim === right.verbatim && left.value === right.value;
}

/** Just the values, as the flow of a questionnaire reads them. */
export function valuesOf(answers: ReadonlyMap<string, StoredAnswer>): Map<string, AnswerValue> {
  return new Map([...answers].map(([key, answer]) => [key, answer.value]));
}
