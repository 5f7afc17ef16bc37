import type { Storage } from '../../storage/index.ts';
import type { LeaverFilter } from '../covers-rules.ts';
import type { Estimates } from '../estimate-service.ts';
import type { Code, Drawn } from '../estimate.ts';
import type { LeavingFigures } from '../leaving-rules.ts';
import { figuresOf, NOTHING_DRAWN } from '../sums/figures.ts';
import { valuesOfCustomers } from '../sums/leaver-rows-store.ts';
import type { SumsService } from '../sums/service.ts';
import { addSums, noSums, type Sums } from '../sums/sums.ts';

/** What reasons are crossed with: how long they had been customers, what they were worth, where they live, and so on. */
export const CROSSED = [
  'tenure',
  'value',
  'segment',
  'country',
  'region',
  'language',
  'product',
  'channel',
  'tag',
] as const;
export type CrossedField = (typeof CROSSED)[number];

/** As the sums call it. */
const FIELD = {
  tenure: 'tenure_band',
  value: 'value_band',
  segment: 'segment',
  country: 'country',
  region: 'region',
  language: 'language',
  product: 'item',
  channel: 'mode',
  tag: 'tag',
} as const;

const MOST_COLUMNS = 8;

/** One value of the field with everybody who has it; null where all those with rarer values stand together. */
export interface CrossColumn {
  value: string | null;
  figures: LeavingFigures;
}

export interface Crossed {
  field: CrossedField;
  /** The most leavers first; bands in their order. */
  columns: CrossColumn[];
  /** Everybody once, also where a customer has several values. */
  total: LeavingFigures;
}

interface Deps {
  storage: Storage;
  sums: SumsService;
  estimates: Estimates;
}

interface Asked {
  filter: LeaverFilter;
  codes: Code[];
  currency: string;
}

/** Reasons by the values of a field. */
export function createCrosses({ storage, sums, estimates }: Deps) {
  return async (field: CrossedField, { filter, codes, currency }: Asked): Promise<Crossed> => {
    const [all = noSums()] = await sums.of(filter, [filter]);
    const byValue = await sums.byValue(FIELD[field], filter);
    const drawn = all.uncoded > 0 ? await estimates.drawnIn(filter) : NOTHING_DRAWN;
    const people = [...drawn.audited, ...drawn.waiting].map(({ customerId }) => customerId);
    const valuesOf = await valuesOfCustomers(storage.read, FIELD[field], people);
    const figures = (each: Sums, isIn: (values: string[]) => boolean) =>
      figuresOf({ sums: each, drawn: among(drawn, (id) => isIn(valuesOf.get(id) ?? [])), codes, currency });
    const ranked = ordered(field, [...byValue]);
    const rare = ranked.slice(ranked.length > MOST_COLUMNS ? MOST_COLUMNS - 1 : MOST_COLUMNS);
    const shown = ranked.slice(0, ranked.length - rare.length);
    const columns = shown.map(([value, each]): CrossColumn => ({
      value,
      figures: figures(each, (values) => values.includes(value)),
    }));
    if (rare.length > 0) {
      const others = rare.reduce((total, [, each]) => addSums(total, each), noSums());
      const names = new Set(rare.map(([value]) => value));
      columns.push({ value: null, figures: figures(others, (values) => values.some((value) => names.has(value))) });
    }
    return { field, columns, total: figuresOf({ sums: all, drawn, codes, currency }) };
  };
}

const leavers = ({ cells }: Sums): number => [...cells.values()].reduce((total, { count }) => total + count, 0);

const ORDERS: Partial<Record<CrossedField, readonly string[]>> = {
  tenure: ['under_1', '1_to_5', 'over_5', 'unknown'],
  value: ['under_200', '200_to_1000', 'over_1000'],
};

function ordered(field: CrossedField, values: [string, Sums][]): [string, Sums][] {
  const order = ORDERS[field];
  if (order) return values.toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  return values.toSorted(([a, x], [b, y]) => leavers(y) - leavers(x) || (a < b ? -1 : 1));
}

function among({ audited, waiting }: Drawn, isIn: (customerId: string) => boolean): Drawn {
  return {
    audited: audited.filter(({ customerId }) => isIn(customerId)),
    waiting: waiting.filter(({ customerId }) => isIn(customerId)),
  };
}
