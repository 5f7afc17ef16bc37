import type { Storage } from '../../storage/index.ts';
import { forComparing } from '../changes/rules.ts';
import type { LeaverFilter } from '../covers-rules.ts';
import type { DrawnIn } from '../drawn.ts';
import type { Code, Drawn } from '../estimate.ts';
import type { LeavingFigures } from '../leaving-rules.ts';
import { figuresOf, NOTHING_DRAWN } from '../sums/figures.ts';
import { valuesOfCustomers } from '../sums/leaver-rows-store.ts';
import type { SumsService } from '../sums/service.ts';
import { noSums, type Sums } from '../sums/sums.ts';

/** What reasons are crossed with: how long they had been customers, what they were worth, where they live, and so on. */
export const CROSSED = [
  'tenure',
  'value',
  'segment',
  'country',
  'region',
  'city',
  'language',
  'product',
  'channel',
  'contact',
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
  city: 'city',
  language: 'language',
  product: 'item',
  channel: 'mode',
  contact: 'contact',
  tag: 'tag',
} as const;

const MOST_COLUMNS = 8;

/**
 * One value of the field with everybody who has it; null where all those with rarer values stand together. Shares have the
 * intervals by which groups can be compared.
 */
interface CrossColumn {
  value: string | null;
  figures: LeavingFigures;
}

export interface Crossed {
  field: CrossedField;
  /** The most leavers first; bands in their order. */
  columns: CrossColumn[];
  /** How many different values there are, those that stand together included. */
  values: number;
  /** Everybody once, also where a customer has several values. */
  total: LeavingFigures;
}

interface Deps {
  storage: Storage;
  sums: SumsService;
  drawnIn: DrawnIn;
}

interface Asked {
  filter: LeaverFilter;
  codes: Code[];
  currency: string;
}

/** Reasons by the values of a field. */
export function createCrosses({ storage, sums, drawnIn }: Deps) {
  return async (field: CrossedField, { filter, codes, currency }: Asked): Promise<Crossed> => {
    const [all = noSums()] = await sums.of(filter, [filter]);
    const { shown, rest, values } = await sums.byValue(FIELD[field], filter, MOST_COLUMNS, all);
    const drawn = all.uncoded > 0 ? await drawnIn(filter) : NOTHING_DRAWN;
    const people = [...drawn.audited, ...drawn.waiting].map(({ customerId }) => customerId);
    const valuesOf = await valuesOfCustomers(storage.read, FIELD[field], people);
    const figures = (each: Sums, isIn: (values: string[]) => boolean) =>
      forComparing(
        figuresOf({ sums: each, drawn: among(drawn, (id) => isIn(valuesOf.get(id) ?? [])), codes, currency }),
      );
    const columns = ordered(field, shown).map(([value, each]): CrossColumn => ({
      value,
      figures: figures(each, (theirs) => theirs.includes(value)),
    }));
    if (rest) {
      const names = new Set(shown.map(([value]) => value));
      columns.push({ value: null, figures: figures(rest, (theirs) => theirs.some((value) => !names.has(value))) });
    }
    return { field, columns, values, total: forComparing(figuresOf({ sums: all, drawn, codes, currency })) };
  };
}

const ORDERS: Partial<Record<CrossedField, readonly string[]>> = {
  tenure: ['under_1', '1_to_5', 'over_5', 'unknown'],
  value: ['under_200', '200_to_1000', 'over_1000'],
};

/** Bands stand in their own order, everything else with the most leavers first. */
function ordered(field: CrossedField, values: [string, Sums][]): [string, Sums][] {
  const order = ORDERS[field];
  return order ? values.toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b)) : values;
}

function among({ audited, waiting }: Drawn, isIn: (customerId: string) => boolean): Drawn {
  return {
    audited: audited.filter(({ customerId }) => isIn(customerId)),
    waiting: waiting.filter(({ customerId }) => isIn(customerId)),
  };
}
