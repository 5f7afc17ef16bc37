import { KNOWLEDGE } from '../rules.ts';
import { keyOf, noSums, type Cell, type StratumSums, type Sums } from './sums.ts';

/** New ones come last: their places are written. */
const SOURCES = [null, 'colleague', 'engine', 'respondent', 'call'] as const;

/** Codes stand once, in `c`; everything else names them by their place in it, -1 for none. */
interface Written {
  c: string[];
  /** Knowledge, code, source, read, count, money, silent. */
  n: number[][];
  /** Code, count. */
  t: [number, number][];
  /** Stratum, asked, read, then for each code: code, known, known and read, chance, money by chance. */
  s: [string, number, number, ...number[]][];
  u: number;
  q: number;
}

const PER_CODE = 5;

/** Sums as they stand in the database. */
export function written(sums: Sums): string {
  const codes = new Map<string, number>();
  const place = (code: string | null) => {
    if (code === null) return -1;
    const known = codes.get(code) ?? codes.size;
    codes.set(code, known);
    return known;
  };
  const parts: Omit<Written, 'c'> = {
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
    s: [...sums.strata].map(([name, { asked, read, codes: each }]) => [
      name,
      asked,
      read,
      ...[...each].flatMap(([code, { known, knownRead, chance, minor }]) => [
        place(code),
        known,
        knownRead,
        chance,
        minor,
      ]),
    ]),
    u: sums.uncoded,
    q: sums.squares,
  };
  return JSON.stringify({ c: [...codes.keys()], ...parts });
}

/** Written by `written` alone, and never by people. */
export function readBack(text: string): Sums {
  const { c, n, t, s, u, q } = JSON.parse(text) as Written;
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
  for (const [name, asked, read, ...rest] of s) {
    const codes: StratumSums['codes'] = new Map();
    for (let i = 0; i < rest.length; i += PER_CODE) {
      const [known, knownRead, chance, minor] = [rest[i + 1]!, rest[i + 2]!, rest[i + 3]!, rest[i + 4]!];
      codes.set(code(rest[i]) ?? '', { known, knownRead, chance, minor });
    }
    sums.strata.set(name, { asked, read, codes });
  }
  return sums;
}
