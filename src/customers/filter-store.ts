import { sql, type RawBuilder } from 'kysely';
import { unindexed } from '../storage/index.ts';
import type { AudienceFilter } from './audience.ts';
import type { ListFilter } from './listing.ts';
import { searchPatterns } from './search-rules.ts';

type Condition = RawBuilder<boolean>;

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

function named(ids: string[]): Condition {
  return ids.length === 0 ? sql<boolean>`1 = 0` : sql<boolean>`id in (${sql.join(ids)})`;
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

/** `leftSince` is the day that `leftWithinMonths` reaches back to. With `inOrder` the primary key is walked. */
export function inAudience(filter: AudienceFilter, leftSince: string | undefined, inOrder: boolean): Condition {
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
    ...oneOf(column('reference'), filter.references),
    ...(filter.customerIds ? [named(filter.customerIds)] : []),
    ...(filter.turn ? [inTurn(filter.turn)] : []),
    ...(filter.tags ? [tagged(filter.tags)] : []),
    ...compared(worth, '>=', filter.worthFromMinor),
    ...compared(worth, '<=', filter.worthToMinor),
  ]);
}

const fits = (pattern: string) => sql<boolean>`search like ${pattern} escape '\\'`;

/** Each word must occur; a word may be written in several ways. */
function found(query: string): Condition[] {
  return searchPatterns(query).map((patterns) => sql<boolean>`(${sql.join(patterns.map(fits), sql` or `)})`);
}

export function inList(filter: ListFilter): Condition {
  const status = filter.sort === 'left' ? column('status') : unindexed('status');
  return all([
    sql<boolean>`erased_at is null`,
    ...found(filter.q ?? ''),
    ...compared(status, '=', filter.sort === 'left' ? 'left' : filter.status),
    ...compared(unindexed('status'), '=', filter.sort === 'left' ? filter.status : undefined),
    ...compared(column('segment'), '=', filter.segment),
    ...compared(unindexed('language'), '=', filter.language),
    ...compared(unindexed('country'), '=', filter.country),
    ...compared(column('contact_account_id'), '=', filter.contactAccountId),
    ...(filter.tag ? [tagged([filter.tag])] : []),
    ...compared(column('worth_minor'), '>=', filter.worthFromMinor),
    ...compared(column('worth_minor'), '<=', filter.worthToMinor),
  ]);
}

/** Somebody whose search text has one of these patterns. */
export function anyPattern(patterns: string[]): Condition {
  return sql<boolean>`(${sql.join(patterns.map(fits), sql` or `)})`;
}
