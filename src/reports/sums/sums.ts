import type { LeaverCount } from '../leaving-rules.ts';
import type { Knowledge } from '../rules.ts';

/** So many leavers of whom the same is known. */
export interface Cell {
  knowledge: Knowledge;
  mainCodeId: string | null;
  mainSource: LeaverCount['mainSource'];
  read: boolean;
  /** Asked, and never answered. */
  silent: boolean;
  count: number;
  lostMinor: number;
}

/** Leavers who had been customers equally long and were worth about the same: answers are weighted by these. */
export interface StratumSums {
  /** Answered or not. */
  asked: number;
  /** The engine has read their words. */
  read: number;
  /** By code: whose main reason it is, whether read or not; and the engine's chances of those who were read. */
  codes: Map<string, CodeSums>;
}

interface CodeSums {
  known: number;
  knownRead: number;
  chance: number;
}

/** What the engine makes of all who were read: its chances of a code, and each times what its customer was worth. */
interface ChanceSums {
  chance: number;
  minor: number;
}

/** Some leavers in sums: those of days add up to those of months. */
export interface Sums {
  cells: Map<string, Cell>;
  /** How many ticked a code as their main reason. */
  stated: Map<string, number>;
  /** By code. */
  chances: Map<string, ChanceSums>;
  /** Most figures need none, and then they are not read: they are more than all else together. */
  strata: Map<string, StratumSums>;
  /** Read by the engine, and no person has coded their words. */
  uncoded: number;
  /** The sum of squares of what each was worth, in minor units. */
  squares: number;
}

/** One leaver, as far as it counts. */
export interface LeaverFacts {
  knowledge: Knowledge;
  mainCodeId: string | null;
  mainSource: LeaverCount['mainSource'];
  statedCodeId: string | null;
  lostMinor: number;
  silent: boolean;
  /** 0 not read by the engine, 1 read, 2 read and coded by nobody. */
  reading: number;
  stratum: string;
  chances: readonly { codeId: string; chance: number }[];
}

export const noSums = (): Sums => ({
  cells: new Map(),
  stated: new Map(),
  chances: new Map(),
  strata: new Map(),
  uncoded: 0,
  squares: 0,
});

const ANSWERED: readonly Knowledge[] = ['known', 'not_coded', 'does_not_know'];

export function addLeaver(sums: Sums, leaver: LeaverFacts): void {
  const { knowledge, mainCodeId, mainSource, statedCodeId, lostMinor, reading, silent } = leaver;
  const cell = { knowledge, mainCodeId, mainSource, read: reading > 0, silent, count: 1, lostMinor };
  addCell(sums, keyOf(cell), cell);
  if (statedCodeId !== null) sums.stated.set(statedCodeId, (sums.stated.get(statedCodeId) ?? 0) + 1);
  if (reading === 2) sums.uncoded += 1;
  sums.squares += lostMinor * lostMinor;
  if (!isAsked(knowledge)) return;
  addToStratum(sums, leaver.stratum, cell, 1);
  for (const { codeId, chance } of leaver.chances) {
    addChanceToStratum(sums, leaver.stratum, codeId, chance);
    addChance(sums, codeId, { chance, minor: chance * lostMinor });
  }
}

const isAsked = (knowledge: Knowledge): boolean => ANSWERED.includes(knowledge) || knowledge === 'no_answer';

/** So many of a cell's leavers in their stratum; of those who were not asked nothing is said. */
export function addToStratum(sums: Sums, name: string, { knowledge, mainCodeId, read }: Cell, count: number): void {
  if (!isAsked(knowledge)) return;
  const stratum = stratumIn(sums, name);
  stratum.asked += count;
  if (read) stratum.read += count;
  if (knowledge !== 'known' || mainCodeId === null) return;
  const code = codeIn(stratum, mainCodeId);
  code.known += count;
  if (read) code.knownRead += count;
}

export function addChanceToStratum(sums: Sums, name: string, codeId: string, chance: number): void {
  codeIn(stratumIn(sums, name), codeId).chance += chance;
}

/** How long they had been customers and what they were worth, together. */
export const stratumOf = (tenureBand: string, valueBand: string): string => `${tenureBand} ${valueBand}`;

/** Adds the second to the first. */
export function addSums(to: Sums, more: Sums): Sums {
  for (const [key, cell] of more.cells) addCell(to, key, cell);
  for (const [code, count] of more.stated) to.stated.set(code, (to.stated.get(code) ?? 0) + count);
  for (const [code, each] of more.chances) addChance(to, code, each);
  for (const [name, { asked, read, codes }] of more.strata) {
    const stratum = stratumIn(to, name);
    stratum.asked += asked;
    stratum.read += read;
    for (const [codeId, sums] of codes) addCode(codeIn(stratum, codeId), sums);
  }
  to.uncoded += more.uncoded;
  to.squares += more.squares;
  return to;
}

/** What is left of the first without the second, all of which are among the first. */
export function withoutSums(all: Sums, some: Sums): Sums {
  const left = addSums(addSums(noSums(), all), negated(some));
  for (const [key, { count }] of left.cells) if (count <= 0) left.cells.delete(key);
  for (const [code, count] of left.stated) if (count <= 0) left.stated.delete(code);
  for (const [code, { chance }] of left.chances) if (chance < ROUNDED) left.chances.delete(code);
  for (const [name, { asked, codes }] of left.strata) {
    if (asked <= 0) left.strata.delete(name);
    for (const [code, each] of codes) {
      if (each.chance < ROUNDED) each.chance = 0;
      if (each.known === 0 && each.chance === 0) codes.delete(code);
    }
  }
  return left;
}

/** Chances that are added and taken away again leave some of the last digits. */
const ROUNDED = 1e-9;

function negated({ cells, stated, chances, strata, uncoded, squares }: Sums): Sums {
  const minus = ({ known, knownRead, chance }: CodeSums): CodeSums => {
    return { known: -known, knownRead: -knownRead, chance: -chance };
  };
  return {
    cells: mapped(cells, (cell) => ({ ...cell, count: -cell.count, lostMinor: -cell.lostMinor })),
    stated: mapped(stated, (count) => -count),
    chances: mapped(chances, ({ chance, minor }) => ({ chance: -chance, minor: -minor })),
    strata: mapped(strata, ({ asked, read, codes }) => ({ asked: -asked, read: -read, codes: mapped(codes, minus) })),
    uncoded: -uncoded,
    squares: -squares,
  };
}

const mapped = <K, V>(map: ReadonlyMap<K, V>, of: (value: V) => V): Map<K, V> =>
  new Map([...map].map(([key, value]) => [key, of(value)]));

/** How many leavers they are. */
export const countIn = ({ cells }: Sums): number => [...cells.values()].reduce((total, { count }) => total + count, 0);

/** What they were worth together. */
export const lostIn = ({ cells }: Sums): number =>
  [...cells.values()].reduce((total, { lostMinor }) => total + lostMinor, 0);

/** Leavers of the same key stand in one cell. */
export const keyOf = ({ knowledge, mainCodeId, mainSource, read, silent }: Cell): string =>
  `${knowledge} ${mainCodeId} ${mainSource} ${read} ${silent}`;

function addCell(to: Sums, key: string, cell: Cell): void {
  const known = to.cells.get(key);
  if (known) {
    known.count += cell.count;
    known.lostMinor += cell.lostMinor;
  } else to.cells.set(key, { ...cell });
}

function addCode(to: CodeSums, { known, knownRead, chance }: CodeSums): void {
  to.known += known;
  to.knownRead += knownRead;
  to.chance += chance;
}

export function addChance({ chances }: Sums, code: string, { chance, minor }: ChanceSums): void {
  const known = chances.get(code);
  if (known) {
    known.chance += chance;
    known.minor += minor;
  } else chances.set(code, { chance, minor });
}

function stratumIn(sums: Sums, name: string): StratumSums {
  let stratum = sums.strata.get(name);
  if (!stratum) sums.strata.set(name, (stratum = { asked: 0, read: 0, codes: new Map() }));
  return stratum;
}

function codeIn(stratum: StratumSums, codeId: string): CodeSums {
  let code = stratum.codes.get(codeId);
  if (!code) stratum.codes.set(codeId, (code = { known: 0, knownRead: 0, chance: 0 }));
  return code;
}

/** What is less comes of the order of adding alone: left in, it would decide who gets a cent that rounding leaves over. */
const CHANCE_PARTS = 1e9;
const MINOR_PARTS = 1e3;

/** The engine's chances of all who were read, by code. */
export function chancesOf({ chances }: Sums): { codeId: string; chance: number; minor: number }[] {
  return [...chances].flatMap(([codeId, { chance, minor }]) =>
    chance > 0 ? [{ codeId, chance: rounded(chance, CHANCE_PARTS), minor: rounded(minor, MINOR_PARTS) }] : [],
  );
}

const rounded = (value: number, parts: number): number => Math.round(value * parts) / parts;
