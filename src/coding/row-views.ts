import { formatShare } from '../i18n/index.ts';
import type { Staff } from '../web/index.ts';
import { isOffered, offered, textIn, ultimate, type Code, type Codebook } from './codebook.ts';
import type { DeskItem, Suggestion } from './desk.ts';
import type { Coding } from './rules.ts';
import { groupOf } from './words-views.ts';

export interface DeskRow {
  /** '1' to '9', or empty. */
  key: string;
  id: string;
  value: string;
  name: string;
  /** The parent's name, or that the code is no longer offered. */
  note: string;
  about: string;
  checked: boolean;
  main: boolean;
  mainLabel: string;
  suggestion: { why: string; percent: string; share: number } | null;
}

/** What somebody ticked before the page came back to them. */
export interface Typed {
  codeIds: string[];
  mainId: string | null;
  noMain: boolean;
  another: string;
}

/** What is ticked when an answer is opened: what colleagues gave to it, where that still can be given. */
export function ticksOf(own: Coding[], book: Codebook): Typed {
  const standing = own.filter((each) => !book.byId.get(each.codeId)?.splitAt);
  const now = (each: Coding) => ultimate(book, each.codeId)?.id ?? each.codeId;
  const main = standing.find((each) => each.isMain);
  return { codeIds: standing.map(now), mainId: main ? now(main) : null, noMain: own.length > 1 && !main, another: '' };
}

const KEYS = 9;

/** Nine codes with a key each: those given most often, of the question's own group where it has one; then all others. */
export function rowsOf(
  { task, definition, book, suggestions }: DeskItem,
  ticks: Typed,
  ranking: ReadonlyMap<string, number>,
  { t, language }: Staff,
): { rows: DeskRow[]; more: DeskRow[] } {
  const group = groupOf(definition, task.question_key);
  const suits = (code: Code) =>
    group === undefined || code.kind !== 'reason' || code.key === group || parentOf(book, code)?.key === group;
  const suggested = new Map(suggestions.map(({ codeId, probability }) => [codeId, probability]));
  const rank = (code: Code) =>
    1e7 * (suggested.get(code.id) ?? 0) +
    (suits(code) ? 1e6 : 0) +
    (ranking.get(code.id) ?? 0) * 100 +
    (group === undefined && code.parentId === null ? 1 : 0);
  const position = new Map(book.codes.map((code, i) => [code.id, i]));
  const byUse = offered(book).sort(
    (a, b) => rank(b) - rank(a) || (position.get(a.id) ?? 0) - (position.get(b.id) ?? 0),
  );
  const keyed = byUse.slice(0, KEYS);
  const extra = book.codes.filter((code) => ticks.codeIds.includes(code.id) && !keyed.includes(code));
  const rest = offered(book).filter((code) => !keyed.includes(code) && !extra.includes(code));
  let number = 0;
  const row = (code: Code, key: string): DeskRow => ({
    key,
    id: number++ === 0 ? 'code' : `code-${number}`,
    value: code.id,
    name: textIn(code.name, language),
    note: isOffered(code) ? textIn(parentOf(book, code)?.name ?? {}, language) : t('coding.retired'),
    about: textIn(code.description, language),
    checked: ticks.codeIds.includes(code.id),
    main: ticks.mainId === code.id,
    mainLabel: t('coding.isMain', { reason: textIn(code.name, language) }),
    suggestion: suggestionOf(
      suggestions.find((each) => each.codeId === code.id),
      language,
    ),
  });
  return {
    rows: [...keyed.map((code, i) => row(code, String(i + 1))), ...extra.map((code) => row(code, ''))],
    more: rest.map((code) => row(code, '')),
  };
}

function suggestionOf(found: Suggestion | undefined, language: string): DeskRow['suggestion'] {
  if (!found) return null;
  const { why, probability } = found;
  return { why, percent: formatShare(probability, language), share: Math.round(probability * 100) };
}

const parentOf = (book: Codebook, code: Code) => (code.parentId === null ? undefined : book.byId.get(code.parentId));
