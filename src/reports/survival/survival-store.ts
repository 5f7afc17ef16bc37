import type { Db, Tx } from '../../storage/index.ts';
import type { CountedCustomer, Group } from './counting.ts';
import type { Records } from './observation.ts';
import type { Tick } from './rules.ts';

/** So many who left before the records began must be there, for them to be all. */
const PAST_LEAVERS = 10;
/** Of these, the first few may be strays. */
const STRAYS = 0.05;

/** Since when leavings are on record: undefined where there is nobody. */
export async function recordsOf(db: Db): Promise<Records | undefined> {
  const first = await db.selectFrom('customer').select('created_at').orderBy('id').limit(1).executeTakeFirst();
  if (!first) return undefined;
  const begun = first.created_at.slice(0, 10);
  const past = db.selectFrom('customer').where('status', '=', 'left').where('left_on', '<', begun);
  const { count } = await past.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  if (Number(count) < PAST_LEAVERS) return { begun, watchedFrom: begun };
  const early = await past
    .select('left_on')
    .orderBy('left_on')
    .offset(Math.floor(Number(count) * STRAYS))
    .limit(1)
    .executeTakeFirst();
  return { begun, watchedFrom: early?.left_on ?? begun };
}

interface Return {
  left_on: string;
  returned_on: string;
}

/** Customers in the order of their ids, after one of them. */
export async function customersAfter(
  db: Db,
  after: string,
  limit: number,
): Promise<{ rows: CountedCustomer[]; last: string | undefined }> {
  const rows = await db
    .selectFrom('customer')
    .select(['id', 'created_at', 'customer_since', 'first_purchase_on', 'status', 'left_on', 'worth_minor'])
    .select(['segment', 'country', 'region', 'language', 'contact_account_id'])
    .where('id', '>', after)
    .where('merged_into_id', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute();
  const [first, last] = [rows[0]?.id ?? '', rows.at(-1)?.id];
  const tags = Map.groupBy(await tagsBetween(db, first, last ?? ''), (row) => row.customer_id);
  const returns = Map.groupBy(await returnsBetween(db, first, last ?? ''), (row) => row.customer_id);
  return {
    last,
    rows: rows.map((row) => {
      const back = returns.get(row.id) ?? [];
      return {
        created: row.created_at.slice(0, 10),
        customerSince: row.customer_since,
        firstPurchaseOn: row.first_purchase_on,
        leftOn: back[0]?.left_on ?? (row.status === 'left' ? row.left_on : null),
        segment: row.segment,
        country: row.country,
        region: row.region,
        language: row.language,
        contact: row.contact_account_id ?? '',
        worthMinor: row.worth_minor,
        tags: (tags.get(row.id) ?? []).map(({ tag }) => tag),
        returns: back.map((each, i) => ({ from: each.returned_on, to: endOf(each, back[i + 1], row) })),
      };
    }),
  };
}

/** A later lifetime ends where the next return says that they had left, else where they count as having left now. */
function endOf(
  own: Return,
  next: Return | undefined,
  { status, left_on }: { status: string; left_on: string | null },
): string | null {
  if (next) return next.left_on;
  return status === 'left' && (left_on ?? '') > own.returned_on ? left_on : null;
}

const tagsBetween = (db: Db, first: string, last: string) =>
  db
    .selectFrom('customer_tag')
    .select(['customer_id', 'tag'])
    .where('customer_id', '>=', first)
    .where('customer_id', '<=', last)
    .execute();

const returnsBetween = (db: Db, first: string, last: string) =>
  db
    .selectFrom('customer_return')
    .select(['customer_id', 'left_on', 'returned_on'])
    .where('customer_id', '>=', first)
    .where('customer_id', '<=', last)
    .orderBy('customer_id')
    .orderBy('left_on')
    .execute();

const AT_ONCE = 100;

export async function replaceGroups(tx: Tx, groups: Group[]): Promise<void> {
  await tx.deleteFrom('survival_group').execute();
  const rows = groups.map(({ ticks, ...group }) => ({
    ...group,
    ticks: JSON.stringify(ticks.map(({ t, entered, left, ended }) => [t, entered, left, ended])),
  }));
  for (let from = 0; from < rows.length; from += AT_ONCE)
    await tx
      .insertInto('survival_group')
      .values(rows.slice(from, from + AT_ONCE))
      .execute();
}

type GroupFacts = Omit<Group, 'ticks'>;

/** What there is to compare, without the curves. */
export async function listGroups(db: Db): Promise<GroupFacts[]> {
  return await db
    .selectFrom('survival_group')
    .select(['field', 'value', 'customers', 'leavers', 'days'])
    .orderBy('field')
    .orderBy('value')
    .execute();
}

export async function findGroup(db: Db, field: string, value: string): Promise<Group | undefined> {
  const row = await db
    .selectFrom('survival_group')
    .selectAll()
    .where('field', '=', field)
    .where('value', '=', value)
    .executeTakeFirst();
  if (!row) return undefined;
  const ticks = (JSON.parse(row.ticks) as [number, number, number, number][]).map(
    ([t, entered, left, ended]): Tick => ({ t, entered, left, ended }),
  );
  return { ...row, ticks };
}
