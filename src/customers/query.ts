import { z } from 'zod';
import { isId } from '../shared/ids.ts';
import { line } from './fields.ts';
import { SORTS, type ListFilter } from './listing.ts';
import { parseMoney } from './import/money-value.ts';

const text = (max: number) => line(max).catch('').default('');

/** What stands in the address of the list; whatever cannot be read does not limit it. */
const querySchema = z.object({
  q: text(200),
  status: z.enum(['', 'active', 'left']).catch('').default(''),
  segment: text(60),
  language: text(10),
  country: text(2),
  tag: text(40),
  contact: text(36),
  worthFrom: text(20),
  worthTo: text(20),
  sort: z.enum(SORTS).catch('name').default('name'),
  after: text(36),
});

export type ListQuery = z.infer<typeof querySchema>;

export function readQuery(query: unknown): ListQuery {
  return querySchema.parse(query);
}

export function filterOf(query: ListQuery, currency: string, language: string): ListFilter {
  const minor = (typed: string) => {
    const parsed = parseMoney(typed, { currency, decimal: language === 'en' ? '.' : ',' });
    return parsed.ok ? parsed.value : undefined;
  };
  return {
    q: query.q,
    status: query.status || undefined,
    segment: query.segment,
    language: query.language,
    country: query.country,
    tag: query.tag || undefined,
    contactAccountId: isId(query.contact) ? query.contact : undefined,
    worthFromMinor: minor(query.worthFrom),
    worthToMinor: minor(query.worthTo),
    sort: query.sort,
  };
}

/** The same list in an address, without its place in it. */
export function listAddress(path: string, query: ListQuery, change: Partial<ListQuery> = {}): string {
  const entries = Object.entries({ ...query, after: '', ...change }).filter(
    ([name, value]) => value !== '' && !(name === 'sort' && value === 'name'),
  );
  const search = new URLSearchParams(entries as [string, string][]).toString();
  return search ? `${path}?${search}` : path;
}

export function isFiltered(query: ListQuery): boolean {
  return Object.entries(query).some(([name, value]) => name !== 'sort' && name !== 'after' && value !== '');
}
