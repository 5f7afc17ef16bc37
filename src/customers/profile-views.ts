import { formatDay } from '../i18n/index.ts';
import { daysBetween } from '../shared/dates.ts';
import { formatMoneyWhole } from '../shared/money.ts';
import { beganOn, displayName, type Customer } from './customer.ts';
import { reachOf, valueOf } from './fact-views.ts';
import type { Fact, Panel, ProfileFacts, Voice } from './profile.ts';
import { recordTable, type RecordTable } from './record-views.ts';
import { timelineRow, type TimelineRow } from './timeline-views.ts';
import { howOf, money, when, type Reader } from './words.ts';

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
  voices: Voice[] | null;
  purchases: RecordTable;
  invoices: RecordTable;
  dealings: RecordTable;
  timeline: { rows: TimelineRow[]; more: string | null };
  hasLeft: boolean;
  isSubscribed: boolean;
  /** They asked us to stop, with everything or with some of it. */
  mayResubscribe: boolean;
}

declare module '../web/render.ts' {
  interface Templates {
    'customers/profile': CustomerPage;
  }
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

const YEAR = 365.25;

/** 'nine years', 'five months', 'a few weeks': how long they have been, or were, with us. */
function tenure(from: string, to: string, { t }: Reader): string {
  const days = daysBetween(from, to);
  if (days >= YEAR) return t('customers.tenure.years', { count: Math.floor(days / YEAR) });
  const months = Math.floor(days / (YEAR / 12));
  return months > 0 ? t('customers.tenure.months', { count: months }) : t('customers.tenure.weeks');
}

/** Who this is in a sentence that one could say aloud; what nobody knows, their worth, is left out. */
function leadOf(customer: Customer, today: string, reader: Reader): string {
  const { t, language, currency } = reader;
  const from = beganOn(customer);
  const lead = customer.worthMinor === 0 ? 'plainLead' : 'lead';
  const worth = formatMoneyWhole(customer.worthMinor, currency, language);
  if (customer.leftOn !== null) {
    const values = { day: formatDay(customer.leftOn, language), worth };
    if (from === null || from > customer.leftOn) return t(`customers.${lead}.left`, values);
    return t(`customers.${lead}.leftAfter`, { ...values, tenure: tenure(from, customer.leftOn, reader) });
  }
  if (from === null || from > today) return t(`customers.${lead}.active`, { worth });
  return t(`customers.${lead}.activeFor`, { worth, tenure: tenure(from, today, reader) });
}

function flagsOf(
  { customer, habits, refusals, refusingElsewhere }: ProfileFacts,
  reader: Reader,
): CustomerPage['flags'] {
  const { t } = reader;
  const { count, amountMinor } = habits.overdue;
  const flags: CustomerPage['flags'] = [];
  if (count > 0)
    flags.push({ text: t('customers.flag.overdue', { count, amount: money(amountMinor, reader) }), mood: 'bad' });
  if (customer.unsubscribedAt !== null) {
    const values = { day: when(customer.unsubscribedAt, reader), how: howOf(customer.unsubscribedHow, reader) };
    flags.push({ text: t('customers.flag.unsubscribed', values), mood: 'late' });
  } else {
    for (const { topic, since, how } of refusals) {
      const values = { day: when(since, reader), how: howOf(how, reader) };
      flags.push({ text: t(`customers.flag.refused.${topic}`, values), mood: 'late' });
    }
  }
  const refusesHere = customer.unsubscribedAt !== null || refusals.some(({ topic }) => topic === 'surveys');
  if (!refusesHere && refusingElsewhere.length > 0)
    flags.push({ text: t('customers.flag.refusedElsewhere', { names: refusingElsewhere.join(', ') }), mood: 'late' });
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
