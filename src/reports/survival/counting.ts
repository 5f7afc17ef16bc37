import { daysBetween } from '../../shared/dates.ts';
import { valueBand } from '../rules.ts';
import { inWeeks, MOST_WEEKS, watch, type Lived, type Records } from './observation.ts';
import type { Tick } from './rules.ts';

/** What customers can be compared by. */
export const FIELDS = ['joined', 'segment', 'value', 'country', 'region', 'language', 'contact', 'tag'] as const;
export type Field = (typeof FIELDS)[number];

/** All customers together: no field that anybody can choose. */
export const EVERYBODY = 'all';
/** More different values of a field are not told apart. */
const MOST_VALUES = 200;

export interface CountedCustomer extends Lived {
  segment: string;
  country: string;
  region: string;
  language: string;
  contact: string;
  worthMinor: number;
  tags: string[];
  /** Later lifetimes: they came back, and left again where that is known. */
  returns: { from: string; to: string | null }[];
}

export interface Group {
  field: string;
  value: string;
  customers: number;
  leavers: number;
  days: number;
  ticks: Tick[];
}

/** By days, everybody's lifetimes: how many began to count on a day, how many left on it, and how many came back. */
export type Calendar = [day: string, entered: number, left: number, back: number][];

/** Adds customers up, one at a time, in memory that does not grow with their number. */
export function createCounting(records: Records, today: string, currency: string) {
  const groups = new Map<string, ReturnType<typeof emptyGroup>>();
  const values = new Map<string, number>();
  const calendar = new Map<string, [entered: number, left: number, back: number]>();

  function groupOf(field: string, value: string) {
    const key = `${field} ${value}`;
    const known = groups.get(key);
    if (known) return known;
    const count = (values.get(field) ?? 0) + 1;
    if (count > MOST_VALUES) return undefined;
    values.set(field, count);
    const group = emptyGroup(field, value);
    groups.set(key, group);
    return group;
  }

  function onDay(day: string): [number, number, number] {
    const known = calendar.get(day) ?? [0, 0, 0];
    calendar.set(day, known);
    return known;
  }

  function live(from: string, to: string, left: boolean, isBack: boolean): void {
    onDay(from)[isBack ? 2 : 0]++;
    if (left) onDay(to)[1]++;
  }

  return {
    add(customer: CountedCustomer): void {
      for (const { from, to } of customer.returns)
        if (from < (to ?? today)) live(from, to ?? today, to !== null && to <= today, true);
      const watched = watch(customer, records, today);
      if (!watched) return;
      live(watched.from, watched.to, watched.left, false);
      const weeks = inWeeks(watched);
      for (const [field, value] of valuesOf(customer, watched.since, currency)) {
        const group = value === '' ? undefined : groupOf(field, value);
        if (!group) continue;
        group.customers++;
        group.days += daysBetween(watched.from, watched.to);
        if (watched.left) group.leavers++;
        if (!weeks) continue;
        group.entered[weeks.enters]!++;
        (weeks.left ? group.left : group.ended)[weeks.exits]!++;
      }
    },
    groups: (): Group[] => [...groups.values()].map(sparse),
    calendar: (): Calendar => [...calendar].map(([day, counts]): Calendar[number] => [day, ...counts]).sort(byDay),
  };
}

const byDay = ([a]: Calendar[number], [b]: Calendar[number]) => (a < b ? -1 : 1);

const emptyGroup = (field: string, value: string) => ({
  field,
  value,
  customers: 0,
  leavers: 0,
  days: 0,
  entered: new Uint32Array(MOST_WEEKS + 1),
  left: new Uint32Array(MOST_WEEKS + 1),
  ended: new Uint32Array(MOST_WEEKS + 1),
});

function sparse({ entered, left, ended, ...group }: ReturnType<typeof emptyGroup>): Group {
  const ticks: Tick[] = [];
  entered.forEach((count, t) => {
    const tick = { t, entered: count, left: left[t] ?? 0, ended: ended[t] ?? 0 };
    if (tick.entered + tick.left + tick.ended > 0) ticks.push(tick);
  });
  return { ...group, ticks };
}

function valuesOf(customer: CountedCustomer, since: string, currency: string): [string, string][] {
  return [
    [EVERYBODY, EVERYBODY],
    ['joined', since.slice(0, 4)],
    ['segment', customer.segment],
    ['value', customer.worthMinor > 0 ? valueBand(customer.worthMinor, currency) : ''],
    ['country', customer.country],
    ['region', customer.region],
    ['language', customer.language],
    ['contact', customer.contact],
    ...customer.tags.map((tag): [string, string] => ['tag', tag]),
  ];
}
