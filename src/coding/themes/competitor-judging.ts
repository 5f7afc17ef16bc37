import { accountOf, type Actor } from '../../shared/actor.ts';
import type { Audit } from '../../shared/audit.ts';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { Conflict, Invalid, NotFound } from '../../shared/errors.ts';
import type { Db, Storage, Tx } from '../../storage/index.ts';
import { nameKey } from '../engine/entity-merging.ts';
import { mayHaveOthers, rootsOf, type Competitor } from './competitor-rules.ts';
import { recount } from './competitor-recount-store.ts';
import * as rows from './competitor-store.ts';

export interface JudgingDeps {
  storage: Storage;
  clock: Clock;
  audit: Audit<Tx>;
}

/** One name of a programme among all of them. Throws NotFound. */
export async function competitorAt(db: Db, programmeId: string, id: string) {
  const all = await rows.competitorsOf(db, programmeId);
  const one = all.find((each) => each.id === id);
  if (!one) throw new NotFound();
  return { one, all };
}

/**
 * Judges a name: a competitor, or none; 'new' takes a judgement back. Throws NotFound, and Conflict where somebody judged it
 * meanwhile. @returns it as it was
 */
export async function judge(
  deps: JudgingDeps,
  actor: Actor,
  programmeId: string,
  id: string,
  state: 'yes' | 'no' | 'new',
): Promise<Competitor> {
  const { one } = await competitorAt(deps.storage.read, programmeId, id);
  await decide(deps, actor, programmeId, one, { state, into: null });
  return one;
}

/**
 * From now on it counts as the one of that name, or as what that one counts as. Throws NotFound, Invalid (`into-ID`), and
 * Conflict where somebody judged one of the two meanwhile. @returns the other
 */
export async function merge(
  deps: JudgingDeps,
  actor: Actor,
  programmeId: string,
  id: string,
  name: string,
): Promise<Competitor> {
  const { one, all } = await competitorAt(deps.storage.read, programmeId, id);
  const field = `into-${id}`;
  const key = nameKey(name);
  if (key === '') throw new Invalid({ [field]: { key: 'competitors.error.choose' } });
  const rootId = all.find((each) => each.key === key)?.rootId;
  const into = all.find((each) => each.id === rootId && mayHaveOthers(each));
  if (!into || into.id === id) throw new Invalid({ [field]: { key: 'competitors.error.unknown' } });
  await decide(deps, actor, programmeId, one, { state: 'same', into: into.id });
  return into;
}

interface Judgement {
  state: Competitor['state'];
  /** What it counts as. */
  into: string | null;
}

async function decide(
  { storage, clock, audit }: JudgingDeps,
  actor: Actor,
  programmeId: string,
  one: Competitor,
  { state, into }: Judgement,
): Promise<void> {
  const by = state === 'new' ? NOBODY : { accountId: accountOf(actor), decidedAt: timestamp(clock) };
  await storage.transaction(async (tx) => {
    await rows.lockNames(tx, programmeId);
    const isDone = await rows.decide(tx, one, { state, mergedIntoId: into, ...by });
    const all = await rows.competitorsOf(tx, programmeId);
    const isSound = into === null || all.some((each) => each.id === into && mayHaveOthers(each));
    if (!isDone || !isSound) throw new Conflict('competitors.error.meanwhile');
    await recount(tx, [one.rootId, ...(await setRoots(tx, all))]);
    await audit(tx, actor, `coding.competitor_${state}`, { kind: 'competitor', id: one.id }, { into });
  });
}

const NOBODY = { accountId: null, decidedAt: null };

/** @returns all names that others count as now, or did */
async function setRoots(tx: Tx, all: Competitor[]): Promise<string[]> {
  const roots = rootsOf(all);
  const changed: string[] = [];
  for (const { id, rootId } of all) {
    const root = roots.get(id) ?? id;
    if (root === rootId) continue;
    await rows.setRoot(tx, id, root);
    changed.push(root, rootId);
  }
  return changed;
}
