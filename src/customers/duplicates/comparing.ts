import type { Clock } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { Db, Schema, Storage } from '../../storage/index.ts';
import { comparedRows, keyColumns, lookUp, setKeys, SHARED_BY_MOST, type ComparedRow } from './key-store.ts';
import { dropChecks, replacePairs, waitingChecks } from './pair-store.ts';
import { keysOf, likeness, lookupsOf } from './rules.ts';

type Pair = Schema['likely_duplicate'];
type Waiting = Awaited<ReturnType<typeof comparedRows>>[number];

/** Small enough that what is read and written takes some milliseconds, and nobody waits behind it. */
const SLICE = 25;

/**
 * Compares some of those who were changed with whoever shares a key with them. False where nobody waits any more. What is saved
 * meanwhile leaves a mark of its own, and is compared again.
 */
export async function compareSome({ storage, clock }: { storage: Storage; clock: Clock }): Promise<boolean> {
  const checks = await waitingChecks(storage.read, SLICE);
  if (checks.length === 0) return false;
  const ids = [...new Set(checks.map((check) => check.customer_id))];
  const people = await comparedRows(storage.read, ids);
  await keepKeys(storage, people);
  const pairs = await pairsAmong(storage.read, people, clock);
  await storage.backgroundTransaction(async (tx) => {
    await replacePairs(tx, ids, pairs);
    await dropChecks(
      tx,
      checks.map(({ id }) => id),
    );
  });
  return true;
}

/** Those who were there before there were keys, or before they were made as they are now. */
async function keepKeys(storage: Storage, people: Waiting[]): Promise<void> {
  const outdated = people
    .map((each) => ({ each, keys: keysOf(each) }))
    .filter(({ each, keys }) =>
      Object.entries(keyColumns(keys)).some(([key, value]) => each[key as KeyColumn] !== value),
    );
  if (outdated.length === 0) return;
  await storage.backgroundTransaction(async (tx) => {
    for (const { each, keys } of outdated) await setKeys(tx, each.id, keys);
  });
}

type KeyColumn = keyof ReturnType<typeof keyColumns>;

async function pairsAmong(db: Db, people: Waiting[], clock: Clock): Promise<Pair[]> {
  if (people.length === 0) return [];
  const looking = people.flatMap((one) => lookupsOf(keysOf(one), one.city).map((lookup) => ({ one, lookup })));
  const found = await lookUp(
    db,
    looking.map(({ lookup }) => lookup),
  );
  const pairs = new Map<string, Pair>();
  looking.forEach(({ one }, i) => {
    const others = found[i] ?? [];
    if (others.length > SHARED_BY_MOST) return;
    for (const other of others) {
      const pair = other.id === one.id ? undefined : pairOf(one, other, clock);
      if (pair) pairs.set(`${pair.customer_id} ${pair.other_id}`, pair);
    }
  });
  return [...pairs.values()];
}

/** The older record first. */
function pairOf(one: ComparedRow, other: ComparedRow, clock: Clock): Pair | undefined {
  const { certainty, why } = likeness(one, other);
  if (certainty === 0) return undefined;
  const [first, second] = one.id < other.id ? [one.id, other.id] : [other.id, one.id];
  return { id: newId(clock), customer_id: first, other_id: second, certainty, why: why.join(' ') };
}
