import { formatDay, isLanguage, languageName } from '../../i18n/index.ts';
import { formatMoneyWhole } from '../../shared/money.ts';
import type { Staff } from '../../web/index.ts';
import type { CaseFacts } from './reading.ts';
import { wishOf } from './wish.ts';

interface Fact {
  term: string;
  text: string;
  href: string | null;
}

export interface WorthView {
  amount: string;
  facts: Fact[];
}

/** What the customer is worth, and how to reach them. */
export function worthOf({ theCase, customer, habits, colleagues, events }: CaseFacts, staff: Staff): WorthView {
  const { t, currency, language } = staff;
  const amount = formatMoneyWhole(theCase.worth, currency, language);
  const facts: Fact[] = [];
  const add = (key: string, text: string | null | undefined, href: string | null = null) =>
    text ? facts.push({ term: t(`cases.fact.${key}`), text, href }) : 0;
  const wish = wishOf(events);
  const asked = wish && t(`cases.fact.wish.${wish}`);
  if (!customer) {
    add('wish', asked);
    add('email', theCase.contact.email, theCase.contact.email && `mailto:${theCase.contact.email}`);
    add('telephone', theCase.contact.telephone);
    return { amount, facts };
  }
  if (customer.erasedAt !== null) return { amount, facts };
  const speaks = isLanguage(customer.language) ? languageName(customer.language) : customer.language;
  add('since', customer.customerSince && formatDay(customer.customerSince, language));
  add('last', customer.lastPurchaseOn && formatDay(customer.lastPurchaseOn, language));
  add('rhythm', habits?.usualGapDays ? t('cases.fact.every', { count: Math.round(habits.usualGapDays) }) : '');
  add('contact', colleagues.find((each) => each.id === customer.contactAccountId)?.name);
  add('wish', asked);
  add('telephone', customer.telephone, customer.telephone && `tel:${customer.telephone.replace(/[^\d+]/g, '')}`);
  add('email', customer.email, customer.email && `mailto:${customer.email}`);
  add('language', speaks);
  return { amount, facts };
}
