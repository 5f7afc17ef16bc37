import { isKnownColumn } from './columns.ts';
import { type Cell, columnLetter, fault, LIMITS } from './table.ts';
import { cellText, fold, hasHiddenCharacter, oneLine } from './text-value.ts';

/** As far down as the names of the columns are looked for: above them many lists have a title, a date, an empty row. */
export const MOST_ABOVE = 10;

/**
 * Which of the first rows names the columns; -1 where all are empty. It is the first that holds anything, unless that
 * one names no column that we know and a fuller one below it names two.
 */
export function headerAmong(rows: readonly (readonly Cell[])[]): number {
  const filled = rows.map((cells) => cells.filter((cell) => !isBlank(cell)));
  const first = filled.findIndex((cells) => cells.length > 0);
  if (first < 0 || namesIn(filled[first] ?? []) > 0) return first;
  const better = filled.findIndex((cells, at) => at > first && namesIn(cells) >= 2);
  const above = Math.max(...filled.slice(first, better).map((cells) => cells.length));
  return better > 0 && above < (filled[better]?.length ?? 0) ? better : first;
}

/** Whether nothing below need be looked at. */
export const namesColumns = (cells: readonly Cell[]) => namesIn(cells) > 0;

const namesIn = (cells: readonly Cell[]) => cells.filter((cell) => isKnownColumn(oneLine(cellText(cell)))).length;

/** The names of the columns; throws a FileFault where they cannot serve as such. */
export function readHeader(cells: readonly Cell[]): string[] {
  const names = cells.map((cell) => cellText(cell));
  const hidden = names.findIndex(hasHiddenCharacter);
  if (hidden >= 0) throw fault('hiddenInHeader', { column: columnLetter(hidden) });
  const header = names.map(oneLine);
  while (header.at(-1) === '') header.pop();
  if (header.length > LIMITS.columns) throw fault('tooManyColumns', { columns: LIMITS.columns });
  if (looksLikeData(header)) throw fault('noHeader');
  refuseTwins(header);
  return header;
}

const ADDRESS = /\S@\S+\.\S/;
const DAY = /^(\d{4}-\d\d?-\d\d?|\d\d?[./-]\d\d?[./-]\d{4})$/;
const NUMBER = /^[\d.,\s-]*\d[\d.,\s-]*$/;

function looksLikeData(header: readonly string[]): boolean {
  if (header.some((name) => ADDRESS.test(name) || DAY.test(name))) return true;
  return header.filter((name) => NUMBER.test(name)).length * 2 > header.length;
}

function refuseTwins(header: readonly string[]): void {
  const seen = new Map<string, number>();
  header.forEach((name, index) => {
    const same = fold(name) || name;
    const first = seen.get(same);
    if (name !== '' && first !== undefined) {
      throw fault('twiceInHeader', { name, first: columnLetter(first), second: columnLetter(index) });
    }
    seen.set(same, index);
  });
}

/** As long as the header, or longer where cells beyond it hold something; undefined for an empty row. */
export function fitRow(cells: Cell[], columns: number): Cell[] | undefined {
  let length = cells.length;
  while (length > 0 && isBlank(cells[length - 1])) length -= 1;
  if (length === 0) return undefined;
  if (length > columns) return cells.slice(0, length);
  const fitted = cells.slice(0, columns);
  while (fitted.length < columns) fitted.push('');
  return fitted;
}

function isBlank(cell: Cell | undefined): boolean {
  return cell === undefined || (typeof cell === 'string' && cell.trim() === '');
}
