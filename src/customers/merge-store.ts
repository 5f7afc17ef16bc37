import { sql } from 'kysely';
import type { Db, Tx } from '../storage/index.ts';
import type { Customer } from './customer.ts';
import { findCustomers, inLists } from './customer-store.ts';
import { numberFrom } from './merge-rules.ts';

/** Whoever merges one of them meanwhile waits; always in one order, so that nobody waits for each other. */
export async function lockedPair(tx: Tx, ids: [string, string]): Promise<Map<string, Customer>> {
  for (const id of ids.toSorted())
    await tx
      .updateTable('customer')
      .set({ updated_at: sql<string>`updated_at` })
      .where('id', '=', id)
      .execute();
  return new Map((await findCustomers(tx, 'id', ids)).map((each) => [each.id, each]));
}

/** What makes nobody a customer: no total counts a record that is only another name. */
const NO_FACTS = {
  status: 'active' as const,
  left_on: null,
  customer_since: null,
  yearly_value_minor: null,
  worth_minor: 0,
  first_purchase_on: null,
  last_purchase_on: null,
  segment: '',
  country: '',
  region: '',
  city: '',
  search: '',
  telephone_key: '',
  name_key: '',
  place_key: '',
  street_key: '',
  contact_account_id: null,
  notes: '',
  legal_basis: '',
  legal_basis_source: '',
  legal_basis_on: null,
};

/** The record is only another name of the kept one from here on, as are the names that it had itself. */
export async function becomeName(tx: Tx, id: string, keptId: string, at: string): Promise<void> {
  await tx
    .updateTable('customer')
    .set((eb) => ({
      ...NO_FACTS,
      merged_into_id: keptId,
      erased_at: at,
      updated_at: at,
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', id)
    .execute();
  await tx.updateTable('customer').set({ merged_into_id: keptId }).where('merged_into_id', '=', id).execute();
}

/** They were known here since the earlier of the two. */
export async function knownSince(tx: Tx, id: string, createdAt: string): Promise<void> {
  const later = tx.updateTable('customer').set({ created_at: createdAt }).where('id', '=', id);
  await later.where('created_at', '>', createdAt).execute();
}

const NUMBERED = { purchase: 'reference', dealing: 'reference', invoice: 'number' } as const;

/**
 * Where both have a purchase, an invoice or a dealing of one number, nobody but a person can say whether it is one and the
 * same: both stay, and the number of the one that comes over says where from.
 */
export async function renumber(tx: Tx, from: string, to: string, suffixes: string[]): Promise<void> {
  for (const suffix of suffixes) {
    for (const [table, column] of Object.entries(NUMBERED)) {
      const [name, number] = [sql.table(table), sql.ref(column)];
      const kind = table === 'dealing' ? sql` and other.kind = dealing.kind` : sql``;
      await sql`update ${name} set ${number} = ${number} || ${numberFrom('', suffix)} where customer_id = ${from} and exists
        (select 1 from ${name} as other where other.customer_id = ${to}
          and other.${number} = ${sql.ref(`${table}.${column}`)}${kind})`.execute(tx);
    }
  }
}

/** Whose record stands for this one now: undefined where it was not merged. */
export async function keptFor(db: Db, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('customer').select('merged_into_id').where('id', '=', id).executeTakeFirst();
  return row?.merged_into_id ?? undefined;
}

/** Of those whose merged record had that address. */
export async function keptWithEmail(db: Db, emailKey: string): Promise<string[]> {
  if (emailKey === '') return [];
  const gone = db.selectFrom('customer').select('merged_into_id').where('email_key', '=', emailKey);
  return (await gone.where('merged_into_id', 'is not', null).execute()).flatMap((row) => row.merged_into_id ?? []);
}

/** The records that are other names of this one. */
export async function namesOf(db: Db, id: string) {
  return await db.selectFrom('customer').selectAll().where('merged_into_id', '=', id).orderBy('id').execute();
}

/** Of these references those of merged records, with the reference of the record that was kept. */
export async function keptReferences(db: Db, references: string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const any = db.selectFrom('customer').select('id').where('merged_into_id', 'is not', null).limit(1);
  if (references.length === 0 || !(await any.executeTakeFirst())) return found;
  for (const part of inLists([...new Set(references)])) {
    const rows = await db
      .selectFrom('customer as gone')
      .innerJoin('customer as kept', 'kept.id', 'gone.merged_into_id')
      .select(['gone.reference', 'kept.reference as now'])
      .where('gone.reference', 'in', part)
      .where('gone.merged_into_id', 'is not', null)
      .execute();
    for (const { reference, now } of rows) found.set(reference, now);
  }
  return found;
}

/** Merged since then, with the record that was kept: for whoever wrote to them meanwhile. */
export async function mergedSince(db: Db, since: string) {
  return await db
    .selectFrom('customer')
    .select(['id', 'reference', 'merged_into_id as keptId'])
    .where('merged_into_id', 'is not', null)
    .where('erased_at', '>=', since)
    .execute();
}
