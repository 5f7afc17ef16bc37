import { accountOf, type Actor } from '../shared/actor.ts';
import { Conflict } from '../shared/errors.ts';
import type { Db, Tx } from '../storage/index.ts';
import { eventsOfChange, type Context } from './context.ts';
import type { Customer, CustomerFields, CustomerRow } from './customer.ts';
import { findCustomers, replaceTags, upsertCustomers } from './customer-store.ts';
import { isCompared } from './duplicates/rules.ts';
import { inParts, retried } from './in-parts.ts';
import type { UpsertOptions } from './bulk.ts';
import type { Customers, UpsertOutcome } from './interface.ts';
import { keptReferences } from './merge-store.ts';
import { applyRow, changedFields, fieldsOf, partsWithoutRepeats, type Defaults } from './row-rules.ts';

type Upserting = Pick<Customers, 'upsertMany' | 'previewMany' | 'countriesOf'>;

/** Small enough that a transaction takes some milliseconds and nobody waits behind it. */
const MOST = 100;

interface Change {
  id: string;
  before: CustomerFields | undefined;
  fields: CustomerFields;
  revision: number;
  names: (keyof CustomerFields)[];
}

/** Customers as files and other systems bring them, many at a time. */
export function createUpserting(context: Context): Upserting {
  const { storage } = context;
  return {
    async upsertMany(actor, given, options = {}) {
      const defaults = await defaultsOf(context, options);
      const rows = await withContacts(context, await underKept(storage.read, given));
      const write = async (tx: Tx, part: CustomerRow[]) => {
        const plans = await plansFor(context, tx, part, defaults);
        const changes = plans.flatMap(({ change }) => (change ? [change] : []));
        if (changes.length > 0) await writeChanges(context, tx, actor, changes, options.importId);
        return plans.map(({ outcome }) => outcome);
      };
      const parts = partsWithoutRepeats(rows, MOST, (row) => row.reference);
      return await inParts(retried(storage), parts, write, options.inSameTransaction);
    },

    async previewMany(given, options = {}) {
      const rows = await withContacts(context, await underKept(storage.read, given));
      const plans = await plansFor(context, storage.read, rows, await defaultsOf(context, options));
      return plans.map(({ outcome }) => outcome.outcome);
    },

    async countriesOf(references) {
      const rows = await underKept(
        storage.read,
        references.map((reference) => ({ reference })),
      );
      const known = await knownBy(storage.read, rows);
      return rows.map(({ reference }) => known.get(reference)?.country);
    },
  };
}

async function defaultsOf(context: Context, { defaults }: UpsertOptions): Promise<Defaults> {
  const usual = await context.defaults();
  return { ...usual, language: defaults?.language || usual.language, country: defaults?.country ?? '' };
}

/** The reference of a record that was merged names the one that was kept. */
async function underKept(db: Db, rows: CustomerRow[]): Promise<CustomerRow[]> {
  const kept = await keptReferences(
    db,
    rows.map((row) => row.reference),
  );
  return kept.size === 0 ? rows : rows.map((row) => ({ ...row, reference: kept.get(row.reference) ?? row.reference }));
}

/** Colleagues named by their address; an address that nobody here has changes nothing. */
async function withContacts({ colleagues }: Context, rows: CustomerRow[]): Promise<CustomerRow[]> {
  if (!rows.some((row) => row.contactEmail !== undefined)) return rows;
  const ids = new Map((await colleagues()).map(({ id, email }) => [email.toLowerCase(), id]));
  return rows.map(({ contactEmail, ...row }) => {
    if (contactEmail === undefined) return row;
    const contactAccountId = contactEmail === '' ? null : ids.get(contactEmail.toLowerCase());
    return contactAccountId === undefined ? row : { ...row, contactAccountId };
  });
}

async function plansFor(context: Context, db: Db, rows: CustomerRow[], defaults: Defaults) {
  const known = await knownBy(db, rows);
  return rows.map((row) => planned(known.get(row.reference), row, defaults, context.id));
}

async function knownBy(db: Db, rows: CustomerRow[]): Promise<Map<string, Customer>> {
  const references = rows.map((row) => row.reference);
  return new Map((await findCustomers(db, 'reference', references)).map((each) => [each.reference, each]));
}

function planned(
  existing: Customer | undefined,
  row: CustomerRow,
  defaults: Defaults,
  newId: () => string,
): { outcome: UpsertOutcome; change?: Change } {
  const before = existing && fieldsOf(existing);
  const fields = existing && existing.erasedAt !== null ? fieldsOf(existing) : applyRow(before, row, defaults);
  const names = before ? changedFields(before, fields) : [];
  if (existing && names.length === 0) {
    return { outcome: { id: existing.id, outcome: 'same', before: null, revisionAfter: existing.revision } };
  }
  const id = existing?.id ?? newId();
  const revision = (existing?.revision ?? 0) + 1;
  return {
    outcome: { id, outcome: existing ? 'updated' : 'added', before: before ?? null, revisionAfter: revision },
    change: { id, before, fields, revision, names },
  };
}

async function writeChanges(
  context: Context,
  tx: Tx,
  actor: Actor,
  changes: Change[],
  importId: string | undefined,
): Promise<void> {
  if ((await upsertCustomers(tx, changes, context.now())) !== changes.length) throw new Conflict('error.changed');
  const retagged = changes.filter(hasOtherTags).map(({ id, fields }) => ({ id, tags: fields.tags }));
  await replaceTags(tx, retagged);
  const by = { accountId: accountOf(actor), subjectId: importId ?? null };
  const events = changes.flatMap(({ id, before, fields, names }) =>
    eventsOfChange({ customerId: id, ...by }, before, fields, names),
  );
  await context.recordEvents(tx, events);
  const count = changes.length;
  if (!importId) await context.audit(tx, actor, 'customers.upserted', { kind: 'customer' }, { count });
  const differing = changes.filter(({ before, names }) => !before || names.some(isCompared));
  await context.compareAnew(
    tx,
    differing.map(({ id }) => id),
  );
  const ids = changes.map(({ id }) => id);
  await context.changed(tx, ids);
}

function hasOtherTags({ before, fields, names }: Change): boolean {
  return before ? names.includes('tags') : fields.tags.length > 0;
}
