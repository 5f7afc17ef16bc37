import { sql, type RawBuilder } from 'kysely';
import type { Db, Tx } from '../../storage/index.ts';
import type { Compared, Keys, Lookup } from './rules.ts';

/** A record as far as it is compared with others. */
export interface ComparedRow extends Compared {
  id: string;
  reference: string;
}

/** What more than so many have is nobody's own: a switchboard, a block of flats. */
export const SHARED_BY_MOST = 20;
/** So many are looked up in one statement. */
const AT_ONCE = 100;

const FIELDS = sql.raw(
  `id, reference, given_name as "givenName", family_name as "familyName", organisation, email, telephone, street,
    postal_code as "postalCode", city, country`,
);

/** The columns that records are found by. */
export const keyColumns = ({ telephone, name, place, street }: Keys) => ({
  telephone_key: telephone,
  name_key: name,
  place_key: place,
  street_key: street,
});

function condition(lookup: Lookup): RawBuilder<boolean> {
  const { key } = lookup;
  if (lookup.by === 'email' || lookup.by === 'telephone') return sql`${sql.ref(`${lookup.by}_key`)} = ${key}`;
  if (lookup.by === 'address') return sql`place_key = ${lookup.place} and street_key = ${key}`;
  return lookup.places === null
    ? sql`name_key = ${key}`
    : sql`name_key = ${key} and place_key in (${sql.join(lookup.places)})`;
}

/** For each of these whom it finds, up to one more than may share it; each ends where it is full. */
export async function lookUp(db: Db, lookups: Lookup[]): Promise<ComparedRow[][]> {
  const found: ComparedRow[][] = lookups.map(() => []);
  for (let from = 0; from < lookups.length; from += AT_ONCE) {
    const parts = lookups.slice(from, from + AT_ONCE).map(
      (lookup, i) => sql`select ${sql.lit(from + i)} as n, hits.* from (select ${FIELDS} from customer
        where ${condition(lookup)} and erased_at is null limit ${sql.lit(SHARED_BY_MOST + 1)}) as hits`,
    );
    const { rows } = await sql<ComparedRow & { n: number }>`${sql.join(parts, sql` union all `)}`.execute(db as Tx);
    for (const { n, ...row } of rows) found[n]?.push(row);
  }
  return found;
}

/** Those of these who are still there, with the keys that stand with them. */
export async function comparedRows(db: Db, ids: string[]) {
  const { rows } = await sql<
    ComparedRow & { telephone_key: string; name_key: string; place_key: string; street_key: string }
  >`select ${FIELDS}, telephone_key, name_key, place_key, street_key from customer
    where id in (${sql.join(ids)}) and erased_at is null`.execute(db as Tx);
  return rows;
}

export async function setKeys(tx: Tx, id: string, keys: Keys): Promise<void> {
  await tx.updateTable('customer').set(keyColumns(keys)).where('id', '=', id).where('erased_at', 'is', null).execute();
}
