import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Db } from '../../storage/index.ts';
import { displayName } from '../customer.ts';
import type { PossibleDuplicate } from '../listing.ts';
import { lookUp, SHARED_BY_MOST, type ComparedRow } from './key-store.ts';
import { saidDifferent } from './pair-store.ts';
import { compared, keysOf, likeness, lookupsOf, type Compared } from './rules.ts';

/**
 * Whoever shares something with them that says who somebody is, a telephone number alone among it: a person looks. Nobody of whom
 * it was said that they are somebody else.
 */
export async function duplicatesOf(
  db: Db,
  fields: Partial<Compared>,
  exceptId: string | undefined,
): Promise<PossibleDuplicate[]> {
  const one = compared(fields);
  const found = (await lookUp(db, lookupsOf(keysOf(one), one.city))).flat();
  const different = exceptId === undefined ? new Set<string>() : await saidDifferent(db, [exceptId]);
  const others = [...new Map(found.map((other) => [other.id, other])).values()];
  return others
    .filter(({ id }) => id !== exceptId && !different.has(`${exceptId} ${id}`))
    .map((other) => ({ other, ...likeness(one, other) }))
    .filter(({ why }) => why.length > 0)
    .sort((a, b) => b.certainty - a.certainty || (a.other.id < b.other.id ? -1 : 1))
    .map(({ other, why }) => ({
      id: other.id,
      name: displayName(other),
      reference: other.reference,
      city: other.city,
      why,
    }));
}

/** So many are looked up at once; pages come in between. */
const AT_ONCE = 25;

/** Which of these are probably somebody who is here. */
export async function resembling(db: Db, rows: Partial<Compared>[]): Promise<boolean[]> {
  const found: boolean[] = [];
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    found.push(...(await someResembling(db, rows.slice(from, from + AT_ONCE))));
    await nextTurn();
  }
  return found;
}

async function someResembling(db: Db, rows: Partial<Compared>[]): Promise<boolean[]> {
  const looking = rows
    .map(compared)
    .flatMap((one, row) => lookupsOf(keysOf(one), one.city).map((by) => ({ row, one, by })));
  const found = await lookUp(
    db,
    looking.map(({ by }) => by),
  );
  const alike = new Set(looking.filter(({ one }, i) => isAlike(one, found[i] ?? [])).map(({ row }) => row));
  return rows.map((_, row) => alike.has(row));
}

const isAlike = (one: Compared, others: ComparedRow[]): boolean =>
  others.length <= SHARED_BY_MOST && others.some((other) => likeness(one, other).certainty > 0);
