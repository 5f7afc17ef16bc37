import { addDays } from '../../shared/dates.ts';
import type { Db } from '../../storage/index.ts';
import { FIELDS, NAMES, type LeaverFilter } from '../covers-rules.ts';
import type { Period } from '../rules.ts';
import { valuesIn, type Field } from './building.ts';
import { leaverRows, moreFields, type LeaverRow } from './leaver-rows-store.ts';
import { RETURNED, type Fields } from './groups.ts';
import { createKept, together, type ReadSums } from './kept.ts';
import { returnedRows } from './returned-store.ts';
import * as store from './span-store.ts';
import { planOf, type Plan, type Stamped } from './spans.ts';
import { addLeaver, addSums, countIn, noSums, withoutSums, type Sums } from './sums.ts';

/** Leavers by their values in a field, of many values the largest alone. */
interface ByValue {
  /** The most leavers first. */
  shown: [string, Sums][];
  /** All rarer values together; null where there are none. */
  rest: Sums | null;
  /** How many different values there are. */
  values: number;
}

/** A leaver who is not summed up, with their values in a field. */
interface Changed {
  row: LeaverRow;
  values: string[];
}

interface Wanted extends Pick<Stamped, 'stamps'> {
  /** Of a field; all of them where none are named. */
  values?: string[] | undefined;
  /** Of leavers narrowed by these alone. */
  among?: Fields;
  /** Leavers who are not summed up. */
  changed: Changed[];
  /** The plan whose strata are read too. */
  whole?: Plan | undefined;
}

/** A customer has any number of these; what stands under one value says nothing of who stands under others. */
const SEVERAL: readonly Field[] = ['tag'];

export type Reading = ReturnType<typeof createReading>;

/** Sums of leavers, from days and months that are summed up already, and leaver by leaver where something changed. */
export function createReading(db: Db) {
  const kept = createKept(db);

  /** The sums of each period, with their strata of the first alone where these are asked for, else of none. */
  async function of(filter: Fields, periods: Period[], strata?: 'strata'): Promise<Sums[]> {
    const { field, value, among } = placeOf(filter);
    const known = await store.summedIn(db, hullOf(periods));
    const plans = periods.map((period) => planOf(period, known));
    const read = await readBy(field, plans, {
      stamps: known.stamps,
      values: [value],
      among,
      changed: await stretched(stretchesOf(plans), field, chosenIn(filter)),
      whole: strata ? plans[0] : undefined,
    });
    const sums = plans.map((plan) => read(plan).get(value) ?? noSums());
    // Days that the first shares with others come with strata, which would be some of theirs alone.
    return sums.map((each, i) => (strata && i === 0 ? each : { ...each, strata: new Map() }));
  }

  /** Those of each period who have come back since. */
  async function returned(filter: Fields, periods: Period[], currency: string): Promise<Sums[]> {
    const among = chosenIn(filter) ?? {};
    const { stamps, ...known } = await store.summedIn(db, hullOf(periods));
    const plans = periods.map((period) => planOf(period, known));
    const changed: Changed[] = [];
    for (const stretch of joined(stretchesOf(plans)))
      for (const row of await returnedRows(db, stretch, currency))
        if (isMeant(row, among)) changed.push({ row, values: [''] });
    const read = await readBy(RETURNED, plans, { stamps, among, changed });
    return plans.map((plan) => read(plan).get('') ?? noSums());
  }

  /**
   * Those in a filter by their values in a field, at most so many; of more values the rarer ones stand together.
   * @param all everybody in the filter
   */
  async function byValue(field: Field, filter: LeaverFilter, most: number, all: Sums): Promise<ByValue> {
    const among = chosenIn(filter);
    const { stamps, ...known } = await store.summedIn(db, filter);
    const plan = planOf(filter, known);
    const changed = await stretched(plan.stretches, field, among);
    if (among) return ranked((await readBy(field, [plan], { stamps, among, changed }))(plan), most);
    const sizes = await store.sizesOf(db, field, plan);
    for (const { values } of changed) for (const each of values) sizes.set(each, (sizes.get(each) ?? 0) + 1);
    const isLong = sizes.size > most && !SEVERAL.includes(field);
    const names = isLong ? largest(sizes).slice(0, most - 1) : undefined;
    const found = (await readBy(field, [plan], { stamps, values: names, changed }))(plan);
    if (!names) return ranked(found, most);
    const shown = names.map((name): [string, Sums] => [name, found.get(name) ?? noSums()]);
    const rest = shown.reduce((left, [, each]) => withoutSums(left, each), all);
    return { shown, rest, values: sizes.size };
  }

  /** Reads what the plans need at once, of some values of a field or of all; then the sums of a plan by value. */
  async function readBy(
    field: Field | typeof RETURNED,
    plans: Plan[],
    { stamps, values, among, changed, whole }: Wanted,
  ): Promise<(plan: Plan) => Map<string, Sums>> {
    const own = new Set(whole ? spansOf(whole) : []);
    const spans = [...new Set(plans.flatMap(spansOf))].filter((span) => !own.has(span));
    const bySpan = new Map([
      ...(await kept.read({ field, spans: [...own], values, among, withStrata: true }, stamps)),
      ...(await kept.read({ field, spans, values, among, withStrata: false }, stamps)),
    ]);
    const rowsIn = (own: string[]) => own.flatMap((span) => bySpan.get(span) ?? []);
    return ({ spans: own, less, stretches: counted }) => {
      const found = addedUp(rowsIn(own), counted.length > 0);
      for (const [value, sums] of addedUp(rowsIn(less), false)) takeAway(found, value, sums);
      for (const { row, values: theirs } of changed)
        if (counted.some((stretch) => isIn(stretch, row.leftOn)))
          for (const each of theirs) if (values?.includes(each) ?? true) addLeaver(at(found, each), row);
      return found;
    };
  }

  /** The leavers of some stretches of time, each once, with their values in a field. */
  async function stretched(stretches: Period[], field: Field, among: Fields = {}): Promise<Changed[]> {
    const found: Changed[] = [];
    for (const stretch of joined(stretches)) {
      const rows = await leaverRows(db, { ...stretch, ...among });
      const more = await moreFor(field, rows);
      for (const row of rows) found.push({ row, values: valuesIn(field, row, more) });
    }
    return found;
  }

  async function moreFor(field: Field, rows: LeaverRow[]) {
    const isTheirs = field === '' || NAMES.some((name) => FIELDS[name] === field);
    const ids = isTheirs ? [] : rows.map(({ customerId }) => customerId);
    return await moreFields(db, ids);
  }

  return {
    of,
    returned,
    byValue,
    /** What is summed up of a period. */
    summed: (period: Period): Promise<Stamped> => store.summedIn(db, period),
  };
}

/** The fields that a filter asks for; none, undefined. */
function chosenIn(filter: Fields): Fields | undefined {
  const chosen = NAMES.filter((name) => filter[name] !== undefined);
  return chosen.length === 0 ? undefined : Object.fromEntries(chosen.map((name) => [name, filter[name]]));
}

const isMeant = (row: LeaverRow, among: Fields): boolean =>
  NAMES.every((name) => among[name] === undefined || row[FIELDS[name]] === among[name]);

/** Where a filter's sums stand: one field has its own; of several, groups are added up. */
function placeOf(filter: Fields): { field: Field; value: string; among?: Fields } {
  const among = chosenIn(filter) ?? {};
  const [name, second] = NAMES.filter((each) => among[each] !== undefined);
  if (name && second) return { field: '', value: '', among };
  return name ? { field: FIELDS[name], value: among[name] ?? '' } : { field: '', value: '' };
}

const stretchesOf = (plans: Plan[]): Period[] => plans.flatMap(({ stretches }) => stretches);

const spansOf = ({ spans, less }: Plan): string[] => [...spans, ...less];

const at = (found: Map<string, Sums>, value: string): Sums => {
  const known = found.get(value);
  if (known) return known;
  const fresh = noSums();
  found.set(value, fresh);
  return fresh;
};

/** @param grows more is added to them: else they come as they are kept, for nobody changes them */
function addedUp(rows: ReadSums[], grows: boolean): Map<string, Sums> {
  const found = new Map<string, Sums>();
  for (const [value, own] of Map.groupBy(rows, (row) => row.value)) {
    const total = together(own.map(({ sums }) => sums));
    found.set(value, grows ? addSums(noSums(), total) : total);
  }
  return found;
}

/** A value that nobody is left with is none. */
function takeAway(found: Map<string, Sums>, value: string, some: Sums): void {
  const left = withoutSums(at(found, value), some);
  if (countIn(left) > 0) found.set(value, left);
  else found.delete(value);
}

/** Values by how many have them, the most first. */
const largest = (sizes: Map<string, number>): string[] =>
  [...sizes].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([value]) => value);

function ranked(found: Map<string, Sums>, most: number): ByValue {
  const names = largest(new Map([...found].map(([value, sums]) => [value, countIn(sums)])));
  const rare = names.slice(names.length > most ? most - 1 : most);
  const shown = names.slice(0, names.length - rare.length).map((name): [string, Sums] => [name, at(found, name)]);
  const rest = rare.length === 0 ? null : rare.reduce((total, name) => addSums(total, at(found, name)), noSums());
  return { shown, rest, values: names.length };
}

const isIn = ({ from, to }: Period, day: string): boolean => from <= day && day <= to;

function hullOf(periods: Period[]): Period {
  const [from = '', to = ''] = [
    periods.map((each) => each.from).sort()[0],
    periods
      .map((each) => each.to)
      .sort()
      .at(-1),
  ];
  return { from, to };
}

/** Stretches that touch or overlap, as one. */
function joined(stretches: Period[]): Period[] {
  const found: Period[] = [];
  for (const each of stretches.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = found.at(-1);
    if (last && each.from <= addDays(last.to, 1)) last.to = last.to > each.to ? last.to : each.to;
    else found.push({ ...each });
  }
  return found;
}
