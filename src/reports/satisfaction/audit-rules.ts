import { answersNeeded, FEW_AUDITED, type Basis, type EstimatedShare } from '../../coding/index.ts';
import type { DrawnResponses } from './audit-store.ts';
import { chosenIn, FIELDS, type Filter } from './filter.ts';
import type { Part } from './parts.ts';

/** How far the words of one part have been checked, and what is missing until their shares are right to within 5 points. */
export interface Standing {
  part: Part;
  programme: string;
  /** Responses that were drawn and checked, and those that are drawn and wait. */
  checked: number;
  waiting: number;
  /** Responses to check, those that wait among them. */
  needed: number;
}

/** A question, as far as it is checked. */
interface Needing {
  part: Part;
  programme: string;
  base: number;
  basis: Basis;
  needed: number;
}

/**
 * By part and programme; without those that colleagues have coded whole. Where a question is answered by some alone, as many
 * more responses have to be drawn.
 */
export function standings(
  questions: Needing[],
  drawnOf: (programme: string, part: Part) => DrawnResponses | undefined,
): Standing[] {
  const groups = Map.groupBy(questions, ({ part, programme }) => `${part} ${programme}`);
  return [...groups.values()].flatMap((own): Standing[] => {
    const [first] = own;
    const most = Math.max(...own.map(({ base }) => base));
    if (!first || own.every(({ basis }) => basis === 'counted')) return [];
    const all = own.map(({ needed, base }) => (base > 0 ? Math.ceil((needed * most) / base) : 0));
    const needed = Math.min(Math.ceil(most), Math.max(...all));
    const { part, programme } = first;
    const { drawn, waiting } = drawnOf(programme, part) ?? { drawn: 0, waiting: 0 };
    return drawn + needed === 0 ? [] : [{ part, programme, checked: drawn - waiting, waiting, needed }];
  });
}

/** How many more of so many answers have to be checked, of a question whose shares stand so. */
export function neededFor(shares: Pick<EstimatedShare, 'share' | 'needed'>[], count: number, audited: number): number {
  const left = Math.max(0, Math.floor(count) - audited);
  if (left === 0 || shares.length === 0) return 0;
  const widest = Math.max(...shares.map((each) => (audited > 0 ? each.needed : fromNothing(each.share, count))));
  return Math.min(left, Math.max(widest, FEW_AUDITED - audited));
}

/** Before any audit nobody knows what the predictions are good for: as many as without them. */
const fromNothing = (share: number, count: number): number =>
  count < 2 ? count : 1 + answersNeeded({ share, effective: 1 / (1 - 1 / count), audited: 1, count });

/** A filter as an audit keeps it: the days that it meant when it was drawn, the part, and its fields. */
export function coversOf({ period: { from, to }, of }: Filter, part: Part): Record<string, string> {
  const fields = chosenIn(of).map(({ field, value }) => [field, value]);
  return { from, to, part, ...(Object.fromEntries(fields) as Record<string, string>) };
}

/** What of a response an audit may ask for; nothing of one that is not about satisfaction. */
export type Coverable = { [name in 'part' | 'day' | (typeof FIELDS)[number]]: string | null };

export function coveredBy(covers: Record<string, string>, response: Coverable): boolean {
  const { day } = response;
  if (day === null) return false;
  return Object.entries(covers).every(([name, value]) => {
    if (name === 'from') return day >= value;
    if (name === 'to') return day <= value;
    return (name === 'part' || FIELDS.some((field) => field === name)) && response[name as 'part'] === value;
  });
}
