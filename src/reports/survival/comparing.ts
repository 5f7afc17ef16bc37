import { newcombeOf, type Difference } from '../../shared/statistics.ts';
import type { Field, Group } from './counting.ts';
import {
  atRiskAt,
  churnOf,
  kaplanMeier,
  logRank,
  shareAt,
  without,
  type Churn,
  type Curve,
  type LogRank,
} from './rules.ts';

export interface Side extends Churn {
  /** Null: all the others. */
  value: string | null;
  customers: number;
  group: Group;
  curve: Curve;
}

export interface Comparison {
  field: Field;
  a: Side;
  b: Side;
  test: LogRank;
  /** Who is still there after a year; null where one curve does not reach so far, or does not begin with their first day. */
  afterYear: { a: number; b: number; difference: Difference } | null;
}

/** Weeks: 364 days. */
export const A_YEAR = 52;

/** Two groups beside each other; without a second one, all but the first. */
export function compareGroups(field: Field, { all, a, b }: { all: Group; a: Group; b: Group | null }): Comparison {
  const others = b ?? allBut(all, a);
  const [one, two] = [sideOf(a, a.value), sideOf(others, b ? b.value : null)];
  const [x, y] = [at(one, A_YEAR), at(two, A_YEAR)];
  return {
    field,
    a: one,
    b: two,
    test: logRank(a.ticks, others.ticks),
    afterYear: x && y ? { a: x.share, b: y.share, difference: newcombeOf(x, y) } : null,
  };
}

const sideOf = (group: Group, value: string | null): Side => ({
  value,
  customers: group.customers,
  group,
  curve: kaplanMeier(group.ticks),
  ...churnOf(group.leavers, group.days),
});

const at = ({ curve, group }: Side, t: number) =>
  curve.from === 0 ? shareAt(curve, t, atRiskAt(group.ticks, t)) : null;

const allBut = (all: Group, part: Group): Group => ({
  field: part.field,
  value: '',
  customers: all.customers - part.customers,
  leavers: all.leavers - part.leavers,
  days: all.days - part.days,
  ticks: without(all.ticks, part.ticks),
});
