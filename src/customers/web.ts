import type { Translate } from '../i18n/index.ts';
import type { Clock } from '../shared/clock.ts';
import { dayIn } from '../shared/dates.ts';
import type { Pages, Staff } from '../web/index.ts';
import { asCellError } from './code-remarks.ts';
import type { FormContext } from './forms.ts';
import type { Duplicates } from './duplicates/service.ts';
import type { Customers, CustomersDeps } from './interface.ts';
import type { FoundAnswer, FoundThings } from './list-views.ts';
import type { Fact, Panel } from './profile.ts';
import type { TimelineItem } from './timeline.ts';

/** What the pages about customers need; later features lend what only they know. */
export interface CustomersWeb {
  customers: Customers;
  duplicates: Pick<Duplicates, 'count'>;
  pages: Pages;
  texts: { to(language: string): Translate };
  clock: Clock;
  colleagues: CustomersDeps['colleagues'];
  company: CustomersDeps['company'];
  /** Where imports begin; no link without it. */
  importHref?: string;
  /** Where cases are opened for customers of the list; none can be picked without it. */
  casesHref?: string;
  /** Answers with these words, newest first, as this person may see them. */
  searchAnswers?(words: string, staff: Staff): Promise<FoundAnswer[]>;
  /** What later features find: cases by their number, approved answers by their words. */
  searchThings?(words: string, staff: Staff): Promise<FoundThings[]>;
  /** What a customer wrote, newest first. */
  answersOf?(customerId: string, staff: Staff): Promise<FoundAnswer[]>;
  /** How a customer stands with what limits how often we write. */
  contactsOf?(customerId: string, staff: Staff): Promise<Fact[]>;
  /** What should have happened with a customer by now and waits: the first lines of what happened. */
  waitingOf?(customerId: string, t: Translate): Promise<TimelineItem[]>;
  /** What later features have to say of a customer: cases, offers, what was agreed. */
  panelsOf?(customerId: string, staff: Staff): Promise<Panel[]>;
  /** Where an event's subject can be seen. */
  eventLink?(kind: string, subjectId: string): string | null;
}

export async function todayOf({ company, clock }: Pick<CustomersWeb, 'company' | 'clock'>): Promise<string> {
  return dayIn((await company()).timeZone, clock.now());
}

export async function formContext(web: CustomersWeb, { language, currency }: Staff): Promise<FormContext> {
  return { language, currency, today: await todayOf(web) };
}

/** What is to be said about the code of an offer that a purchase names; '' where there is nothing. */
export async function codeInWords(
  customers: Pick<Customers, 'codeRemark'>,
  customerId: string,
  purchaseId: string,
  t: Translate,
): Promise<string> {
  const remark = await customers.codeRemark(customerId, purchaseId);
  if (!remark) return '';
  const { key, values } = asCellError(remark);
  return t(key, values);
}
