import { decimalsOf } from '../../shared/money.ts';
import { estimateReasons } from '../estimate-rules.ts';
import type { Code, Drawn, Estimate } from '../estimate.ts';
import { leavingFigures, type LeaverCount, type LeavingFigures } from '../leaving-rules.ts';
import { chancesOf, type Sums } from './sums.ts';

/** Everything that the figures of some leavers are worked out from. */
export interface Grounds {
  sums: Sums;
  drawn: Drawn;
  codes: Code[];
  currency: string;
}

export const NOTHING_DRAWN: Drawn = { audited: [], waiting: [] };

export function figuresOf(grounds: Grounds): LeavingFigures {
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
export function estimateOf({ sums, drawn, codes, currency }: Grounds): Estimate | undefined {
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
