import { sql, type RawBuilder } from 'kysely';
import { unindexed, type Condition } from '../storage/index.ts';
import type { Audience } from './audience.ts';
import type { ListFilter } from './listing.ts';
import { searchPatterns } from './search-rules.ts';

function all(conditions: Condition[]): Condition {
  return sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

type Column = RawBuilder<unknown>;

const column = (name: string): Column => sql.ref(name);

function oneOf(of: Column, values: string[] | undefined): Condition[] {
  return values ? [sql<boolean>`${of} in (${sql.join(values)})`] : [];
}

function compared(of: Column, operator: '=' | '>=' | '<=', value: string | number | undefined): Condition[] {
  if (value === undefined || value === '') return [];
  return [sql<boolean>`${of} ${sql.raw(operator)} ${value}`];
}

function tagged(tags: string[]): Condition {
  return sql<boolean>`exists (select 1 from customer_tag
    where customer_tag.customer_id = customer.id and customer_tag.tag in (${sql.join(tags)}))`;
}

/** Those with one of these ids or references, and those whose record was put together with one that had it. */
function named(by: 'id' | 'reference', values: string[]): Condition {
  if (values.length === 0) return sql<boolean>`1 = 0`;
  const listed = sql.join(values);
  return sql<boolean>`(${column(by)} in (${listed}) or id in (select gone.merged_into_id from customer as gone
    where ${sql.ref(`gone.${by}`)} in (${listed}) and gone.merged_into_id is not null))`;
}

/** The last digits of an id are random and never change: equal ranges of them are equal parts of all customers. */
function inTurn({ part, of }: { part: number; of: number }): Condition {
  const bound = (n: number) =>
    Math.floor((0x10000 * n) / of)
      .toString(16)
      .padStart(4, '0');
  const [from, to] = [bound(part), bound(part + 1)];
  const digits = sql`substr(id, 25, 4)`;
  return part + 1 === of
    ? sql<boolean>`${digits} >= ${from}`
    : sql<boolean>`(${digits} >= ${from} and ${digits} < ${to})`;
}

/** Both cases of letters that SQLite's lower() does not know: 'ö' finds 'ÖL' and 'Öl'. */
function worded(words: string): Condition {
  const plain = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const patterns = [words.toLowerCase(), plain(words.toUpperCase())].map(
    (text) => `%${text.replace(/[\\%_]/g, '\\$&')}%`,
  );
  const fitting = [...new Set(patterns)].map((pattern) => sql`lower(item) like ${pattern} escape '\\'`);
  return sql<boolean>`(${sql.join(fitting, sql` or `)})`;
}

const PURCHASE_OF = sql<boolean>`purchase.customer_id = customer.id and amount_minor >= 0`;

/** Of purchases, credits aside: so many, since a day, with these words. */
function bought({ filter: { boughtItem, purchasesFrom }, boughtSince }: Audience): Condition[] {
  if (boughtItem === undefined && purchasesFrom === undefined && boughtSince === undefined) return [];
  const which = all([
    PURCHASE_OF,
    ...compared(column('purchased_on'), '>=', boughtSince),
    ...(boughtItem === undefined ? [] : [worded(boughtItem)]),
  ]);
  const least = purchasesFrom ?? 1;
  if (least === 1) return [sql<boolean>`exists (select 1 from purchase where ${which})`];
  const some = sql`select 1 as one from purchase where ${which} limit ${least}`;
  return [sql<boolean>`(select count(*) from (${some}) as enough) >= ${least}`];
}

function notBought({ notBoughtSince }: Audience): Condition[] {
  if (notBoughtSince === undefined) return [];
  return [sql<boolean>`not exists (select 1 from purchase where ${PURCHASE_OF} and purchased_on >= ${notBoughtSince})`];
}

/** With `inOrder` the primary key is walked. */
export function inAudience(audience: Audience, inOrder: boolean): Condition {
  const { filter, leftSince } = audience;
  const text = inOrder ? unindexed : column;
  const worth = inOrder ? sql`(worth_minor + 0)` : column('worth_minor');
  return all([
    sql<boolean>`erased_at is null`,
    ...compared(text('status'), '=', filter.status),
    ...compared(text('left_on'), '>=', filter.leftFrom),
    ...compared(text('left_on'), '<=', filter.leftTo),
    ...compared(text('left_on'), '>=', leftSince),
    ...oneOf(text('language'), filter.languages),
    ...oneOf(text('country'), filter.countries),
    ...oneOf(text('segment'), filter.segments),
    ...oneOf(text('contact_account_id'), filter.contactAccountIds),
    ...(filter.references ? [named('reference', filter.references)] : []),
    ...(filter.customerIds ? [named('id', filter.customerIds)] : []),
    ...(filter.turn ? [inTurn(filter.turn)] : []),
    ...(filter.tags ? [tagged(filter.tags)] : []),
    ...compared(worth, '>=', filter.worthFromMinor),
    ...compared(worth, '<=', filter.worthToMinor),
    ...bought(audience),
    ...notBought(audience),
    ...(audience.answered ? [audience.answered] : []),
  ]);
}

const fits = (pattern: string) => sql<boolean>`search like ${pattern} escape '\\'`;

/** Each word must occur; a word may be written in several ways. */
function found(query: string): Condition[] {
  return searchPatterns(query).map((patterns) => sql<boolean>`(${sql.join(patterns.map(fits), sql` or `)})`);
}

/** One way in which a list is narrowed down. */
export interface Narrowing {
  /** Everybody who fits, read from an index alone. */
  those: RawBuilder<unknown>;
  /** Finds them by that index. */
  found: Condition;
  /** Looks at whoever comes along in the list's order. */
  checked: Condition;
}

export function narrowings({ tag, sort, worthFromMinor, worthToMinor, ...rest }: ListFilter): Narrowing[] {
  const { status, segment, language, country, contactAccountId: contact_account_id } = rest;
  const inRange = (of: Column) => [...compared(of, '>=', worthFromMinor), ...compared(of, '<=', worthToMinor)];
  const [worth, alone] = [inRange(column('worth_minor')), inRange(sql`(worth_minor + 0)`)];
  return [
    ...Object.entries({ status, segment, language, country, contact_account_id }).flatMap(([name, value]) =>
      value ? [ofCustomers(sql`${column(name)} = ${value}`, sql`${unindexed(name)} = ${value}`)] : [],
    ),
    ...(worth.length > 0 ? [ofCustomers(all(worth), all(sort === 'worth' ? worth : alone))] : []),
    ...(tag ? [withTag(tag)] : []),
  ];
}

const ofCustomers = (found: Condition, checked: Condition): Narrowing => ({
  those: sql`select 1 as one from customer where ${found}`,
  found,
  checked,
});

const withTag = (tag: string): Narrowing => ({
  those: sql`select 1 as one from customer_tag where tag = ${tag}`,
  found: sql<boolean>`id in (select customer_id from customer_tag where tag = ${tag})`,
  checked: tagged([tag]),
});

/** With `inOrder` the index of the order is walked; else those are few who fit what the list is narrowed down to. */
export function inList({ q, sort }: ListFilter, narrowed: Condition[], inOrder: boolean): Condition {
  const status = inOrder ? column('status') : unindexed('status');
  return all([
    sql<boolean>`erased_at is null`,
    ...found(q ?? ''),
    ...(sort === 'left' ? [sql<boolean>`${status} = 'left'`] : []),
    ...narrowed,
  ]);
}
