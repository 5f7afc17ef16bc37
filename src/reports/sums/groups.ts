import { createPacking, unpacking, type Unpacking } from '../../shared/packed-numbers.ts';
import { FIELDS, NAMES, type LeaverFilter } from '../covers-rules.ts';
import { KNOWLEDGE } from '../rules.ts';
import { addChance, addChanceToStratum, addToStratum, keyOf as cellKey, noSums, stratumOf } from './sums.ts';
import type { Cell, Sums } from './sums.ts';
import { SOURCES } from './written.ts';

export const COLUMNS = NAMES.map((name) => FIELDS[name]);

/** Under this stand those who have come back since: nothing but what they were worth, by all that a filter can ask for. */
export const RETURNED = 'returned';

/** What groups are kept by besides all that a filter can ask for. */
export const besides = (field: string): string[] => (field === '' || field === RETURNED ? [] : [field]);

/** A filter's fields without its days. */
export type Fields = Pick<LeaverFilter, (typeof NAMES)[number]>;

/** Leavers who are alike in all that a filter can ask for, together, as they stand in the database. */
export interface WrittenGroups {
  /** JSON: codes and the values of each column; everything else names them by their places. */
  names: string;
  /** See `written`. */
  numbers: string;
}

interface Names {
  codes: string[];
  values: string[][];
}

/** Which groups are added up, and by which of their columns apart from each other. */
interface Wanted {
  among: Fields;
  /** Columns, or the field that the row is grouped by besides. */
  by: readonly string[];
  withStrata: boolean;
}

/** What groups stand under: the values of some columns. */
export const keyOf = (values: string[]): string => (values.length > 1 ? JSON.stringify(values) : (values[0] ?? ''));

/**
 * Group by group, which are so many as leavers at the most: the place of its value in each column, and what is summed up of it,
 * in a part that can be passed over. The strata follow from the rest, since a group is in one.
 * @param groups by their values in all columns, and in one field more where they are grouped by that besides
 */
export function written(groups: ReadonlyMap<string, Sums>): WrittenGroups {
  const [codes, values] = [places(), [] as ReturnType<typeof places>[]];
  const [all, own] = [createPacking(), createPacking()];
  for (const [key, sums] of groups) {
    for (const [i, value] of (JSON.parse(key) as string[]).entries()) all.whole((values[i] ??= places()).of(value));
    own.clear();
    own.whole(sums.cells.size);
    for (const cell of sums.cells.values()) {
      own.whole(kindOf(cell));
      own.whole(cell.mainCodeId === null ? 0 : codes.of(cell.mainCodeId) + 1);
      own.whole(cell.count);
      own.exact(cell.lostMinor);
    }
    own.whole(sums.stated.size);
    for (const [code, count] of sums.stated) {
      own.whole(codes.of(code));
      own.whole(count);
    }
    own.whole(sums.chances.size);
    for (const [code, { chance, minor }] of sums.chances) {
      own.whole(codes.of(code));
      own.exact(chance);
      own.exact(minor);
    }
    own.whole(sums.uncoded);
    own.exact(sums.squares);
    all.part(own);
  }
  const names: Names = { codes: codes.all(), values: values.map((each) => each.all()) };
  return { names: JSON.stringify(names), numbers: all.text() };
}

/** Names in the order in which they are first asked for. */
function places() {
  const known = new Map<string, number>();
  return {
    of(name: string): number {
      const place = known.get(name) ?? known.size;
      if (place === known.size) known.set(name, place);
      return place;
    },
    all: (): string[] => [...known.keys()],
  };
}

const kindOf = ({ knowledge, mainSource, read, silent }: Cell): number =>
  ((KNOWLEDGE.indexOf(knowledge) * SOURCES.length + SOURCES.indexOf(mainSource)) * 2 + Number(read)) * 2 +
  Number(silent);

/** The sums of the groups that are wanted, by their values in the columns that are asked for. */
export function sumsOfGroups({ names, numbers }: WrittenGroups, wanted: Wanted): Map<string, Sums> {
  const { codes, values } = JSON.parse(names) as Names;
  const found = new Map<string, Sums>();
  const asked = askedFor(values, wanted.among);
  if (asked.includes(NOBODY)) return found;
  const by = wanted.by.map(columnOf);
  const from = unpacking(numbers);
  const add = adding(from, codes);
  const own = values.map(() => 0);
  while (!from.isAtEnd()) {
    for (let i = 0; i < own.length; i++) own[i] = from.whole();
    const length = from.whole();
    if (asked.every((place, i) => place === ANY || place === own[i])) {
      const theirs = own.map((place, i) => values[i]![place]!);
      const key = keyOf(by.map((i) => theirs[i]!));
      let sums = found.get(key);
      if (!sums) found.set(key, (sums = noSums()));
      add(sums, wanted.withStrata ? stratumOf(theirs[TENURE]!, theirs[VALUE]!) : null);
    } else from.skip(length);
  }
  return found;
}

/** What is none of the columns stands behind them. */
function columnOf(name: string): number {
  const column = COLUMNS.findIndex((each) => each === name);
  return column < 0 ? COLUMNS.length : column;
}

const [TENURE, VALUE] = [COLUMNS.indexOf('tenure_band'), COLUMNS.indexOf('value_band')];
const [ANY, NOBODY] = [-1, -2];

/** By column, the place of the value that is asked for; of nobody there are no columns. */
const askedFor = (values: string[][], among: Fields): number[] =>
  NAMES.map((name, i) => {
    const value = among[name];
    if (value === undefined) return ANY;
    const place = values[i]?.indexOf(value) ?? NOBODY;
    return place < 0 ? NOBODY : place;
  });

/** Adds the next group to what is there. */
function adding(from: Unpacking, codes: string[]) {
  const cellOf = cellsOf(codes);

  function addCells(to: Sums, stratum: string | null): void {
    for (let left = from.whole(); left > 0; left--) {
      const { key, cell } = cellOf(from.whole(), from.whole());
      const [count, lostMinor] = [from.whole(), from.exact()];
      const known = to.cells.get(key);
      if (known) {
        known.count += count;
        known.lostMinor += lostMinor;
      } else to.cells.set(key, { ...cell, count, lostMinor });
      if (stratum !== null) addToStratum(to, stratum, cell, count);
    }
  }

  return (to: Sums, stratum: string | null): void => {
    addCells(to, stratum);
    for (let left = from.whole(); left > 0; left--) {
      const code = codes[from.whole()]!;
      to.stated.set(code, (to.stated.get(code) ?? 0) + from.whole());
    }
    for (let left = from.whole(); left > 0; left--) {
      const code = codes[from.whole()]!;
      const sums = { chance: from.exact(), minor: from.exact() };
      addChance(to, code, sums);
      if (stratum !== null) addChanceToStratum(to, stratum, code, sums.chance);
    }
    to.uncoded += from.whole();
    to.squares += from.exact();
  };
}

/** Cells by their kind and the place of their code, each made once. */
function cellsOf(codes: string[]): (kind: number, main: number) => { key: string; cell: Cell } {
  const made: { key: string; cell: Cell }[] = [];
  return (kind, main) => (made[kind * (codes.length + 1) + main] ??= keyed(cellFrom(kind, codes[main - 1] ?? null)));
}

const keyed = (cell: Cell): { key: string; cell: Cell } => ({ key: cellKey(cell), cell });

function cellFrom(kind: number, mainCodeId: string | null): Cell {
  const [flags, rest] = [kind % 4, Math.floor(kind / 4)];
  return {
    knowledge: KNOWLEDGE[Math.floor(rest / SOURCES.length)] ?? 'not_coded',
    mainCodeId,
    mainSource: SOURCES[rest % SOURCES.length] ?? null,
    read: flags >= 2,
    silent: flags % 2 === 1,
    count: 0,
    lostMinor: 0,
  };
}
