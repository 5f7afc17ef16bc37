import { sql, type Selectable } from 'kysely';
import { rowsOf, type Db, type Schema, type Tx } from '../storage/index.ts';
import { exportedPairs, forgetPairs } from './duplicates/pair-store.ts';
import { namesOf } from './merge-store.ts';

const OF_CUSTOMER = [
  'customer_tag',
  'purchase',
  'invoice',
  'dealing',
  'timeline_event',
  'resubscription',
  'refusal',
] as const;

/** Who they are, what they bought and owe, what was dealt with, and what happened when. */
export async function exportedProfile(db: Db, customerIds: string[]) {
  const rows = await db.selectFrom('customer').selectAll().where('id', 'in', customerIds).execute();
  const profile: unknown[] = rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([column]) => column !== 'search' && !column.endsWith('_key'))),
  );
  const pairs = await exportedPairs(db, customerIds);
  return { profile, ...(await rowsOf(db, OF_CUSTOMER, 'customer_id', customerIds)), ...pairs };
}

const NOBODY = {
  title: '',
  given_name: '',
  family_name: '',
  organisation: '',
  greeting: '',
  email: '',
  email_key: '',
  telephone: '',
  street: '',
  postal_code: '',
  time_zone: '',
  legal_basis: '',
  legal_basis_source: '',
  notes: '',
  search: '',
  telephone_key: '',
  name_key: '',
  place_key: '',
  street_key: '',
  legal_basis_on: null,
};

export interface Person {
  id: string;
  reference: string;
  email: string;
  names: string[];
  /** They had asked us to stop writing, with everything or with some of it. */
  refused: boolean;
}

/** Who is to be erased: nobody where they are unknown or erased already. */
export async function personOf(db: Db, id: string): Promise<Person | undefined> {
  const row = await db.selectFrom('customer').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row || row.erased_at !== null) return undefined;
  const refusals = await db.selectFrom('refusal').select('topic').where('customer_id', '=', id).execute();
  return { ...identityOf(row), refused: row.unsubscribed_at !== null || refusals.length > 0 };
}

/** What they went by on records that were merged into theirs. */
export async function earlierNames(db: Db, { id, refused }: Person): Promise<Person[]> {
  return (await namesOf(db, id)).map((row) => ({ ...identityOf(row), refused }));
}

function identityOf(row: Selectable<Schema['customer']>): Omit<Person, 'refused'> {
  const { id, reference, email, organisation, family_name: family, given_name: given } = row;
  const names = [organisation, [given, family].filter(Boolean).join(' ')].filter((name) => name !== '');
  return { id, reference, email, names };
}

/** @returns whether they had not been erased; nobody else erases them from here on */
export async function markErased(tx: Tx, id: string, at: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('customer')
    .set((eb) => ({ erased_at: at, updated_at: at, revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .where('erased_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/**
 * Nothing says any more who it was. Days, amounts, segment, country and language stay, for every total rests on them; a
 * place, a tag or an article stays where others have the same, for one that only they have says who they are.
 */
export async function forgetPerson(tx: Tx, id: string): Promise<void> {
  const found = await tx.selectFrom('customer').select(['city', 'region']).where('id', '=', id).executeTakeFirst();
  if (!found) return;
  const city = await sharedPlace(tx, id, 'city', found.city);
  const region = await sharedPlace(tx, id, 'region', found.region);
  await tx
    .updateTable('customer')
    .set({ ...NOBODY, city, region, reference: `erased-${id}` })
    .where('id', '=', id)
    .execute();
  await forgetOwnTags(tx, id);
  await forgetPairs(tx, [id]);
  await forgetRecords(tx, id);
  await tx.updateTable('timeline_event').set({ detail: '{}' }).where('customer_id', '=', id).execute();
  await tx.updateTable('resubscription').set({ reason: '' }).where('customer_id', '=', id).execute();
}

async function sharedPlace(tx: Tx, id: string, column: 'city' | 'region', value: string): Promise<string> {
  if (value === '') return '';
  const others = tx.selectFrom('customer').select('id').where(column, '=', value).where('id', '<>', id);
  return (await others.where('erased_at', 'is', null).limit(1).executeTakeFirst()) ? value : '';
}

async function forgetOwnTags(tx: Tx, id: string): Promise<void> {
  const tags = await tx.selectFrom('customer_tag').select('tag').where('customer_id', '=', id).execute();
  for (const { tag } of tags) {
    const others = tx.selectFrom('customer_tag').select('tag').where('tag', '=', tag).where('customer_id', '<>', id);
    if (await others.limit(1).executeTakeFirst()) continue;
    await tx.deleteFrom('customer_tag').where('customer_id', '=', id).where('tag', '=', tag).execute();
  }
}

async function forgetRecords(tx: Tx, id: string): Promise<void> {
  const items = tx.selectFrom('purchase').select('item').distinct().where('customer_id', '=', id);
  for (const { item } of await items.where('item', '<>', '').execute()) {
    const others = tx.selectFrom('purchase').select('id').where('item', '=', item).where('customer_id', '<>', id);
    if (await others.limit(1).executeTakeFirst()) continue;
    const own = tx.updateTable('purchase').set({ item: '' }).where('customer_id', '=', id);
    await own.where('item', '=', item).execute();
  }
  await tx.updateTable('purchase').set({ reference: null }).where('customer_id', '=', id).execute();
  await tx
    .updateTable('invoice')
    .set({ number: sql<string>`id` })
    .where('customer_id', '=', id)
    .execute();
  await tx.updateTable('dealing').set({ note: '', reference: null }).where('customer_id', '=', id).execute();
}

type ImportState = Schema['import']['state'];
const UNFINISHED: ImportState[] = ['receiving', 'reading', 'checked', 'importing', 'undoing'];

/** A file that is being brought in may hold anybody. */
export async function unfinishedImport(db: Db): Promise<boolean> {
  const query = db.selectFrom('import').select('id').where('state', 'in', UNFINISHED);
  return (await query.limit(1).executeTakeFirst()) !== undefined;
}

/** A file that is being written, or taken back, right now. One that waits for a person finds whoever was merged meanwhile. */
export async function runningImport(db: Db): Promise<boolean> {
  const query = db.selectFrom('import').select('id').where('state', 'in', ['importing', 'undoing']);
  return (await query.limit(1).executeTakeFirst()) !== undefined;
}

const ROWS_AT_ONCE = 1000;

/** Rows that are kept for some days to be mended or undone, where they are about this person, with the files that they stood in. */
export async function forgetImported(tx: Tx, person: Person): Promise<void> {
  const { id, reference, email } = person;
  const own = new Set([id, ...(await recordIds(tx, id))]);
  const words = [reference, email].filter((word) => word !== '').map((word) => JSON.stringify(word).toLowerCase());
  const isTheirs = (row: { record_id: string | null; data: string; before: string | null }) =>
    own.has(row.record_id ?? '') || words.some((word) => `${row.data}${row.before ?? ''}`.toLowerCase().includes(word));
  await forgetSamples(tx);
  const imports = await tx.selectFrom('import').select('id').where('forgotten_at', 'is', null).execute();
  for (const { id: importId } of imports) {
    for (let after = -1; ;) {
      const rows = await tx
        .selectFrom('import_row')
        .select(['row_number', 'record_id', 'data', 'before'])
        .where('import_id', '=', importId)
        .where('row_number', '>', after)
        .orderBy('row_number')
        .limit(ROWS_AT_ONCE)
        .execute();
      const theirs = rows.filter(isTheirs).map((row) => row.row_number);
      if (theirs.length > 0)
        await tx.deleteFrom('import_row').where('import_id', '=', importId).where('row_number', 'in', theirs).execute();
      after = rows.at(-1)?.row_number ?? after;
      if (rows.length < ROWS_AT_ONCE) break;
    }
    await tx.deleteFrom('import_file').where('import_id', '=', importId).execute();
  }
}

/** The first cells of each file, and names in it that nobody had: shown before it was brought in, of no use after. */
async function forgetSamples(tx: Tx): Promise<void> {
  for (const { id, facts } of await tx.selectFrom('import').select(['id', 'facts']).execute()) {
    const known = JSON.parse(facts) as { samples: unknown[]; strangers: { names: unknown[]; rows: number } };
    if (known.samples.length === 0 && known.strangers.names.length === 0) continue;
    const blank = { ...known, samples: [], strangers: { ...known.strangers, names: [] } };
    await tx
      .updateTable('import')
      .set({ facts: JSON.stringify(blank) })
      .where('id', '=', id)
      .execute();
  }
}

async function recordIds(tx: Tx, id: string): Promise<string[]> {
  const ids: string[] = [];
  for (const table of ['purchase', 'invoice', 'dealing'] as const) {
    const rows = await tx.selectFrom(table).select('id').where('customer_id', '=', id).execute();
    ids.push(...rows.map((row) => row.id));
  }
  return ids;
}

/** In a copy that is older than the erasure, what was being brought in then is given up. */
export async function giveUpImports(tx: Tx, at: string): Promise<void> {
  const open = await tx.selectFrom('import').select('id').where('state', 'in', UNFINISHED).execute();
  for (const { id } of open) {
    await tx.deleteFrom('import_row').where('import_id', '=', id).execute();
    await tx.deleteFrom('import_file').where('import_id', '=', id).execute();
    const ended = { state: 'discarded' as const, forgotten_at: at };
    await tx.updateTable('import').set(ended).where('id', '=', id).execute();
  }
}
