import type { Figure } from '../../retention/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { addDays } from '../../shared/dates.ts';
import { NotFound } from '../../shared/errors.ts';
import { wilson } from '../../shared/statistics.ts';
import { momentAt } from '../../shared/zones.ts';
import type { Storage } from '../../storage/index.ts';
import type { Period } from '../rules.ts';
import { countCoded, familyOf } from './code-share-store.ts';

interface Deps {
  storage: Storage;
  clock: Clock;
  company(): Promise<{ timeZone: string }>;
}

/** Counting more responses than these is remembered for a minute. */
const MANY = 5_000;
const KEPT_MS = 60_000;
const MOST_KEPT = 500;

/** How often people give a code, of either codebook. */
export function createCodeShare({ storage, clock, company }: Deps) {
  const kept = new Map<string, { until: number; figure: Figure }>();

  async function count(codeId: string, { from, to }: Period): Promise<Figure> {
    const { timeZone } = await company();
    const family = await familyOf(storage.read, codeId);
    if (!family) throw new NotFound();
    const startOf = (day: string) => momentAt(timeZone, { day, minutes: 0 });
    const { base, hits } = await countCoded(storage.read, family, startOf(from), startOf(addDays(to, 1)));
    const { share, low, high } = wilson(hits, base);
    return base === 0
      ? { value: null, low: null, high: null, base, unit: 'share' }
      : { value: share, low, high, base, unit: 'share' };
  }

  /**
   * Of the responses to the programme of that code's codebook that were sent in the period (days of the business, both
   * included) and that people have coded: the share with this code or one below it, whether main reason or not, with
   * Wilson's 95 % interval. What the engine alone has read is not counted: its word is off by some points.
   * @throws NotFound where there is no such code
   */
  return async (codeId: string, period: Period): Promise<Figure> => {
    const name = `${codeId} ${period.from} ${period.to}`;
    const now = clock.now().getTime();
    const known = kept.get(name);
    if (known && known.until > now) return known.figure;
    const figure = await count(codeId, period);
    if (kept.size > MOST_KEPT) kept.clear();
    if (figure.base > MANY) kept.set(name, { until: now + KEPT_MS, figure });
    return figure;
  };
}
