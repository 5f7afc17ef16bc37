import { sql, type RawBuilder } from 'kysely';
import type { AudienceFilter } from './audience.ts';
import type { ListFilter } from './listing.ts';
import { searchPatterns } from './search-rules.ts';

type Condition = RawBuilder<boolean>;

function all(conditions: Condition[]): Condition {
  return sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

function oneOf(column: string, values: string[] | undefined): Condition[] {
  return values ? [sql<boolean>`${sql.ref(column)} in (${sql.join(values)})`] : [];
}

function compared(column: string, operator: '=' | '>=' | '<=', value: string | number | undefined): Condition[] {
  if (value === undefined || value === '') return [];
  return [sql<boolean>`${sql.ref(column)} ${sql.raw(operator)} ${value}`];
}

function tagged(tags: string[]): Condition {
  return sql<boolean>`exists (select 1 from customer_tag
    where customer_tag.customer_id = customer.id and customer_tag.tag in (${sql.join(tags)}))`;
}

/** `leftSince` is the day that `leftWithinMonths` reaches back to. */
export function inAudience(filter: AudienceFilter, leftSince: string | undefined): Condition {
  return all([
    sql<boolean>`erased_at is null`,
    ...compared('status', '=', filter.status),
    ...compared('left_on', '>=', filter.leftFrom),
    ...compared('left_on', '<=', filter.leftTo),
    ...compared('left_on', '>=', leftSince),
    ...oneOf('language', filter.languages),
    ...oneOf('country', filter.countries),
    ...oneOf('segment', filter.segments),
    ...oneOf('contact_account_id', filter.contactAccountIds),
    ...oneOf('reference', filter.references),
    ...(filter.tags ? [tagged(filter.tags)] : []),
    ...compared('worth_minor', '>=', filter.worthFromMinor),
    ...compared('worth_minor', '<=', filter.worthToMinor),
  ]);
}

const fits = (pattern: string) => sql<boolean>`search like ${pattern} escape '\\'`;

/** Each word must occur; a word may be written in several ways. */
function found(query: string): Condition[] {
  return searchPatterns(query).map((patterns) => sql<boolean>`(${sql.join(patterns.map(fits), sql` or `)})`);
}

export function inList(filter: ListFilter): Condition {
  return all([
    sql<boolean>`erased_at is null`,
    ...found(filter.q ?? ''),
    ...compared('status', '=', filter.sort === 'left' ? 'left' : undefined),
    ...compared('status', '=', filter.status),
    ...compared('segment', '=', filter.segment),
    ...compared('language', '=', filter.language),
    ...compared('country', '=', filter.country),
    ...compared('contact_account_id', '=', filter.contactAccountId),
    ...(filter.tag ? [tagged([filter.tag])] : []),
    ...compared('worth_minor', '>=', filter.worthFromMinor),
    ...compared('worth_minor', '<=', filter.worthToMinor),
  ]);
}

/** Somebody whose search text has one of these patterns. */
export function anyPattern(patterns: string[]): Condition {
  return sql<boolean>`(${sql.join(patterns.map(fits), sql` or `)})`;
}
