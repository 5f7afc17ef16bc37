import type { Figure } from '../../retention/index.ts';
import { wilson, type Share } from '../../shared/statistics.ts';
import type { Db } from '../../storage/index.ts';
import type { Period } from '../rules.ts';
import { countByReason, type Counts } from './winback-store.ts';

export interface Rates extends Counts {
  /** Won back / attempted, and won back / lost; null without a base. */
  ofAttempted: Share | null;
  ofLost: Share | null;
}

/** Of those who left in the period, both days included; by the key of their reason, and all of them. */
export async function countsIn(db: Db, period: Period): Promise<{ reasons: Map<string, Counts>; rates: Rates }> {
  const reasons = await countByReason(db, period);
  const sum = (what: keyof Counts) => [...reasons.values()].reduce((total, row) => total + row[what], 0);
  const all = { lost: sum('lost'), attempted: sum('attempted'), wonBack: sum('wonBack'), cameBack: sum('cameBack') };
  const of = (base: number) => (base === 0 ? null : wilson(all.wonBack, base));
  return { reasons, rates: { ...all, ofAttempted: of(all.attempted), ofLost: of(all.lost) } };
}

/** Won back / attempted. */
export async function winbackRate(db: Db, period: Period): Promise<Figure> {
  const { attempted, ofAttempted } = (await countsIn(db, period)).rates;
  const { share = null, low = null, high = null } = ofAttempted ?? {};
  return { value: share, low, high, base: attempted, unit: 'share' };
}
