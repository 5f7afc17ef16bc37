import { KNOWLEDGE } from '../rules.ts';
import { keyOf, noSums, type Cell, type StratumSums, type Sums } from './sums.ts';

/** New ones come last: their places are written. */
export const SOURCES = [null, 'colleague', 'engine', 'respondent', 'call'] as const;

/** Sums as they stand in the database: the strata beside all else, for whoever needs none of them. */
export interface WrittenSums {
  sums: string;
  strata: string;
}

/** Codes stand once, in `c`; everything else names them by their place in it, -1 for none. */
interface Sum {
  c: string[];
  /** Knowledge, code, source, read, count, money, silent. */
  n: number[][];
  /** Code, count. */
  t: [number, number][];
  /** Code, chance, money by chance, one after another. */
  h: number[];
  u: number;
  q: number;
}

interface Strata {
  c: string[];
  /** Stratum, asked, read, then for each code: code, known, known and read, chance. */
  s: [string, number, number, ...number[]][];
}

const PER_CHANCE = 3;
const PER_CODE = 4;

export function written(sums: Sums): WrittenSums {
  return { sums: JSON.stringify(sumOf(sums)), strata: JSON.stringify(strataOf(sums)) };
}

/** Codes in the order in which they are first named. */
function placesIn() {
  const codes = new Map<string, number>();
  const place = (code: string | null) => {
    if (code === null) return -1;
    const known = codes.get(code) ?? codes.size;
    codes.set(code, known);
    return known;
  };
  return { codes, place };
}

function sumOf(sums: Sums): Sum {
  const { codes, place } = placesIn();
  const parts: Omit<Sum, 'c'> = {
    n: [...sums.cells.values()].map(({ knowledge, mainCodeId, mainSource, read, count, lostMinor, silent }) => [
      KNOWLEDGE.indexOf(knowledge),
      place(mainCodeId),
      SOURCES.indexOf(mainSource),
      Number(read),
      count,
      lostMinor,
      ...(silent ? [1] : []),
    ]),
    t: [...sums.stated].map(([code, count]) => [place(code), count]),
    h: [...sums.chances].flatMap(([code, { chance, minor }]) => [place(code), chance, minor]),
    u: sums.uncoded,
    q: sums.squares,
  };
  return { c: [...codes.keys()], ...parts };
}

function strataOf({ strata }: Sums): Strata {
  const { codes, place } = placesIn();
  const s = [...strata].map(([name, { asked, read, codes: each }]): Strata['s'][number] => [
    name,
    asked,
    read,
    ...[...each].flatMap(([code, { known, knownRead, chance }]) => [place(code), known, knownRead, chance]),
  ]);
  return { c: [...codes.keys()], s };
}

/** Written by `written` alone, and never by people. Without the text of the strata there are none. */
export function readBack({ sums: text, strata }: { sums: string; strata?: string }): Sums {
  const { c, n, t, h, u, q } = JSON.parse(text) as Sum;
  const code = (place = -1) => c[place] ?? null;
  const sums = { ...noSums(), uncoded: u, squares: q };
  for (const row of n) {
    const [knowledge = 0, main, source = 0, read, count = 0, lostMinor = 0, silent] = row;
    const cell: Cell = {
      knowledge: KNOWLEDGE[knowledge] ?? 'not_coded',
      mainCodeId: code(main),
      mainSource: SOURCES[source] ?? null,
      read: read === 1,
      silent: silent === 1,
      count,
      lostMinor,
    };
    sums.cells.set(keyOf(cell), cell);
  }
  for (const [place, count] of t) sums.stated.set(code(place) ?? '', count);
  for (let i = 0; i < h.length; i += PER_CHANCE)
    sums.chances.set(code(h[i]) ?? '', { chance: h[i + 1]!, minor: h[i + 2]! });
  return strata === undefined ? sums : { ...sums, strata: strataIn(strata) };
}

function strataIn(text: string): Sums['strata'] {
  const { c, s } = JSON.parse(text) as Strata;
  const strata: Sums['strata'] = new Map();
  for (const [name, asked, read, ...rest] of s) {
    const codes: StratumSums['codes'] = new Map();
    for (let i = 0; i < rest.length; i += PER_CODE)
      codes.set(c[rest[i]!] ?? '', { known: rest[i + 1]!, knownRead: rest[i + 2]!, chance: rest[i + 3]! });
    strata.set(name, { asked, read, codes });
  }
  return strata;
}
