import { formatDay, formatMonth, languageName } from '../i18n/index.ts';
import { daysBetween } from '../shared/dates.ts';
import { formatMoneyWhole } from '../shared/money.ts';
import { displayName, type Customer, type Refusal } from './customer.ts';
import { greetingLine } from './greeting-rules.ts';
import type { Resubscription } from './interface.ts';
import type { Dealing, Habits, Invoice, Purchase } from './records.ts';
import { recordTable, type RecordTable } from './record-views.ts';
import type { TimelineItem } from './timeline.ts';
import { countryName, eventValues, listed, languageNameIn, money, when, type Reader } from './words.ts';

export interface Fact {
  term: string;
  lines: string[];
  mood: 'late' | 'bad' | '';
}

/** A part of the profile that a later feature lends. */
export interface Panel {
  /** Unique on the page, letters only: the heading's anchor. */
  id: string;
  heading: string;
  /** What there is, newest or most pressing first. */
  lines: { text: string; href: string | null; soft: string; mood: 'late' | 'bad' | 'good' | '' }[];
  /** Said where there are no lines. */
  empty: string;
  /** What can be done from here. */
  links: { text: string; href: string }[];
}

export interface TimelineRow {
  when: string;
  text: string;
  who: string;
  href: string | null;
}

export interface CustomerPage {
  path: string;
  name: string;
  person: string;
  lead: string;
  flags: { text: string; mood: 'late' | 'bad' | '' }[];
  worth: { amount: string; formula: string };
  value: Fact[];
  reach: Fact[];
  /** How often we write to them; empty where nothing keeps account of it. */
  contacts: Fact[];
  panels: Panel[];
  notes: string[];
  tags: string[];
  /** In their own words, newest first; null where nothing collects answers. */
  voices: { href: string; text: string; language: string; about: string }[] | null;
  purchases: RecordTable;
  invoices: RecordTable;
  dealings: RecordTable;
  timeline: { rows: TimelineRow[]; more: string | null };
  hasLeft: boolean;
  isSubscribed: boolean;
  /** They asked us to stop, with everything or with some of it. */
  mayResubscribe: boolean;
}

export interface TimelinePage {
  name: string;
  back: string;
  rows: TimelineRow[];
  more: string | null;
  first: string | null;
}

declare module '../web/render.ts' {
  interface Templates {
    'customers/profile': CustomerPage;
    'customers/facts': { facts: Fact[]; wide: boolean };
    'customers/events': { rows: TimelineRow[] };
    'customers/timeline': TimelinePage;
  }
}

export interface Part<T> {
  rows: T[];
  next: string | null;
}

export interface ProfileFacts {
  customer: Customer;
  habits: Habits;
  /** The last time that somebody took back their wish not to be written to. */
  resubscription: Resubscription | undefined;
  refusals: Refusal[];
  purchases: Part<Purchase>;
  invoices: Part<Invoice>;
  dealings: Part<Dealing>;
  timeline: Part<TimelineItem>;
  voices: CustomerPage['voices'];
  contacts: Fact[];
  panels: Panel[];
  colleagues: { id: string; name: string }[];
  eventLink(kind: string, subjectId: string): string | null;
  /** In the customer's language, for their greeting. */
  theirs: Reader['t'];
  /** 'YYYY-MM-DD' where the business is. */
  today: string;
}

export function customerPage(facts: ProfileFacts, reader: Reader): CustomerPage {
  const { customer, today, colleagues } = facts;
  const path = `/customers/${customer.id}`;
  return {
    path,
    name: displayName(customer),
    person: customer.organisation ? personOf(customer) : '',
    lead: leadOf(customer, today, reader),
    flags: flagsOf(facts, reader),
    worth: worthOf(customer, reader),
    value: valueOf(facts, reader),
    reach: reachOf(facts, reader),
    contacts: facts.contacts,
    panels: facts.panels,
    notes: customer.notes.split('\n').filter((line) => line.trim() !== ''),
    tags: customer.tags,
    voices: facts.voices,
    purchases: recordTable('purchases', path, facts.purchases, reader, today),
    invoices: recordTable('invoices', path, facts.invoices, reader, today),
    dealings: recordTable('dealings', path, facts.dealings, reader, today),
    timeline: {
      rows: facts.timeline.rows.map((item) => timelineRow(item, colleagues, facts.eventLink, reader)),
      more: facts.timeline.next === null ? null : `${path}/timeline`,
    },
    hasLeft: customer.status === 'left',
    isSubscribed: customer.unsubscribedAt === null,
    mayResubscribe: customer.unsubscribedAt !== null || facts.refusals.length > 0,
  };
}

function personOf({ title, givenName, familyName }: Customer): string {
  return [title, givenName, familyName].filter(Boolean).join(' ');
}

function beganOn({ customerSince, firstPurchaseOn }: Customer): string | null {
  return customerSince ?? firstPurchaseOn;
}

const YEAR = 365.25;

/** 'nine years', 'five months', 'a few weeks': how long they have been, or were, with us. */
function tenure(from: string, to: string, { t }: Reader): string {
  const days = daysBetween(from, to);
  if (days >= YEAR) return t('customers.tenure.years', { count: Math.floor(days / YEAR) });
  const months = Math.floor(days / (YEAR / 12));
  return months > 0 ? t('customers.tenure.months', { count: months }) : t('customers.tenure.weeks');
}

/** Who this is in a sentence that one could say aloud. */
function leadOf(customer: Customer, today: string, reader: Reader): string {
  const { t, language, currency } = reader;
  const from = beganOn(customer);
  const worth = formatMoneyWhole(customer.worthMinor, currency, language);
  if (customer.leftOn !== null) {
    const values = { day: formatDay(customer.leftOn, language), worth };
    if (from === null || from > customer.leftOn) return t('customers.lead.left', values);
    return t('customers.lead.leftAfter', { ...values, tenure: tenure(from, customer.leftOn, reader) });
  }
  if (from === null || from > today) return t('customers.lead.active', { worth });
  return t('customers.lead.activeFor', { worth, tenure: tenure(from, today, reader) });
}

function flagsOf({ customer, habits, refusals }: ProfileFacts, reader: Reader): CustomerPage['flags'] {
  const { t } = reader;
  const { count, amountMinor } = habits.overdue;
  const flags: CustomerPage['flags'] = [];
  if (customer.leftOn !== null)
    flags.push({ text: t('customers.flag.left', { day: when(customer.leftOn, reader) }), mood: 'late' });
  if (count > 0)
    flags.push({ text: t('customers.flag.overdue', { count, amount: money(amountMinor, reader) }), mood: 'bad' });
  if (customer.unsubscribedAt !== null) {
    flags.push({
      text: t('customers.flag.unsubscribed', { day: when(customer.unsubscribedAt, reader) }),
      mood: 'late',
    });
  } else {
    for (const { topic, since, how } of refusals) {
      const values = { day: when(since, reader), how: howOf(how, reader) };
      flags.push({ text: t(`customers.flag.refused.${topic}`, values), mood: 'late' });
    }
  }
  if (customer.unsubscribedAt === null && customer.legalBasis === '')
    flags.push({ text: t('customers.flag.noBasis'), mood: 'late' });
  if (customer.email === '') flags.push({ text: t('customers.flag.noAddress'), mood: '' });
  return flags;
}

/** The figure with the formula that it comes from. */
function worthOf({ worthMinor, lastPurchaseOn, yearlyValueMinor }: Customer, reader: Reader): CustomerPage['worth'] {
  const { t, language, currency } = reader;
  const formula =
    lastPurchaseOn !== null
      ? t('customers.worth.purchases', { day: formatDay(lastPurchaseOn, language) })
      : t(yearlyValueMinor !== null ? 'customers.worth.typed' : 'customers.worth.unknown');
  return { amount: formatMoneyWhole(worthMinor, currency, language), formula };
}

const fact = (term: string, lines: (string | null)[], mood: Fact['mood'] = ''): Fact[] => {
  const said = lines.filter((line) => line !== null && line !== '') as string[];
  return said.length > 0 ? [{ term, lines: said, mood }] : [];
};

function valueOf({ customer, habits, today }: ProfileFacts, reader: Reader): Fact[] {
  const { t, language } = reader;
  const from = beganOn(customer);
  const gap = habits.usualGapDays;
  const { lastPurchaseOn } = customer;
  const overdue = habits.overdue;
  return [
    ...fact(t('customers.fact.since'), [from && formatMonth(from, language)]),
    ...fact(t('customers.fact.left'), [customer.leftOn && formatDay(customer.leftOn, language)], 'late'),
    ...fact(t('customers.fact.rhythm'), [gap === undefined ? null : t('customers.fact.everyDays', { count: gap })]),
    ...fact(t('customers.fact.last'), [
      lastPurchaseOn && formatDay(lastPurchaseOn, language),
      lastPurchaseOn && lastPurchaseOn <= today
        ? t('customers.fact.daysAgo', { count: daysBetween(lastPurchaseOn, today) })
        : null,
    ]),
    ...fact(t('customers.fact.overdue'), [overdue.count > 0 ? money(overdue.amountMinor, reader) : null], 'bad'),
    ...fact(t('customers.field.segment'), [customer.segment]),
  ];
}

function reachOf(facts: ProfileFacts, reader: Reader): Fact[] {
  const { customer, colleagues, theirs } = facts;
  const { t, language } = reader;
  const contact = colleagues.find(({ id }) => id === customer.contactAccountId);
  const country = customer.country && countryName(customer.country, language);
  const basis = customer.legalBasis
    ? [t(`customers.basis.${customer.legalBasis}`), basisOrigin(customer, reader)]
    : [t('customers.basis.none')];
  return [
    ...fact(t('customers.fact.reference'), [customer.reference]),
    ...fact(t('customers.fact.greeting'), [greetingLine(customer, theirs)]),
    ...fact(t('customers.field.language'), [
      languageNameIn(customer.language, language) || languageName(customer.language),
    ]),
    ...fact(t('customers.field.email'), [customer.email]),
    ...fact(t('customers.field.telephone'), [customer.telephone]),
    ...fact(t('customers.fact.address'), [
      customer.street,
      [customer.postalCode, customer.city].filter(Boolean).join(' '),
      customer.region,
      country,
    ]),
    ...fact(t('customers.field.timeZone'), [customer.timeZone.replaceAll('_', ' ')]),
    ...fact(t('customers.fact.knows'), [contact?.name ?? null]),
    ...fact(t('customers.fact.mayWrite'), basis, customer.legalBasis ? '' : 'late'),
    ...againOf(facts, reader),
  ];
}

/** Why somebody who had asked us to stop is written to again: who asked, how, and who noted it. */
function againOf({ customer, resubscription, refusals, colleagues }: ProfileFacts, reader: Reader): Fact[] {
  if (!resubscription || customer.unsubscribedAt !== null || refusals.length > 0) return [];
  const { at, accountId, how, reason } = resubscription;
  const who = colleagues.find(({ id }) => id === accountId)?.name;
  const noted = [howOf(how, reader), when(at, reader), who && reader.t('customers.event.by', { name: who })];
  return fact(reader.t('customers.fact.resubscribed'), [reason, noted.filter(Boolean).join(', ')]);
}

function basisOrigin({ legalBasisSource, legalBasisOn }: Customer, reader: Reader): string {
  return [legalBasisSource, legalBasisOn && when(legalBasisOn, reader)].filter(Boolean).join(', ');
}

export function timelineRow(
  { kind, at, accountId, subjectId, detail }: TimelineItem,
  colleagues: { id: string; name: string }[],
  eventLink: ProfileFacts['eventLink'],
  reader: Reader,
): TimelineRow {
  return {
    when: when(at, reader),
    text: eventText(kind, detail, reader),
    who: colleagues.find(({ id }) => id === accountId)?.name ?? '',
    href: subjectId === null ? null : eventLink(kind, subjectId),
  };
}

function eventText(kind: string, detail: TimelineItem['detail'], reader: Reader): string {
  const { t, language } = reader;
  if (kind === 'customers.updated') {
    const names = String(detail.fields ?? '')
      .split(' ')
      .map((name) => t(`customers.changed.${name}`));
    return t('customers.event.updated', { fields: listed(names, language) });
  }
  if (/^customers\.(unsubscribed|resubscribed|refused)/.test(kind)) {
    return t(kind.replace('.', '.event.'), { how: howOf(detail.how, reader) });
  }
  if (kind === 'customers.dealing') {
    const what = [t(`customers.dealing.${detail.dealing}`), detail.reference].filter(Boolean).join(' ');
    return detail.note ? `${what}: ${detail.note}` : what;
  }
  const key = kind.replace('.', '.event.');
  const said = t(key, eventValues(detail, reader));
  return said === key ? t('customers.event.other') : said;
}

function howOf(how: string | number | undefined, { t }: Reader): string {
  const key = `customers.how.${how ?? ''}`;
  const said = t(key);
  return said === key ? t('customers.how.other') : said;
}
