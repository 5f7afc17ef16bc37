import { displayName, type Customer } from '../../customers/index.ts';
import { formatDay, formatNumber, formatShare, type Translate } from '../../i18n/index.ts';
import { formatMoneyWhole } from '../../shared/money.ts';
import { formView, hasRole, type FormView, type Staff } from '../../web/index.ts';
import { reportTabs, type ReportTabs } from '../tabs.ts';
import { addressOf, type RiskQuery } from './query.ts';
import type { AtRisk, RiskCounts, RiskList } from './reading.ts';
import { KINDS } from './rules.ts';
import type { LeftRow } from './sources-store.ts';
import { reasonWords, type SaidReason } from './words.ts';

interface Option {
  value: string;
  text: string;
}

interface RiskLine {
  id: string;
  href: string;
  name: string;
  reasons: SaidReason[];
  /** Who knows them, since when they are flagged. */
  soft: string;
  worth: string;
  chance: string;
  atRisk: string;
}

export type RiskViews = { href: string; text: string; current: boolean }[];

export interface RiskPage extends ReportTabs {
  lead: string;
  views: RiskViews;
  form: FormView;
  filters: { name: string; label: string; options: Option[] }[];
  reset: string | null;
  /** Whom the list is about, on paper too; null where it is everybody. */
  only: string | null;
  /** Said where there are no rows and no filter; '' else. */
  empty: string;
  rows: RiskLine[];
  /** The filters, so that "all of this list" is the list that was seen. */
  hidden: { name: string; value: string }[];
  all: string;
  more: string | null;
  first: string | null;
  csv: string;
  left: {
    lead: string;
    rows: { href: string; name: string; day: string; worth: string }[];
    reasonsHref: string | null;
  };
  notes: string[];
  /** Null for those who may not change it. */
  factor: FormView | null;
  revision: number;
}

declare module '../../web/render.ts' {
  interface Templates {
    'reports/risk': RiskPage;
    'reports/risk-views': RiskViews;
  }
}

const VIEWS = ['/risk', '/risk/calls', '/risk/calm', '/risk/record'] as const;

/** Staff come from the customers, managers from the figures. */
export const sectionFor = ({ role }: Staff) => (hasRole(role, 'manager') ? '/leaving' : '/customers');

export function viewsOf(current: (typeof VIEWS)[number], { t }: Staff): RiskViews {
  return VIEWS.map((href, i) => ({
    href,
    text: t(`risk.view.${['flagged', 'calls', 'calm', 'record'][i] ?? ''}`),
    current: href === current,
  }));
}

export interface RiskFacts {
  query: RiskQuery;
  /** Whether this is not the first part. */
  further: boolean;
  list: RiskList;
  counts: RiskCounts;
  left: { rows: LeftRow[]; people: Map<string, Customer> };
  segments: string[];
  colleagues: { id: string; name: string; active: boolean }[];
  factor: number;
  /** Of the factor, as the form is made. */
  revision: number;
  fitted: boolean;
  today: string;
  /** What was typed as a factor, where it is wrong. */
  typed?: { values: unknown; errors?: Parameters<typeof formView>[1] };
}

export function riskPage(facts: RiskFacts, staff: Staff): RiskPage {
  const { query, list, counts, factor, fitted } = facts;
  const { t, language, currency } = staff;
  const filtered = addressOf('', query) !== '';
  const values = { worth: formatMoneyWhole(counts.worthMinor, currency, language), count: counts.customers };
  const selects = filtersOf(facts, staff);
  return {
    ...reportTabs('/risk', staff),
    lead: t(leadKey(counts.customers, filtered), values),
    views: viewsOf('/risk', staff),
    form: formView(query, undefined, t),
    filters: selects,
    reset: filtered ? '/risk' : null,
    only: onlyOf(selects, query, t),
    empty: filtered || list.rows.length > 0 ? '' : t('risk.none'),
    rows: list.rows.map((row) => lineOf(row, facts, staff)),
    hidden: Object.entries(query)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => ({ name, value })),
    all: t('risk.all', { count: counts.customers }),
    more: list.next === null ? null : addressOf('/risk', query, { after: list.next }),
    first: facts.further ? addressOf('/risk', query) : null,
    csv: addressOf('/risk.csv', query),
    left: leftOf(facts, staff),
    notes: [
      t('risk.note.rule', { factor: formatNumber(factor, language) }),
      t(fitted ? 'risk.note.fitted' : 'risk.note.start'),
    ],
    revision: facts.revision,
    factor: hasRole(staff.role, 'manager')
      ? formView(facts.typed?.values ?? { factor: formatNumber(factor, language) }, facts.typed?.errors, t)
      : null,
  };
}

function leadKey(customers: number, filtered: boolean): string {
  if (filtered) return customers === 0 ? 'risk.none.filtered' : 'risk.lead.some';
  return customers === 0 ? 'risk.lead.none' : 'risk.lead';
}

type People = Pick<RiskFacts, 'colleagues' | 'today'> & { list: { people: Map<string, Customer> } };

function lineOf(
  row: AtRisk,
  { list, colleagues, today }: People,
  { t, language, currency, timeZone }: Staff,
): RiskLine {
  const customer = list.people.get(row.customerId);
  const knows = colleagues.find(({ id }) => id === row.contactAccountId)?.name;
  const since = row.flaggedAt && row.flaggedAt.slice(0, 10) < today && dayOf(row.flaggedAt, language, timeZone);
  return {
    id: row.customerId,
    href: `/customers/${row.customerId}`,
    name: customer ? displayName(customer) : '',
    reasons: row.reasons.map((reason) => reasonWords(reason, today, t)),
    soft: [knows ? t('risk.knows', { name: knows }) : '', since ? t('risk.since', { day: since }) : '']
      .filter(Boolean)
      .join(' · '),
    worth: formatMoneyWhole(row.worthMinor, currency, language),
    chance: formatShare(row.score, language),
    atRisk: formatMoneyWhole(row.worthAtRiskMinor, currency, language),
  };
}

/** The day of a moment, where the business is. */
function dayOf(at: string, language: string, timeZone: string): string {
  const locale = language === 'en' ? 'en-GB' : language;
  return new Date(at).toLocaleDateString(locale, { timeZone, day: 'numeric', month: 'long' });
}

function filtersOf({ query, segments, colleagues }: RiskFacts, { t, id: me }: Staff): RiskPage['filters'] {
  const all = { value: '', text: t('customers.filter.all') };
  const own = [...new Set([...segments, query.segment])].filter(Boolean);
  const people = colleagues.filter(({ active, id }) => active || id === query.contact);
  const mineFirst = people.toSorted((a, b) => Number(b.id === me) - Number(a.id === me));
  return [
    {
      name: 'reason',
      label: t('risk.filter.reason'),
      options: [all, ...KINDS.map((value) => ({ value, text: t(`risk.kind.${value}`) }))],
    },
    {
      name: 'segment',
      label: t('customers.field.segment'),
      options: [all, ...own.map((value) => ({ value, text: value }))],
    },
    {
      name: 'contact',
      label: t('customers.field.contactAccountId'),
      options: [all, ...mineFirst.map(({ id, name }) => ({ value: id, text: name }))],
    },
  ].filter(({ options }) => options.length > 1);
}

function onlyOf(filters: RiskPage['filters'], query: RiskQuery, t: Translate): string | null {
  const chosen = filters.flatMap(({ name, label, options }) => {
    const value = query[name as keyof RiskQuery];
    const option = value && options.find((each) => each.value === value);
    return option ? [`${label}: ${option.text}`] : [];
  });
  return chosen.length === 0 ? null : t('reports.filter.only', { chosen: chosen.join('; ') });
}

function leftOf({ left }: RiskFacts, { t, language, currency, role }: Staff): RiskPage['left'] {
  return {
    lead: t(left.rows.length === 0 ? 'risk.left.none' : 'risk.left.lead'),
    rows: left.rows.flatMap((row) => {
      const customer = left.people.get(row.id);
      if (!customer || customer.erasedAt !== null) return [];
      return {
        href: `/customers/${row.id}`,
        name: displayName(customer),
        day: formatDay(row.left_on ?? '', language),
        worth: formatMoneyWhole(row.worth_minor, currency, language),
      };
    }),
    reasonsHref: hasRole(role, 'manager') ? '/leaving' : null,
  };
}
