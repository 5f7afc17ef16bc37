import type { Departures } from './changes/rules.ts';
import { coveredBy, coversOf, type LeaverFilter } from './covers-rules.ts';
import type { ReturnedRow } from './returned-store.ts';
import { tenureBand, valueBand } from './rules.ts';

const NOBODY: Departures = { count: 0, lostMinor: 0, squares: 0 };

/** Of those who left and have come back, whom a filter means. */
export function returnedIn(rows: ReturnedRow[], filter: LeaverFilter, currency: string): Departures {
  const covers = coversOf(filter);
  return rows.reduce((sum, row) => {
    const { left_on, segment, country, language } = row;
    const worth = Number(row.worth_minor);
    const isMeant = coveredBy(covers, {
      left_on,
      segment,
      country,
      language,
      // Worked out only where the filter asks for them.
      get tenure_band() {
        return tenureBand(row.customer_since, left_on);
      },
      get value_band() {
        return valueBand(worth, currency);
      },
    });
    if (!isMeant) return sum;
    return { count: sum.count + 1, lostMinor: sum.lostMinor + worth, squares: sum.squares + worth * worth };
  }, NOBODY);
}
