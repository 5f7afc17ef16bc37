import { sql, type Selectable } from 'kysely';
import { excluded, preparedList, type Db, type Schema, type Tx } from '../storage/index.ts';
import type { Customer, CustomerFields } from './customer.ts';
import { keyColumns } from './duplicates/key-store.ts';
import { keysOf } from './duplicates/rules.ts';
import { emailKey } from './fields.ts';
import { searchText } from './search-rules.ts';

type Row = Selectable<Schema['customer']>;

const COLUMNS = {
  reference: 'reference',
  title: 'title',
  givenName: 'given_name',
  familyName: 'family_name',
  organisation: 'organisation',
  greeting: 'greeting',
  email: 'email',
  telephone: 'telephone',
  street: 'street',
  postalCode: 'postal_code',
  city: 'city',
  region: 'region',
  country: 'country',
  language: 'language',
  timeZone: 'time_zone',
  customerSince: 'customer_since',
  status: 'status',
  leftOn: 'left_on',
  segment: 'segment',
  contactAccountId: 'contact_account_id',
  yearlyValueMinor: 'yearly_value_minor',
  legalBasis: 'legal_basis',
  legalBasisSource: 'legal_basis_source',
  legalBasisOn: 'legal_basis_on',
  notes: 'notes',
} as const satisfies Record<Exclude<keyof CustomerFields, 'tags'>, keyof Row>;

const PAIRS = Object.entries(COLUMNS) as [keyof typeof COLUMNS, keyof Row][];

function asCustomer(row: Row, tags: string[]): Customer {
  const fields = Object.fromEntries(PAIRS.map(([field, column]) => [field, row[column]]));
  return {
    ...(fields as unknown as CustomerFields),
    tags,
    id: row.id,
    worthMinor: row.worth_minor,
    firstPurchaseOn: row.first_purchase_on,
    lastPurchaseOn: row.last_purchase_on,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    unsubscribedAt: row.unsubscribed_at,
    unsubscribedHow: row.unsubscribed_how,
    erasedAt: row.erased_at,
  };
}

/** The columns that a person or a file sets, and those that follow from them. */
function asColumns(fields: CustomerFields) {
  const plain = Object.fromEntries(PAIRS.map(([field, column]) => [column, fields[field]]));
  const found = { email_key: emailKey(fields.email), search: searchText(fields), ...keyColumns(keysOf(fields)) };
  return { ...(plain as Omit<Row, 'id'>), ...found };
}

const IN_LIST = 400;

/** In parts that one statement can name. */
export function inLists<T>(values: T[]): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < values.length; from += IN_LIST) parts.push(values.slice(from, from + IN_LIST));
  return parts;
}

const readBy = {
  id: preparedList()((db, ids) => db.selectFrom('customer').selectAll().where('id', 'in', ids)),
  reference: preparedList()((db, ids) => db.selectFrom('customer').selectAll().where('reference', 'in', ids)),
};

export async function findCustomers(db: Db, by: 'id' | 'reference', values: string[]): Promise<Customer[]> {
  const found: Customer[] = [];
  for (const part of inLists(values)) {
    const { rows } = await readBy[by](db, part);
    const tags = await tagsOf(
      db,
      rows.map((row) => row.id),
    );
    found.push(...rows.map((row) => asCustomer(row, tags.get(row.id) ?? [])));
  }
  return found;
}

const readTags = preparedList()((db, ids) => db.selectFrom('customer_tag').selectAll().where('customer_id', 'in', ids));

async function tagsOf(db: Db, ids: string[]): Promise<Map<string, string[]>> {
  const tags = new Map<string, string[]>();
  const { rows } = await readTags(db, ids);
  for (const { customer_id: id, tag } of rows) tags.set(id, [...(tags.get(id) ?? []), tag]);
  for (const each of tags.values()) each.sort();
  return tags;
}

interface Saved {
  id: string;
  fields: CustomerFields;
  /** After the change: 1 for a new customer. */
  revision: number;
}

function insertable({ id, fields, revision }: Saved, now: string) {
  return {
    ...asColumns(fields),
    id,
    revision,
    worth_minor: fields.yearlyValueMinor ?? 0,
    first_purchase_on: null,
    last_purchase_on: null,
    created_at: now,
    updated_at: now,
    unsubscribed_at: null,
    unsubscribed_how: '',
    erased_at: null,
    merged_into_id: null,
  };
}

/** Whether it was added: not where its reference is taken. */
export async function insertCustomer(tx: Tx, saved: Saved, now: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('customer')
    .values(insertable(saved, now))
    .onConflict((conflict) => conflict.column('reference').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

const KEYS = ['email_key', 'telephone_key', 'name_key', 'place_key', 'street_key', 'search'] as const;
const SET_BY_UPSERT = [...Object.values(COLUMNS), ...KEYS, 'revision', 'updated_at'] as const;

/**
 * Adds the new ones and changes the others in one statement, each only from the revision before. Says how many rows
 * that were: fewer than given means that somebody else was faster.
 */
export async function upsertCustomers(tx: Tx, customers: Saved[], now: string): Promise<number> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('customer')
    .values(customers.map((each) => insertable(each, now)))
    .onConflict((conflict) =>
      conflict
        .column('reference')
        .doUpdateSet({
          ...excluded(SET_BY_UPSERT),
          worth_minor: sql<number>`case when customer.last_purchase_on is null then excluded.worth_minor else customer.worth_minor end`,
        })
        .where('customer.revision', '=', sql<number>`excluded.revision - 1`),
    )
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows ?? 0n);
}

/** Whether the customer was still at the revision before this one. */
export async function updateCustomer(tx: Tx, { id, fields, revision }: Saved, now: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('customer')
    .set({
      ...asColumns(fields),
      worth_minor: sql<number>`case when last_purchase_on is null then ${fields.yearlyValueMinor ?? 0} else worth_minor end`,
      revision,
      updated_at: now,
    })
    .where('id', '=', id)
    .where('revision', '=', revision - 1)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function replaceTags(tx: Tx, changes: { id: string; tags: string[] }[]): Promise<void> {
  if (changes.length === 0) return;
  await tx
    .deleteFrom('customer_tag')
    .where(
      'customer_id',
      'in',
      changes.map((each) => each.id),
    )
    .execute();
  const rows = changes.flatMap(({ id, tags }) => tags.map((tag) => ({ customer_id: id, tag })));
  for (const part of inLists(rows)) await tx.insertInto('customer_tag').values(part).execute();
}
