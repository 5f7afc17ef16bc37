import { decimalsOf } from '../../shared/money.ts';
import { estimateReasons } from '../estimate-rules.ts';
import type { Code, Drawn, Estimate } from '../estimate.ts';
import { leavingFigures, type LeaverCount, type LeavingFigures } from '../leaving-rules.ts';
import { isSame } from './kept.ts';
import { chancesOf, type Sums } from './sums.ts';

/** Everything that the figures of some leavers are worked out from. */
export interface Grounds {
  sums: Sums;
  drawn: Drawn;
  codes: Code[];
  currency: string;
}

export const NOTHING_DRAWN: Drawn = { audited: [], waiting: [] };

interface Worked extends Grounds {
  figures: LeavingFigures;
}

/** By the cells of their sums, which no others have. */
const worked = new WeakMap<Sums['cells'], Worked>();

/** Of the same grounds they are the same: a page needs those of two years of months, of which one changes as a rule. */
export function figuresOf(grounds: Grounds): LeavingFigures {
  const { cells } = grounds.sums;
  const known = worked.get(cells);
  if (known && isSameGround(known, grounds)) return known.figures;
  const figures = workOut(grounds);
  worked.set(cells, { ...grounds, figures });
  return figures;
}

const isSameGround = (a: Grounds, b: Grounds): boolean =>
  a.codes === b.codes &&
  a.currency === b.currency &&
  isSame(a.drawn.audited, b.drawn.audited) &&
  isSame(a.drawn.waiting, b.drawn.waiting);

function workOut(grounds: Grounds): LeavingFigures {
  const { sums, codes } = grounds;
  const stated = [...sums.stated].map(([statedCodeId, count]) => ({ statedCodeId, count }));
  return leavingFigures(countsOf(sums, codes), codes, estimateOf(grounds), stated);
}

function countsOf({ cells }: Sums, codes: Code[]): LeaverCount[] {
  const into = new Map(codes.flatMap((code) => (code.mergedIntoId ? [[code.id, code.mergedIntoId]] : [])));
  return [...cells.values()].map((cell) => ({
    ...cell,
    mainCodeId: countedAs(cell.mainCodeId, into),
    statedCodeId: null,
  }));
}

/** What was merged counts as the other, also while its answers are still on their way there. */
function countedAs(codeId: string | null, into: ReadonlyMap<string, string>): string | null {
  let found = codeId;
  for (let steps = 0; found !== null && steps < into.size; steps++) found = into.get(found) ?? found;
  return found;
}

/** Undefined where people have coded all that the engine has read: then everything is counted. */
function estimateOf({ sums, drawn, codes, currency }: Grounds): Estimate | undefined {
  if (sums.uncoded === 0) return undefined;
  const read = [...sums.cells.values()].filter((each) => each.read);
  const sum = (of: 'count' | 'lostMinor') => read.reduce((total, each) => total + each[of], 0);
  const answers = {
    count: sum('count'),
    lostMinor: sum('lostMinor'),
    chances: chancesOf(sums),
    audited: drawn.audited,
    waiting: drawn.waiting.length,
  };
  return estimateReasons(answers, codes, 10 ** decimalsOf(currency));
}
