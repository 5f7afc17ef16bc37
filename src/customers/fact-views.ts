import { formatDay, formatMonth, languageName } from '../i18n/index.ts';
import { daysBetween } from '../shared/dates.ts';
import { beganOn, type Customer } from './customer.ts';
import { greetingLine } from './greeting-rules.ts';
import type { Fact, ProfileFacts } from './profile.ts';
import { countryName, howOf, languageNameIn, money, when, type Reader } from './words.ts';

declare module '../web/render.ts' {
  interface Templates {
    'customers/facts': { facts: Fact[]; wide: boolean };
  }
}

/** What they have been to us: since when, how often, how lately. */
export function valueOf({ customer, habits, today }: ProfileFacts, reader: Reader): Fact[] {
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

const fact = (term: string, lines: (string | null)[], mood: Fact['mood'] = ''): Fact[] => {
  const said = lines.filter((line) => line !== null && line !== '') as string[];
  return said.length > 0 ? [{ term, lines: said, mood }] : [];
};

/** How to reach them, and whether we may. */
export function reachOf(facts: ProfileFacts, reader: Reader): Fact[] {
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
