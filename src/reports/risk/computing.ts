import { timestamp } from '../../shared/clock.ts';
import { dayIn } from '../../shared/dates.ts';
import { othersFirst } from '../../shared/others-first.ts';
import { newId } from '../../shared/ids.ts';
import type { Tx } from '../../storage/index.ts';
import type { RiskDeps } from './deps.ts';
import { addFlags, type FlagRow } from './flag-store.ts';
import type { Outcomes } from './outcomes.ts';
import { createTally, type GapTally, type SegmentRhythm } from './rhythm-rules.ts';
import { judge, KINDS, levelOf, scoreOf, type Fit, type Judged } from './rules.ts';
import type { RiskSetting } from './setting.ts';
import type { Known, SignsOf } from './signs.ts';
import * as store from './risk-store.ts';
import type { CalmRow, RiskRow } from './risk-store.ts';
import { nextCustomers } from './sources-store.ts';

/** Small enough that nobody who answers meanwhile waits for one. */
export const SLICE = 50;
/** The first who are looked at where no segment's rhythm is known yet. */
const FIRST_SLICES = 80;

/** What a look at many customers goes by. */
export interface Look {
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

/** Brings the standing of customers up to date: read first, then written in a short transaction. */
export function createComputing({ storage, clock, accounts, signsOf, setting, outcomes }: Deps) {
  const { read } = storage;

  async function today(): Promise<string> {
    return dayIn((await accounts.company()).timeZone, clock.now());
  }

  async function segmentRhythms(): Promise<ReadonlyMap<string, SegmentRhythm>> {
    const known = await store.rhythms(read);
    if (known.size > 0) return known;
    const tally = createTally();
    const asOf = { day: await today(), moment: timestamp(clock) };
    let after = '';
    for (let i = 0; i < FIRST_SLICES; i++) {
      const ids = await nextCustomers(read, after, SLICE);
      await signsOf(read, ids, { asOf, segments: known, withAlive: false, tally });
      after = ids.at(-1) ?? '';
      if (ids.length < SLICE) break;
      await othersFirst();
    }
    return tally.result();
  }

  async function lookOf(): Promise<Look> {
    return {
      day: await today(),
      factor: await setting.factor(read),
      fit: await outcomes.fit(read),
      segments: await segmentRhythms(),
    };
  }

  async function refresh(ids: string[], look: Look): Promise<void> {
    const { day, segments, tally, factor } = look;
    const asOf = { day, moment: timestamp(clock) };
    const known = await signsOf(read, ids, { asOf, segments, withAlive: true, tally });
    const [before, calms] = [await store.risksOf(read, ids), await store.calmsOf(read, ids)];
    const judged = [...known.values()].map((each) => ({ ...each, judged: judge(each.signs, factor) }));
    const rows = judged
      .filter((each) => each.judged.reasons.length > 0)
      .map((each) => rowOf(each, look, before.get(each.facts.id), calms.get(each.facts.id)));
    const changed = rows.filter((row) => !isSame(row, before.get(row.customer_id)));
    const kept = new Set(rows.map((row) => row.customer_id));
    const gone = [...before.keys()].filter((id) => !kept.has(id));
    const flags = changed.flatMap((row) => flagOf(row, before.get(row.customer_id), day) ?? []);
    if (changed.length + gone.length === 0) return;
    await othersFirst();
    await storage.transaction(async (tx) => {
      await store.saveRisks(tx, changed);
      await store.dropRisks(tx, gone);
      await addFlags(tx, flags);
    });
  }

  function rowOf(
    { facts, judged }: Known & { judged: Judged },
    { day, fit }: Look,
    before: RiskRow | undefined,
    calm: CalmRow | undefined,
  ): RiskRow {
    const { points, flagged, reasons } = judged;
    const score = scoreOf(points, fit);
    const has = Object.fromEntries(KINDS.map((kind) => [kind, reasons.some((each) => each.kind === kind) ? 1 : 0]));
    const now = timestamp(clock);
    return {
      ...(has as Pick<RiskRow, (typeof KINDS)[number]>),
      customer_id: facts.id,
      standing: !flagged ? 'low' : isCalm(calm, reasons, day) ? 'calm' : 'flagged',
      points,
      score,
      level: flagged ? Math.max(levelOf(points), before?.level ?? 0) : 0,
      reasons: JSON.stringify(reasons),
      worth_minor: facts.worth_minor,
      worth_at_risk_minor: Math.max(0, Math.round(score * facts.worth_minor)),
      segment: facts.segment,
      contact_account_id: facts.contact_account_id,
      flagged_at: flagged ? (before?.flagged_at ?? now) : null,
      computed_at: now,
    };
  }

  /** A flag is noted when it is raised, and again for each step by which it has become stronger. */
  function flagOf(row: RiskRow, before: RiskRow | undefined, day: string): FlagRow | undefined {
    if (row.level <= (before?.level ?? 0)) return undefined;
    const first = (before?.level ?? 0) === 0 ? 1 : 0;
    return newFlag({ customerId: row.customer_id, day, points: row.points, score: row.score, first, lookedBack: 0 });
  }

  interface Raised {
    customerId: string;
    day: string;
    points: number;
    score: number;
    first: 0 | 1;
    lookedBack: 0 | 1;
  }

  function newFlag({ customerId, day, points, score, first, lookedBack }: Raised): FlagRow {
    const open = { outcome: 'open' as const, decided_on: null };
    const said = { points, score, first, looked_back: lookedBack };
    return { id: newId(clock), customer_id: customerId, flagged_on: day, ...said, ...open };
  }

  return {
    today,
    lookOf,
    refresh,
    newFlag,
    /** Looks at those of whom there is news; whoever is changed meanwhile is in the queue again. */
    async refreshQueued(look: Look): Promise<number> {
      const ids = await storage.transaction((tx: Tx) => store.takeQueued(tx, SLICE));
      if (ids.length === 0) return 0;
      await refresh(ids, look);
      await outcomes.settle(ids, look.day);
      return ids.length;
    },
  };
}

export type Computing = ReturnType<typeof createComputing>;

/** A colleague's word holds until its day, unless there is a sign that they did not know of. */
function isCalm(calm: CalmRow | undefined, reasons: Judged['reasons'], day: string): boolean {
  if (!calm || calm.until_on < day) return false;
  const known = calm.kinds.split(' ');
  return reasons.every(({ kind }) => known.includes(kind));
}

const MARKS: (keyof RiskRow)[] = ['standing', 'score', 'points', 'level', 'reasons', 'worth_minor', 'segment'];

function isSame(row: RiskRow, before: RiskRow | undefined): boolean {
  if (before?.contact_account_id !== row.contact_account_id) return false;
  return MARKS.every((mark) => before[mark] === row[mark]);
}
