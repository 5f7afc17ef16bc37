import type { Lease } from '../../scheduler/index.ts';
import { timestamp } from '../../shared/clock.ts';
import { addMonths, dayIn } from '../../shared/dates.ts';
import { newId } from '../../shared/ids.ts';
import { othersFirst } from '../../shared/others-first.ts';
import type { InsightDeps } from '../deps.ts';
import { createTally, type Facts } from './facts.ts';
import { beforeNight, hindrance, median, variationOf, type Reason } from './method-rules.ts';
import type { Model, Purchases } from './model.ts';
import type { ValueSetting } from './settings.ts';
import { createValueThread, type ValueThread } from './thread.ts';
import * as store from './value-store.ts';
import { sliceOf, valued, type Rates, type Slice } from './valuing.ts';

/** So many customers at a time: whoever waits for a page hardly notices. */
const SLICE = 100;
/** Of so many customers the gaps between purchases are looked at. */
const SAMPLE = 150;
const RECENT_MONTHS = 24;
const LEASE = 'reports.value';
/** More purchases may make a model possible that was not. */
const MAY_CHANGE: ReadonlySet<string> = new Set<Reason>(['none', 'few', 'short']);

type Deps = Pick<InsightDeps, 'storage' | 'clock' | 'leases' | 'accounts' | 'customers'> & {
  setting(): Promise<ValueSetting>;
};

/** Somebody else has the lease. */
class Lost extends Error {}

/** Works out anew what customers are worth: once a night, and after what it rests on was changed by hand or import. */
export function createNightly({ storage, clock, leases, accounts, customers, setting }: Deps) {
  const now = () => timestamp(clock);
  const zone = async () => (await accounts.company()).timeZone;

  let running: Promise<void> | undefined;

  // The lease is the whole process's: whoever asks a second time in it waits for the first.
  return function work(): Promise<void> {
    return (running ??= turn().finally(() => (running = undefined)));
  };

  async function turn(): Promise<void> {
    if (!(await isDue())) return;
    const lease = await leases.take(LEASE);
    if (!lease) return;
    const thread = createValueThread();
    try {
      if (await isDue()) await workOut(lease, thread);
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
    } finally {
      await thread.stop();
      await lease.end();
    }
  }

  async function isDue(): Promise<boolean> {
    const last = await store.latestModel(storage.read);
    if (!last) return await store.anyCustomer(storage.read);
    if (last.night < (await nightOf())) return true;
    const changed = await store.findSetting(storage.read);
    if (changed && changed.changed_at > last.fitted_at) return true;
    return MAY_CHANGE.has(last.reason) && ((await store.lastImport(storage.read)) ?? '') > last.fitted_at;
  }

  async function nightOf(): Promise<string> {
    return dayIn(await zone(), beforeNight(clock.now()));
  }

  async function workOut(lease: Lease, thread: ValueThread): Promise<void> {
    const began = performance.now();
    const [at, night, today] = [now(), await nightOf(), dayIn(await zone(), clock.now())];
    const settings = await setting();
    const seen = await look(lease, today);
    const { model, reason, fitSeconds } = await fitted(thread, seen);
    const rates = { marginShare: settings.margin, discount: settings.discount, retention: 1 - shareLost(seen) };
    const totals = await writeAll(lease, thread, { today, at, model, rates });
    const { base, lost, baseSpendMinor, days, variation } = seen;
    const { buyers, repeaters } = countsOf(seen);
    const facts = {
      day: today,
      ...settings,
      base,
      lost,
      baseSpendMinor,
      days,
      variation,
      buyers,
      repeaters,
      ...totals,
    };
    await storage.transaction((tx) =>
      store.insertModel(tx, {
        id: newId(clock),
        night,
        fitted_at: at,
        method: model ? 'model' : 'formula',
        reason: reason ?? '',
        customers: buyers,
        parameters: JSON.stringify(model ? { ...model, fitSeconds } : null),
        log_likelihood: model?.buying.logLikelihood ?? null,
        seconds: (performance.now() - began) / 1000,
        facts: JSON.stringify(facts satisfies Facts),
      }),
    );
  }

  /** All customers once, a slice at a time; of each no more than four numbers are kept. */
  async function look(lease: Lease, today: string): Promise<Seen> {
    const seen = nothingSeen();
    const since = addMonths(today, -12);
    for await (const slice of slices(lease, today)) {
      for (const customer of slice.customers) {
        const lost = customer.left_on !== null && customer.left_on > since && customer.left_on <= today;
        if (customer.status === 'left' && !lost) continue;
        seen.base += 1;
        seen.lost += lost ? 1 : 0;
        seen.baseSpendMinor += customer.worth_minor;
      }
      remember(seen, slice);
    }
    const sampled = await customers.buyingDays(storage.read, seen.sample, addMonths(today, -RECENT_MONTHS));
    seen.variation = median([...sampled.values()].flatMap((days) => variationOf(days) ?? []));
    return seen;
  }

  async function* slices(lease: Lease, today: string): AsyncGenerator<Slice> {
    let after = '';
    for (;;) {
      const some = await store.customersAfter(storage.read, after, SLICE);
      const [first, last] = [some[0], some.at(-1)];
      if (!first || !last) return;
      yield sliceOf(some, await store.purchasesBetween(storage.read, first.id, last.id, today), today);
      after = last.id;
      await othersFirst();
      if (!(await lease.keep())) throw new Lost();
    }
  }

  interface Writing {
    today: string;
    at: string;
    model: Model | null;
    rates: Rates;
  }

  async function writeAll(lease: Lease, thread: ValueThread, { today, at, model, rates }: Writing) {
    const tally = createTally();
    for await (const slice of slices(lease, today)) {
      const asked = model && slice.buyers.length > 0;
      const expected = asked ? await thread.forecast(slice.purchases, model, rates.discount) : null;
      const rows = valued(slice, expected, rates, at);
      await othersFirst();
      await storage.transaction((tx) => store.saveValues(tx, rows));
      rows.forEach((row, i) => tally.add(row, slice.customers[i]?.segment ?? ''));
    }
    return tally.done();
  }
}

/** What a first look at all customers brings. */
interface Seen {
  base: number;
  lost: number;
  baseSpendMinor: number;
  columns: Record<keyof Purchases, number[]>;
  days: number;
  /** Customers with enough purchases to see a rhythm, evenly from all of them. */
  sample: string[];
  stride: number;
  candidates: number;
  variation: number | null;
}

const nothingSeen = (): Seen => ({
  base: 0,
  lost: 0,
  baseSpendMinor: 0,
  columns: { frequency: [], recency: [], age: [], total: [] },
  days: 0,
  sample: [],
  stride: 1,
  candidates: 0,
  variation: null,
});

const ENOUGH_PURCHASES = 4;

function remember(seen: Seen, { buyers, purchases }: Slice): void {
  const { frequency, recency, age, total } = purchases;
  buyers.forEach((id, i) => {
    seen.columns.frequency.push(frequency[i]!);
    seen.columns.recency.push(recency[i]!);
    seen.columns.age.push(age[i]!);
    seen.columns.total.push(total[i]!);
    seen.days = Math.max(seen.days, age[i]!);
    if (frequency[i]! < ENOUGH_PURCHASES || seen.candidates++ % seen.stride !== 0) return;
    seen.sample.push(id);
    if (seen.sample.length <= SAMPLE) return;
    seen.sample = seen.sample.filter((_, place) => place % 2 === 0);
    seen.stride *= 2;
  });
}

const shareLost = ({ base, lost }: Seen): number => (base === 0 ? 0 : lost / base);

const countsOf = ({ columns }: Seen) => ({
  buyers: columns.frequency.length,
  repeaters: columns.frequency.filter((x) => x > 0).length,
});

async function fitted(thread: ValueThread, seen: Seen) {
  const found = hindrance({ ...countsOf(seen), days: seen.days, variation: seen.variation });
  if (found) return { model: null, reason: found, fitSeconds: 0 };
  const column = (name: keyof Purchases) => Float64Array.from(seen.columns[name]);
  const [frequency, recency, age, total] = [column('frequency'), column('recency'), column('age'), column('total')];
  const began = performance.now();
  const model = await thread.fit({ frequency, recency, age, total });
  const fitSeconds = (performance.now() - began) / 1000;
  return model ? { model, reason: null, fitSeconds } : { model: null, reason: 'unfit' as Reason, fitSeconds };
}
