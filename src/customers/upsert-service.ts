import { accountOf, type Actor } from '../shared/actor.ts';
import { Conflict } from '../shared/errors.ts';
import type { Db, Tx } from '../storage/index.ts';
import { eventsOfChange, withRetries, type Context } from './context.ts';
import type { Customer, CustomerFields, CustomerRow } from './customer.ts';
import {
  deleteCustomers,
  findCustomers,
  forgetLeaving,
  idsWithRecords,
  replaceTags,
  updateCustomer,
  upsertCustomers,
} from './customer-store.ts';
import type { Customers, RevertEntry, UpsertOptions, UpsertOutcome } from './interface.ts';
import { applyRow, changedFields, fieldsOf, partsWithoutRepeats, type Defaults } from './row-rules.ts';

type Upserting = Pick<Customers, 'upsertMany' | 'revertMany' | 'previewMany'>;

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
  const { storage, audit, recordEvents, changed, hooks, now } = context;

  async function upsertPart(
    tx: Tx,
    actor: Actor,
    rows: CustomerRow[],
    defaults: Defaults,
    { importId }: UpsertOptions,
  ): Promise<UpsertOutcome[]> {
    const plans = await plansFor(tx, rows, defaults);
    const changes = plans.flatMap(({ change }) => (change ? [change] : []));
    const outcomes = plans.map((plan) => plan.outcome);
    if (changes.length === 0) return outcomes;
    if ((await upsertCustomers(tx, changes, now())) !== changes.length) throw new Conflict('error.changed');
    await replaceTags(
      tx,
      changes.filter(hasOtherTags).map(({ id, fields }) => ({ id, tags: fields.tags })),
    );
    const by = { accountId: accountOf(actor), subjectId: importId ?? null };
    await recordEvents(
      tx,
      changes.flatMap(({ id, before, fields, names }) =>
        eventsOfChange({ customerId: id, ...by }, before, fields, names),
      ),
    );
    if (!importId) await audit(tx, actor, 'customers.upserted', { kind: 'customer' }, { count: changes.length });
    await changed(
      tx,
      changes.map(({ id }) => id),
    );
    return outcomes;
  }

  async function plansFor(db: Db, rows: CustomerRow[], defaults: Defaults) {
    const references = rows.map((row) => row.reference);
    const known = new Map((await findCustomers(db, 'reference', references)).map((each) => [each.reference, each]));
    return rows.map((row) => planned(known.get(row.reference), row, defaults, context.id));
  }

  async function defaultsOf({ defaults }: UpsertOptions): Promise<Defaults> {
    const usual = await context.defaults();
    return { ...usual, language: defaults?.language || usual.language, country: defaults?.country ?? '' };
  }

  async function revertPart(tx: Tx, actor: Actor, entries: RevertEntry[]): Promise<('undone' | 'kept')[]> {
    const customers = await findCustomers(
      tx,
      'id',
      entries.map((entry) => entry.id),
    );
    const revisions = new Map(customers.map(({ id, revision }) => [id, revision]));
    const untouched = entries.filter(({ id, revisionAfter }) => revisions.get(id) === revisionAfter);
    const undone = [
      ...(await putBack(tx, actor, untouched)),
      ...(await remove(
        tx,
        untouched.filter(({ before }) => before === null).map(({ id }) => id),
      )),
    ];
    const gone = new Set(undone);
    return entries.map(({ id }) => (gone.has(id) ? 'undone' : 'kept'));
  }

  async function putBack(tx: Tx, actor: Actor, entries: RevertEntry[]): Promise<string[]> {
    const ids: string[] = [];
    for (const { id, before, revisionAfter } of entries) {
      if (before === null) continue;
      if (!(await updateCustomer(tx, { id, fields: before, revision: revisionAfter + 1 }, now()))) continue;
      await replaceTags(tx, [{ id, tags: before.tags }]);
      ids.push(id);
    }
    const event = { kind: 'customers.importUndone', accountId: accountOf(actor) };
    await recordEvents(
      tx,
      ids.map((customerId) => ({ ...event, customerId })),
    );
    await changed(tx, ids);
    return ids;
  }

  async function remove(tx: Tx, added: string[]): Promise<string[]> {
    if (added.length === 0) return [];
    const used = await idsWithRecords(tx, added);
    let ids = added.filter((id) => !used.has(id));
    for (const hook of hooks.removing) {
      const stay = new Set(ids.length > 0 ? await hook(tx, ids) : []);
      ids = ids.filter((id) => !stay.has(id));
    }
    // Whoever keeps something about those who left hears that these did not, and lets go of them.
    await forgetLeaving(tx, ids);
    await changed(tx, ids);
    await deleteCustomers(tx, ids);
    return ids;
  }

  return {
    async upsertMany(actor, rows, options = {}) {
      const defaults = await defaultsOf(options);
      const outcomes: UpsertOutcome[] = [];
      for (const part of partsWithoutRepeats(await withContacts(context, rows), MOST, (row) => row.reference)) {
        const write = async (tx: Tx) => {
          const written = await upsertPart(tx, actor, part, defaults, options);
          await options.inSameTransaction?.(tx, written, outcomes.length);
          return written;
        };
        outcomes.push(...(await withRetries(() => storage.transaction(write))));
      }
      return outcomes;
    },

    async previewMany(rows, options = {}) {
      const plans = await plansFor(storage.read, await withContacts(context, rows), await defaultsOf(options));
      return plans.map(({ outcome }) => outcome.outcome);
    },

    async revertMany(actor, entries, options = {}) {
      const outcomes: ('undone' | 'kept')[] = [];
      for (const part of partsWithoutRepeats(entries, MOST, ({ id }) => id)) {
        const revert = async (tx: Tx) => {
          const reverted = await revertPart(tx, actor, part);
          await options.inSameTransaction?.(tx, reverted, outcomes.length);
          return reverted;
        };
        outcomes.push(...(await storage.transaction(revert)));
      }
      return outcomes;
    },
  };
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

function hasOtherTags({ before, fields, names }: Change): boolean {
  return before ? names.includes('tags') : fields.tags.length > 0;
}
