import { timestamp } from '../../shared/clock.ts';
import { dayIn } from '../../shared/dates.ts';
import { othersFirst } from '../../shared/others-first.ts';
import type { RiskDeps } from './deps.ts';
import { flagOf } from './flag.ts';
import { addFlags } from './flag-store.ts';
import type { Outcomes } from './outcomes.ts';
import { createTally, type GapTally, type SegmentRhythm } from './rhythm-rules.ts';
import { judge, type Fit } from './rules.ts';
import * as store from './risk-store.ts';
import type { RiskRow } from './risk-store.ts';
import type { RiskSetting } from './setting.ts';
import type { SignsOf } from './signs.ts';
import { nextCustomers } from './sources-store.ts';
import { isSame, standingRow } from './standing-rules.ts';

/** Small enough that nobody who answers meanwhile waits for one. */
export const SLICE = 50;
/** The first who are looked at where no segment's rhythm is known yet. */
const FIRST_SLICES = 80;

/** What a look at many customers goes by. */
export interface Look {
  /** A plain date. */
  day: string;
  factor: number;
  fit: Fit;
  segments: ReadonlyMap<string, SegmentRhythm>;
  tally?: GapTally;
}

type Deps = Pick<RiskDeps, 'storage' | 'clock' | 'accounts'> & {
  signsOf: SignsOf;
  setting: RiskSetting;
  outcomes: Outcomes;
};

/** Brings the standing of customers up to date. */
export interface Computing {
  /** By the business's clocks: 'YYYY-MM-DD'. */
  today(): Promise<string>;
  lookOf(): Promise<Look>;
  refresh(customerIds: string[], look: Look): Promise<void>;
  /** Looks at those of whom there is news; whoever is changed meanwhile is in the queue again. @returns how many */
  refreshQueued(look: Look): Promise<number>;
}

export function createComputing(deps: Deps): Computing {
  return {
    today: () => today(deps),
    lookOf: () => lookOf(deps),
    refresh: (customerIds, look) => refresh(deps, customerIds, look),
    refreshQueued: (look) => refreshQueued(deps, look),
  };
}

async function lookOf(deps: Deps): Promise<Look> {
  const { read } = deps.storage;
  return {
    day: await today(deps),
    factor: await deps.setting.factor(read),
    fit: await deps.outcomes.fit(read),
    segments: await segmentRhythms(deps),
  };
}

async function today({ accounts, clock }: Deps): Promise<string> {
  return dayIn((await accounts.company()).timeZone, clock.now());
}

/** As the last night counted them; before the first one, from the first customers. */
async function segmentRhythms(deps: Deps): Promise<ReadonlyMap<string, SegmentRhythm>> {
  const { read } = deps.storage;
  const known = await store.rhythms(read);
  if (known.size > 0) return known;
  const tally = createTally();
  const asOf = { day: await today(deps), moment: timestamp(deps.clock) };
  let after = '';
  for (let i = 0; i < FIRST_SLICES; i++) {
    const ids = await nextCustomers(read, after, SLICE);
    await deps.signsOf(read, ids, { asOf, segments: known, withAlive: false, tally });
    after = ids.at(-1) ?? '';
    if (ids.length < SLICE) break;
    await othersFirst();
  }
  return tally.result();
}

async function refreshQueued(deps: Deps, look: Look): Promise<number> {
  const ids = await deps.storage.backgroundTransaction((tx) => store.takeQueued(tx, SLICE));
  if (ids.length === 0) return 0;
  await refresh(deps, ids, look);
  await deps.outcomes.settle(ids, look.day);
  return ids.length;
}

/** Read first, then written in a short transaction. */
async function refresh(deps: Deps, customerIds: string[], look: Look): Promise<void> {
  const { storage, clock } = deps;
  const before = await store.risksOf(storage.read, customerIds);
  const rows = await standingsOf(deps, customerIds, look, before);
  const changed = rows.filter((row) => !isSame(row, before.get(row.customer_id)));
  const kept = new Set(rows.map((row) => row.customer_id));
  const gone = [...before.keys()].filter((id) => !kept.has(id));
  if (changed.length + gone.length === 0) return;
  const flags = changed.flatMap((row) => flagOf(clock, row, before.get(row.customer_id), look.day) ?? []);
  await othersFirst();
  await storage.backgroundTransaction(async (tx) => {
    await store.saveRisks(tx, changed);
    await store.dropRisks(tx, gone);
    await addFlags(tx, flags);
  });
}

/** Those of these customers who show any sign. */
async function standingsOf(
  { storage, clock, signsOf }: Deps,
  customerIds: string[],
  { day, factor, fit, segments, tally }: Look,
  before: ReadonlyMap<string, RiskRow>,
): Promise<RiskRow[]> {
  const at = timestamp(clock);
  const asked = { asOf: { day, moment: at }, segments, withAlive: true, tally };
  const known = await signsOf(storage.read, customerIds, asked);
  const calms = await store.calmsOf(storage.read, customerIds);
  return [...known.values()].flatMap((each) => {
    const judged = judge(each.signs, factor);
    if (judged.reasons.length === 0) return [];
    const { id } = each.facts;
    return standingRow({ ...each, judged }, { risk: before.get(id), calm: calms.get(id) }, { day, fit, at });
  });
}
