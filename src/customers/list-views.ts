import { formatDay, formatNumber, type Translate } from '../i18n/index.ts';
import { formatMoneyWhole } from '../shared/money.ts';
import { formView, type FormView } from '../web/index.ts';
import { displayName } from './customer.ts';
import { pairsInWords } from './duplicates/views.ts';
import { DUPLICATES } from './duplicates/web.ts';
import { SORTS, type Facets, type ListedCustomer } from './listing.ts';
import { isFiltered, listAddress, type ListQuery } from './query.ts';
import { countryName, languageNameIn, type Choice, type Reader } from './words.ts';

export interface CustomerRowView {
  id: string;
  href: string;
  name: string;
  /** The person at a business, or ''. */
  person: string;
  reference: string;
  place: string;
  segment: string;
  worth: string;
  state: { text: string; mood: 'good' | 'late' | 'bad' | '' };
}

export interface CustomersList {
  lead: string;
  empty: string | null;
  rows: CustomerRowView[];
  form: FormView;
  filters: { name: string; label: string; options: Choice[] }[];
  /** The filters beside the words are unfolded when one is in use. */
  filtersOpen: boolean;
  sorts: Choice[];
  reset: string | null;
  more: string | null;
  first: string | null;
  csv: string;
  importHref: string | null;
  /** For whoever may put two records together; with how many there are, where there are some. */
  duplicates: { href: string; text: string; some: boolean } | null;
  /** Null where nobody can be picked. */
  picking: { href: string; filter: { name: string; value: string }[]; all: string } | null;
}

export interface SearchPage {
  q: string;
  lead: string;
  customers: CustomerRowView[];
  moreCustomers: string | null;
  answers: { href: string; text: string; language: string; about: string }[];
  things: FoundThings[];
}

declare module '../web/render.ts' {
  interface Templates {
    'customers/list': CustomersList;
    'customers/rows': { rows: CustomerRowView[]; picks: boolean };
    'customers/search': SearchPage;
  }
}

/** Counting stops here: a list of many is as quick as one of few. */
export const COUNTED = 10_000;

interface ListFacts {
  query: ListQuery;
  rows: ListedCustomer[];
  next: string | null;
  count: number;
  facets: Facets;
  colleagues: { id: string; name: string; active: boolean }[];
  /** Likely duplicates; null for whoever does not decide about them. */
  pairs: number | null;
  importHref: string | null;
  casesHref: string | null;
}

export function customersList(facts: ListFacts, reader: Reader): CustomersList {
  const { query, rows, next, count } = facts;
  const { t } = reader;
  const filtered = isFiltered(query);
  return {
    lead: leadOf(count, filtered, reader),
    empty: count > 0 ? null : t(filtered ? 'customers.list.nothingFits' : 'customers.list.empty'),
    rows: rows.map((row) => customerRow(row, reader)),
    form: formView(query, undefined, t),
    filters: filtersOf(facts, reader),
    filtersOpen: isFiltered({ ...query, q: '' }),
    sorts: SORTS.map((value) => ({ value, text: t(`customers.sort.${value}`) })),
    reset: filtered ? '/customers' : null,
    more: next === null ? null : listAddress('/customers', query, { after: next }),
    first: query.after === '' ? null : listAddress('/customers', query),
    csv: listAddress('/customers/export.csv', query),
    importHref: facts.importHref,
    duplicates: duplicatesOf(facts, reader),
    picking: pickingOf(facts, reader),
  };
}

function duplicatesOf({ pairs }: ListFacts, reader: Reader): CustomersList['duplicates'] {
  if (pairs === null) return null;
  return {
    href: DUPLICATES,
    some: pairs > 0,
    text: pairsInWords(pairs, reader) || reader.t('customers.duplicates'),
  };
}

function pickingOf({ query, count, casesHref }: ListFacts, { t }: Reader): CustomersList['picking'] {
  if (casesHref === null) return null;
  const filter = Object.entries({ ...query, after: '' }).map(([name, value]) => ({ name, value }));
  const all = count > COUNTED ? t('caselist.openMany') : t('caselist.openAll', { count });
  return { href: casesHref, filter: filter.filter(({ value }) => value !== ''), all };
}

function leadOf(count: number, filtered: boolean, { t, language }: Reader): string {
  if (count > COUNTED) return t('customers.list.many', { most: formatNumber(COUNTED, language) });
  return t(filtered ? 'customers.list.fitting' : 'customers.list.count', { count });
}

function customerRow(row: ListedCustomer, reader: Reader): CustomerRowView {
  const { t, language } = reader;
  return {
    id: row.id,
    href: `/customers/${row.id}`,
    name: displayName(row),
    person: row.organisation ? [row.givenName, row.familyName].filter(Boolean).join(' ') : '',
    reference: row.reference,
    place: [row.city, row.country && countryName(row.country, language)].filter(Boolean).join(', '),
    segment: row.segment,
    worth: formatMoneyWhole(row.worthMinor, reader.currency, language),
    state: stateOf(row, t, language),
  };
}

function stateOf(row: ListedCustomer, t: Translate, language: string): CustomerRowView['state'] {
  if (row.leftOn !== null)
    return { text: t('customers.state.left', { day: formatDay(row.leftOn, language) }), mood: 'late' };
  if (row.unsubscribedAt !== null) return { text: t('customers.state.unsubscribed'), mood: '' };
  if (row.email !== '' && row.legalBasis === '') return { text: t('customers.state.noBasis'), mood: '' };
  return { text: t('customers.state.active'), mood: 'good' };
}

function filtersOf({ facets, colleagues, query }: ListFacts, { t, language }: Reader): CustomersList['filters'] {
  const all = { value: '', text: t('customers.filter.all') };
  const plain = (values: string[], chosen: string) =>
    [...new Set([...values, chosen])].filter(Boolean).map((value) => ({ value, text: value }));
  const named = (values: string[], chosen: string, nameOf: (code: string, language: string) => string) =>
    plain(values, chosen)
      .map(({ value }) => ({ value, text: nameOf(value, language) }))
      .sort((a, b) => a.text.localeCompare(b.text, language));
  const contacts = colleagues.filter(({ active, id }) => active || id === query.contact);
  const choices: [name: keyof ListQuery, label: string, options: Choice[]][] = [
    [
      'status',
      t('customers.filter.status'),
      ['active', 'left'].map((value) => ({ value, text: t(`customers.status.${value}`) })),
    ],
    ['segment', t('customers.field.segment'), plain(facets.segments, query.segment)],
    ['country', t('customers.field.country'), named(facets.countries, query.country, countryName)],
    ['language', t('customers.field.language'), named(facets.languages, query.language, languageNameIn)],
    ['tag', t('customers.filter.tag'), plain(facets.tags, query.tag)],
    ['contact', t('customers.field.contactAccountId'), contacts.map(({ id, name }) => ({ value: id, text: name }))],
  ];
  return choices
    .filter(([, , options]) => options.length > 0)
    .map(([name, label, options]) => ({ name, label, options: [all, ...options] }));
}

/** An answer with words that somebody looked for. */
export interface FoundAnswer {
  href: string;
  text: string;
  language: string;
  /** Whose answer, to what, when: in the reader's language. */
  about: string;
}

/** Something else than customers and answers, under a heading of its own. */
export interface FoundThings {
  heading: string;
  rows: { text: string; href: string }[];
}

export function searchPage(
  q: string,
  found: { customers: ListedCustomer[]; more: boolean; answers: FoundAnswer[] | undefined; things: FoundThings[] },
  reader: Reader,
): SearchPage {
  const { t } = reader;
  const count =
    found.customers.length +
    (found.answers?.length ?? 0) +
    found.things.reduce((sum, { rows }) => sum + rows.length, 0);
  const lead =
    q === '' ? 'customers.search.nothingTyped' : count > 0 ? 'customers.search.found' : 'customers.search.nothing';
  return {
    q,
    lead: t(lead, { q }),
    customers: found.customers.map((row) => customerRow(row, reader)),
    moreCustomers: found.more ? `/customers?${new URLSearchParams({ q }).toString()}` : null,
    answers: found.answers ?? [],
    things: found.things,
  };
}
