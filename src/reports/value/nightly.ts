import { underLease, type Lease } from '../../scheduler/index.ts';
import { timestamp } from '../../shared/clock.ts';
import { dayIn } from '../../shared/dates.ts';
import { newId } from '../../shared/ids.ts';
import { othersFirst } from '../../shared/others-first.ts';
import { newestSetting } from '../../storage/index.ts';
import type { InsightDeps } from '../deps.ts';
import { countsOf, lookAtAll, shareLost, type Seen } from './customers-seen.ts';
import { createTally, type Facts } from './facts.ts';
import { fitted, type Fitted } from './fitting.ts';
import { beforeNight, type Reason } from './method-rules.ts';
import type { Model } from './model.ts';
import type { ValueSetting } from './settings.ts';
import { Lost, slicesOf } from './slices.ts';
import { createValueThread, type ValueThread } from './thread.ts';
import * as store from './value-store.ts';
import { valued, type Rates } from './valuing.ts';

const LEASE = 'reports.value';
/** More purchases may make a model possible that was not. */
const MAY_CHANGE: ReadonlySet<string> = new Set<Reason>(['none', 'few', 'short']);

type Deps = Pick<InsightDeps, 'storage' | 'clock' | 'leases' | 'accounts' | 'customers'> & {
  setting(): Promise<ValueSetting>;
};

/** Works out anew what customers are worth: once a night, and after what it rests on was changed by hand or import. */
export function createNightly(deps: Deps): () => Promise<void> {
  let running: Promise<void> | undefined;
  // The lease is the whole process's: whoever asks a second time in it waits for the first.
  return () => (running ??= turn(deps).finally(() => (running = undefined)));
}

async function turn(deps: Deps): Promise<void> {
  if (!(await isDue(deps))) return;
  await underLease(deps.leases, LEASE, async (lease) => {
    const thread = createValueThread();
    try {
      if (await isDue(deps)) await workOut(deps, lease, thread);
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
    } finally {
      await thread.stop();
    }
  });
}

async function isDue(deps: Deps): Promise<boolean> {
  const { read } = deps.storage;
  const last = await store.latestModel(read);
  if (!last) return await store.anyCustomer(read);
  if (last.night < (await daysOf(deps)).night) return true;
  const changed = await newestSetting(read, 'value_setting');
  if (changed && changed.changed_at > last.fitted_at) return true;
  return MAY_CHANGE.has(last.reason) && ((await store.lastImport(read)) ?? '') > last.fitted_at;
}

/** Today, and the day on which the last night began, by the business's clocks. */
async function daysOf({ accounts, clock }: Deps): Promise<{ today: string; night: string }> {
  const { timeZone } = await accounts.company();
  const now = clock.now();
  return { today: dayIn(timeZone, now), night: dayIn(timeZone, beforeNight(now)) };
}

async function workOut(deps: Deps, lease: Lease, thread: ValueThread): Promise<void> {
  const { storage, clock } = deps;
  const began = performance.now();
  const at = timestamp(clock);
  const { today, night } = await daysOf(deps);
  const settings = await deps.setting();
  const seen = await lookAtAll(deps, slicesOf(storage.read, lease, today), today);
  const found = await fitted(thread, seen);
  const rates = { marginShare: settings.margin, discount: settings.discount, retention: 1 - shareLost(seen) };
  const totals = await valueAll(deps, lease, thread, { today, at, model: found.model, rates });
  const facts: Facts = { day: today, ...settings, ...factsOf(seen), ...totals };
  const seconds = (performance.now() - began) / 1000;
  const row = { id: newId(clock), night, fitted_at: at, seconds, ...modelRow(found), customers: facts.buyers };
  await storage.backgroundTransaction((tx) => store.insertModel(tx, { ...row, facts: JSON.stringify(facts) }));
}

interface Valuing {
  today: string;
  at: string;
  model: Model | null;
  rates: Rates;
}

/** Writes what each customer is worth. @returns the totals */
async function valueAll({ storage }: Deps, lease: Lease, thread: ValueThread, { today, at, model, rates }: Valuing) {
  const tally = createTally();
  for await (const slice of slicesOf(storage.read, lease, today)) {
    const asked = model && slice.buyers.length > 0;
    const expected = asked ? await thread.forecast(slice.purchases, model, rates.discount) : null;
    const rows = valued(slice, expected, rates, at);
    await othersFirst();
    await storage.backgroundTransaction((tx) => store.saveValues(tx, rows));
    rows.forEach((row, i) => tally.add(row, slice.customers[i]?.segment ?? ''));
  }
  return tally.done();
}

const factsOf = (seen: Seen) => {
  const { base, lost, baseSpendMinor, days, variation } = seen;
  return { base, lost, baseSpendMinor, days, variation, ...countsOf(seen) };
};

const modelRow = ({ model, reason, fitSeconds }: Fitted) => ({
  method: model ? ('model' as const) : ('formula' as const),
  reason: reason ?? '',
  parameters: JSON.stringify(model ? { ...model, fitSeconds } : null),
  log_likelihood: model?.buying.logLikelihood ?? null,
});
